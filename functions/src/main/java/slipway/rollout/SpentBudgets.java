package slipway.rollout;

import java.time.Instant;
import java.util.List;
import slipway.config.ServiceName;

/** Tells rollouts which error budgets are spent. A person's freeze is another thing. */
public interface SpentBudgets {
  /**
   * An SLO whose error budget is spent.
   *
   * @param since the audit that saw it first
   */
  record Spent(String slo, Instant since) {}

  /**
   * Replaces what is known of a service's spent budgets; nothing in the list means that all have
   * recovered. If that is another list of SLOs than before, the service is looked at: what was
   * frozen may roll out now. Repeating it changes nothing.
   */
  void replace(ServiceName service, List<Spent> spent);
}
