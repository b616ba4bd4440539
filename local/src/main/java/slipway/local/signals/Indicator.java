package slipway.local.signals;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import slipway.local.metrics.Metric;
import slipway.local.metrics.Queries;
import slipway.local.metrics.Query;

/** What an objective measures. It is worked out by the queries that the API answers with. */
sealed interface Indicator {

  Subject subject();

  /** What an update may not change: of what it is, and which metric. */
  Object measured();

  /**
   * Good are the periods whose value meets the threshold.
   *
   * @param periodSeconds as at AWS
   * @param threshold in milliseconds, percent, or what the metric counts in
   */
  record PeriodBased(
      Subject subject, Signal signal, int periodSeconds, double threshold, Comparison comparison)
      implements Indicator {

    int minutes() {
      return periodSeconds / 60;
    }

    boolean good(double value) {
      return comparison.holds(value, threshold);
    }

    List<Query> queries(Measurements measurements) {
      return switch (signal) {
        case Signal.Availability() ->
            List.of(
                stat("fault", SignalMetrics.FAULT, "Average", false, measurements),
                Query.math("availability", "(1 - fault) * 100", true));
        case Signal.Latency(var statistic) ->
            List.of(stat("latency", SignalMetrics.LATENCY, statistic, true, measurements));
        case Signal.Named(var metric, var statistic, _) ->
            List.of(stat("metric", metric, statistic, true, measurements));
        case Signal.Expressed(var queries) -> queries;
      };
    }

    private Query stat(
        String id, String metric, String statistic, boolean returned, Measurements measurements) {
      return new Query(
          id,
          new Query.Stat(subject.metrics(metric, measurements), periodSeconds, statistic),
          returned,
          Optional.empty());
    }

    @Override
    public Object measured() {
      return List.of(
          subject,
          switch (signal) {
            case Signal.Availability() -> "AVAILABILITY";
            case Signal.Latency _ -> "LATENCY";
            case Signal.Named(var metric, _, _) -> metric;
            case Signal.Expressed(var queries) -> Queries.metrics(queries);
          });
    }
  }

  /** What a period is judged by. */
  sealed interface Signal {

    /** Percent of requests without a fault; 4xx count as success. */
    record Availability() implements Signal {}

    record Latency(String statistic) implements Signal {}

    /**
     * A metric that the subject has beside the usual ones.
     *
     * @param type what the caller named it by in place of the metric's name
     */
    record Named(String metric, String statistic, Optional<String> type) implements Signal {}

    record Expressed(List<Query> queries) implements Signal {}
  }

  /** Good are requests, counted minute by minute. */
  record RequestBased(Subject subject, Counting counting) implements Indicator {

    List<Query> total(Measurements measurements) {
      return switch (counting) {
        case Counting.Counted(var total, _, _) -> total;
        case Counting.Faults(), Counting.Bounded(_, _) ->
            List.of(stat("total", SignalMetrics.LATENCY, "SampleCount", measurements));
      };
    }

    /** The requests that are good, or those that are bad. */
    List<Query> monitored(Measurements measurements) {
      return switch (counting) {
        case Counting.Counted(_, var monitored, _) -> monitored;
        case Counting.Faults() -> List.of(stat("bad", SignalMetrics.FAULT, "Sum", measurements));
        case Counting.Bounded(var bound, var comparison) -> {
          var number = BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
          // At the bound itself latencies are not told apart that finely.
          var range =
              switch (comparison) {
                case LessThan, LessThanOrEqualTo -> "TC(:" + number + ")";
                case GreaterThan, GreaterThanOrEqualTo -> "TC(" + number + ":)";
              };
          yield List.of(stat("good", SignalMetrics.LATENCY, range, measurements));
        }
      };
    }

    /** Whether {@link #monitored} counts good requests, not bad ones. */
    boolean countsGood() {
      return switch (counting) {
        case Counting.Counted(_, _, var good) -> good;
        case Counting.Faults() -> false;
        case Counting.Bounded(_, _) -> true;
      };
    }

    private Query stat(String id, String metric, String statistic, Measurements measurements) {
      return new Query(
          id,
          new Query.Stat(subject.metrics(metric, measurements), 60, statistic),
          true,
          Optional.empty());
    }

    @Override
    public Object measured() {
      return List.of(
          subject,
          switch (counting) {
            case Counting.Faults() -> "AVAILABILITY";
            case Counting.Bounded(_, _) -> "LATENCY";
            case Counting.Counted(var total, var monitored, var good) -> {
              List<List<Metric>> metrics =
                  List.of(Queries.metrics(total), Queries.metrics(monitored));
              yield List.of(good, metrics);
            }
          });
    }
  }

  /** How requests are told good from bad. */
  sealed interface Counting {

    /** Bad are those with a fault. */
    record Faults() implements Counting {}

    /** Good are those whose latency, in milliseconds, is on the right side of the threshold. */
    record Bounded(double threshold, Comparison comparison) implements Counting {}

    /**
     * By metrics.
     *
     * @param good whether {@code monitored} counts good requests, not bad ones
     */
    record Counted(List<Query> total, List<Query> monitored, boolean good) implements Counting {}
  }
}
