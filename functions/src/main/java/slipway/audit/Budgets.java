package slipway.audit;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Error budgets in Application Signals. */
interface Budgets {
  /** The SLOs of that stack by their tags, found as the stream is consumed. */
  Stream<Owned> owned(String stack);

  /**
   * The budgets of up to {@link SignalsBudgets#BATCH} SLOs, in their order. One that cannot be read
   * is there too, without data and with the reason.
   */
  List<Budget> read(List<Owned> slos, Instant at);
}
