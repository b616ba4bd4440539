package slipway.slo;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import slipway.config.ServiceName;
import slipway.config.Slo;

/**
 * An alarm that tells that an SLO burns its error budget too fast. A burn rate of 1 spends the
 * budget in just the SLO's interval. Two look-back windows must agree: the long one so that a blip
 * is no alarm, the short one so that the alarm ends soon after the burning does. Source: Google's
 * SRE workbook, chapter "Alerting on SLOs", multiple windows and burn rates.
 *
 * @param name unique in account and Region, as the stack's and the SLO's names are
 * @param threshold burn rate above which it goes off
 * @param interval of the SLO
 */
public record BurnRateAlarm(
    String name,
    ServiceName service,
    String slo,
    Speed speed,
    Duration longWindow,
    Duration shortWindow,
    double threshold,
    Duration interval) {

  /**
   * How fast the budget burns. A share of it that is spent within the long window makes the burn
   * rate {@code share × interval / window}: for 30 days 14.4 and 6, as in the workbook. Its third
   * pair, 10 % in three days, is left out: it would be one more alarm for each SLO, and what burns
   * so slowly is in the audit's report.
   */
  public enum Speed {
    /** Half the interval at most is left for the budget. */
    FAST("burns fast", 2, 60, 5, 2),
    /** The budget will not last. */
    SLOWLY("burns slowly", 5, 360, 30, 1);

    private final String words;
    private final int percent;
    private final int longWindow;
    private final int shortWindow;
    private final double least;

    /**
     * @param percent of the budget, spent within the long window
     * @param longWindow in minutes, as the other
     * @param least burn rate: a share of the budget of a short interval is spent in a window even
     *     when it would last
     */
    Speed(String words, int percent, int longWindow, int shortWindow, double least) {
      this.words = words;
      this.percent = percent;
      this.longWindow = longWindow;
      this.shortWindow = shortWindow;
      this.least = least;
    }

    /**
     * The burn rate to alarm above.
     *
     * @param goal in percent: where everything fails, the burn rate is {@code 100 / (100 - goal)},
     *     and it can never be more. Half of that is always enough, so that an alarm of a low goal
     *     can go off; but never less than what spends the budget in the interval
     */
    double threshold(Duration interval, double goal) {
      var share = percent * interval.toMinutes() / (100.0 * longWindow);
      var half = Math.max(1, 100 / (100 - goal) / 2);
      return Math.min(Math.max(share, least), half);
    }

    /** The short window: the workbook's, or the next longer one that is measured. */
    private Optional<Integer> beside(SortedSet<Integer> windows) {
      return windows.contains(longWindow)
          ? windows.subSet(shortWindow, longWindow).stream().findFirst()
          : Optional.empty();
    }
  }

  /** The alarms of an SLO, as far as the windows go that its burn rate is measured over. */
  public static List<BurnRateAlarm> of(String stack, ServiceName service, Slo slo) {
    if (!slo.alarms()) return List.of();
    var interval = slo.interval().length();
    return Arrays.stream(Speed.values())
        .flatMap(
            speed ->
                speed.beside(slo.burnWindows()).stream()
                    .map(
                        shortWindow ->
                            new BurnRateAlarm(
                                "%s %s %s".formatted(stack, slo.name(), speed.words),
                                service,
                                slo.name(),
                                speed,
                                Duration.ofMinutes(speed.longWindow),
                                Duration.ofMinutes(shortWindow),
                                speed.threshold(interval, slo.goal()),
                                interval)))
        .toList();
  }

  /**
   * For whom it wakes: what burns, how fast, when the budget is gone, and what to do.
   *
   * @param operator name of the function that takes orders, with its alias
   */
  public String description(String operator) {
    var gone = Duration.ofMinutes(Math.round(interval.toMinutes() / threshold));
    return """
    SLO '%s' of service %s burns its error budget more than %s times as fast as it may, over the last %s and still over the last %s. \
    At that rate the whole budget of %s is gone in %s. %s\
    What to do: look at the service in Application Signals and at the last audit's report. If it began with a rollout, roll back: \
    aws lambda invoke --function-name %s --cli-binary-format raw-in-base64-out \
    --payload '{"service":"%s","rollback":true,"by":"<you>"}' /dev/stdout\
    """
        .formatted(
            slo,
            service,
            number(threshold),
            last(longWindow),
            last(shortWindow),
            words(interval),
            words(gone),
            switch (speed) {
              case FAST -> "ECS takes back a rollout that is under way. ";
              case SLOWLY -> "";
            },
            operator,
            service);
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, "%.2f", number).replaceAll("\\.?0+$", "");
  }

  /** The last so many, as people say it: 5 minutes, or just: hour. */
  private static String last(Duration window) {
    return words(window).replaceFirst("^1 ", "");
  }

  /** In days and hours, or hours and minutes. */
  private static String words(Duration time) {
    var days = time.toDays();
    var hours = time.toHoursPart();
    var minutes = time.toMinutesPart();
    if (days > 0) return join(unit(days, "day"), unit(hours, "hour"));
    return join(unit(hours, "hour"), unit(minutes, "minute"));
  }

  private static String join(String more, String less) {
    return more.isEmpty() || less.isEmpty() ? more + less : more + " " + less;
  }

  private static String unit(long number, String unit) {
    return number == 0 ? "" : number + " " + unit + (number == 1 ? "" : "s");
  }
}
