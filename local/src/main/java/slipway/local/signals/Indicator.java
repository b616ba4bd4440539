package slipway.local.signals;

import java.util.Optional;

/** What an objective measures of an operation. */
sealed interface Indicator {

  /** The service and operation that it looks at. */
  Target target();

  /**
   * @param metric {@code LATENCY} or {@code AVAILABILITY}
   */
  record Target(ServiceKey service, String operation, String metric) {
    boolean latency() {
      return metric.equals("LATENCY");
    }
  }

  /**
   * Good are the periods whose statistic meets the threshold.
   *
   * @param statistic of the latency; empty for availability
   * @param periodSeconds 60 to 900, as at AWS
   * @param threshold in milliseconds or percent
   */
  record PeriodBased(
      Target target,
      Optional<String> statistic,
      int periodSeconds,
      double threshold,
      Comparison comparison)
      implements Indicator {

    int minutes() {
      return periodSeconds / 60;
    }

    boolean good(Period period) {
      var value =
          statistic.map(text -> period.latencies().statistic(text)).orElseGet(period::availability);
      return comparison.holds(value, threshold);
    }
  }

  /**
   * Good are the requests that meet the threshold, or for availability those without a fault.
   *
   * @param bound of the latency; empty for availability
   */
  record RequestBased(Target target, Optional<Bound> bound) implements Indicator {
    record Bound(double threshold, Comparison comparison) {}

    long good(Period period) {
      return bound
          .map(b -> period.latencies().count(millis -> b.comparison().holds(millis, b.threshold())))
          .orElseGet(() -> period.requests() - period.faults());
    }
  }
}
