package slipway.local.signals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Time that does not count against an objective.
 *
 * @param unit {@code MINUTE}, {@code HOUR}, {@code DAY} or {@code MONTH}
 * @param units how many of them it is long
 * @param start of the first, or only, one
 * @param recurrence {@code rate(…)} or {@code cron(…)}, if it comes again
 */
record ExclusionWindow(
    String unit,
    int units,
    Instant start,
    Optional<Recurrence> recurrence,
    Optional<String> reason) {

  /** Length at AWS; a month counts 30 days. */
  Duration length() {
    return new Goal(Optional.empty(), unit, units, 99, 50).interval();
  }
}
