package slipway.slo;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import slipway.config.Slo;

/**
 * What an SLO measures in each period, and the bound that makes a period a good one.
 *
 * @param kind what is measured; of two kinds, none can become the other
 * @param statistic such as {@code p99}, for latency; none if an answer did not tell
 * @param periodSeconds none if an answer did not tell
 * @param operator in Application Signals' words, such as {@code LessThanOrEqualTo}
 * @param threshold percent for availability, milliseconds for latency
 */
record Measure(
    Kind kind,
    Optional<String> statistic,
    OptionalInt periodSeconds,
    String operator,
    double threshold) {
  static final int PERIOD_SECONDS = 60;
  static final String AT_LEAST = "GreaterThanOrEqualTo";
  static final String AT_MOST = "LessThanOrEqualTo";
  private static final Pattern TRIMMED = Pattern.compile("(p|tm)(\\d+)(\\.\\d+)?");

  /** What is measured. */
  enum Kind {
    /** Percent of a period's requests without a fault. */
    AVAILABILITY,
    /** A statistic of a period's times to answer. */
    LATENCY,
    /** What Slipway does not make: request-based, a dependency, a CloudWatch metric. */
    OTHER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Measure {
    statistic = statistic.map(Measure::canonical);
  }

  /**
   * A minute is good if it meets the bound. For availability the goal itself is the bound: at 99.9,
   * a minute in which more than one of a thousand requests failed is a bad minute.
   */
  static Measure declared(Slo slo) {
    return switch (slo.indicator()) {
      case Slo.Indicator.Availability _ ->
          new Measure(
              Kind.AVAILABILITY,
              Optional.empty(),
              OptionalInt.of(PERIOD_SECONDS),
              AT_LEAST,
              slo.goal());
      case Slo.Indicator.Latency(var statistic, var threshold) ->
          new Measure(
              Kind.LATENCY,
              Optional.of(statistic),
              OptionalInt.of(PERIOD_SECONDS),
              AT_MOST,
              threshold.toNanos() / 1e6);
      default -> throw new IllegalStateException("not made yet: " + slo.indicator());
    };
  }

  /** {@code P99.0} and {@code p99} are one, and so are {@code average} and {@code Average}. */
  private static String canonical(String statistic) {
    var lower = statistic.toLowerCase(Locale.ROOT);
    var match = TRIMMED.matcher(lower);
    return match.matches()
        ? match.group(1) + Numbers.text(Double.parseDouble(lower.substring(match.end(1))))
        : lower.substring(0, 1).toUpperCase(Locale.ROOT) + lower.substring(1);
  }
}
