package slipway.local.signals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How much of the measurements must be good, over which time.
 *
 * @param calendarStart of a calendar interval; empty for a rolling one
 * @param unit {@code MINUTE}, {@code HOUR}, {@code DAY} or {@code MONTH}
 * @param units how many of them the interval is long
 * @param attainment percent, such as 99.9
 * @param warning percent of the error budget that is left when the status turns to warning
 */
record Goal(
    Optional<Instant> calendarStart, String unit, int units, double attainment, double warning) {

  /** What Application Signals takes where nothing is said. */
  static final Goal DEFAULT = new Goal(Optional.empty(), "DAY", 7, 99, 50);

  /** Length of the interval; a month counts 30 days. */
  Duration interval() {
    return switch (unit) {
      case "MINUTE" -> Duration.ofMinutes(units);
      case "HOUR" -> Duration.ofHours(units);
      case "DAY" -> Duration.ofDays(units);
      case "MONTH" -> Duration.ofDays(30L * units);
      default -> throw new IllegalArgumentException("duration unit '" + unit + "'");
    };
  }

  /** Part of the interval that may be bad, 0 to 1. */
  double allowance() {
    // 100 - 99.9 is a little less than 0.1 in binary; a budget must come out even.
    return Math.round((100 - attainment) * 1e7) / 1e9;
  }

  /**
   * When the interval that contains {@code now} began.
   *
   * @param length of the interval as time passes here
   */
  Instant begin(Instant now, Duration length) {
    return calendarStart
        .filter(start -> !start.isAfter(now))
        .map(
            start ->
                start.plus(length.multipliedBy(Duration.between(start, now).dividedBy(length))))
        .orElseGet(() -> now.minus(length));
  }
}
