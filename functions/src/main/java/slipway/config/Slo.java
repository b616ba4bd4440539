package slipway.config;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A service level objective as the user declares it.
 *
 * @param name unique in the account and Region; Application Signals can never rename it
 * @param operation as Application Signals reports it: HTTP method and route, such as {@code GET
 *     /rolldice}
 * @param indicator what is measured
 * @param goal attainment in percent, such as 99.9
 * @param days length of the rolling interval in days
 * @param warning percent of the error budget that is left when the SLO turns to warning
 */
public record Slo(
    String name, String operation, Indicator indicator, double goal, int days, double warning) {
  /** Source: Application Signals' service model, ServiceLevelObjectiveName. */
  private static final Pattern NAME =
      Pattern.compile("[0-9A-Za-z][-._0-9A-Za-z ]{0,126}[0-9A-Za-z]");

  /** What is measured for each period. */
  public sealed interface Indicator {
    /** Share of requests without a fault. */
    record Availability() implements Indicator {}

    /**
     * Time to answer.
     *
     * @param statistic of CloudWatch, such as {@code p99} or {@code Average}
     * @param threshold the statistic must not exceed
     */
    record Latency(String statistic, Duration threshold) implements Indicator {
      private static final Pattern STATISTIC =
          Pattern.compile(
              "Average|Minimum|Maximum|p\\d{1,2}(\\.\\d{1,10})?|tm\\d{1,2}(\\.\\d{1,10})?");

      public Latency {
        if (!STATISTIC.matcher(statistic).matches())
          throw new IllegalArgumentException(
              "statistic '%s': want a percentile such as p99, or Average".formatted(statistic));
        if (threshold.isNegative() || threshold.isZero())
          throw new IllegalArgumentException("threshold " + threshold + ": want more than 0");
      }
    }
  }

  public Slo {
    if (!NAME.matcher(name).matches())
      throw new IllegalArgumentException(
          "SLO name '%s': want 2 to 128 letters, digits, spaces and - . _, starting and ending with a letter or digit"
              .formatted(name));
    if (operation.isBlank() || operation.length() > 194)
      throw new IllegalArgumentException(
          "operation '%s': want 1 to 194 characters".formatted(operation));
    if (!(goal > 0 && goal < 100))
      throw new IllegalArgumentException(
          "goal " + goal + ": want a percentage above 0 and below 100");
    if (days < 1 || days > 90)
      throw new IllegalArgumentException("interval of " + days + " days: want 1 to 90");
    if (!(warning > 0 && warning < 100))
      throw new IllegalArgumentException(
          "warning " + warning + ": want a percentage above 0 and below 100");
  }
}
