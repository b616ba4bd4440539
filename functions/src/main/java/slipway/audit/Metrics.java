package slipway.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Metrics and alarms of CloudWatch. */
interface Metrics {
  /** How many SLOs one question for burn rates may name. */
  int BATCH = 500 / Burn.WINDOWS.size();

  /** A service as metrics name it. */
  record Reported(String service, String environment) {}

  /**
   * Burn rates of up to {@link #BATCH} SLOs, by their names; one without any is left out.
   *
   * @param at how they were then
   */
  Map<String, List<Burn>> burnRates(List<String> slos, Instant at);

  /**
   * The alarms that ring now, by the name of the SLO whose burn rate they watch.
   *
   * @param prefix that their names begin with
   */
  Map<String, List<String>> ringing(String prefix);

  /** The services that sent metrics of their runtime, the JVM, in the last three hours. */
  Set<Reported> runtimes();
}
