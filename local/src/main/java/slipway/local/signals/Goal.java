package slipway.local.signals;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import slipway.local.metrics.Minutes;

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

  private static final Duration LONGEST_MONTH = Duration.ofDays(31);

  /** Length of the interval; a rolling month counts 30 days. */
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
   * The interval at a time.
   *
   * @param begin when it began here
   * @param atAws how long it is at AWS
   */
  record Stretch(Instant begin, Duration atAws) {}

  /**
   * The interval that the time lies in; one that has not begun yet begins where the calendar says.
   *
   * @param longest that an interval lasts here
   */
  Stretch current(Instant now, Minutes minutes, Optional<Duration> longest) {
    if (calendarStart.isEmpty())
      return new Stretch(now.minus(capped(interval(), minutes, longest)), interval());
    var start = calendarStart.get();
    if (start.isAfter(now)) return new Stretch(start, length(0));
    var length = capped(interval(), minutes, longest);
    if (!unit.equals("MONTH") || longest.filter(length::equals).isPresent()) {
      var pieces = Duration.between(start, now).dividedBy(length);
      return new Stretch(start.plus(length.multipliedBy(pieces)), interval());
    }
    // Months are as long as the calendar has them; here they pass faster, one after the other.
    var longestPiece = minutes.paced(LONGEST_MONTH.multipliedBy(units));
    var piece = Duration.between(start, now).dividedBy(longestPiece);
    while (!begin(piece + 1, minutes).isAfter(now)) piece++;
    return new Stretch(begin(piece, minutes), length(piece));
  }

  /** How long the interval lasts here. */
  Duration here(Minutes minutes, Optional<Duration> longest) {
    return capped(interval(), minutes, longest);
  }

  private static Duration capped(Duration atAws, Minutes minutes, Optional<Duration> longest) {
    var paced = minutes.paced(atAws);
    return longest.filter(most -> most.compareTo(paced) < 0).orElse(paced);
  }

  /** When the n-th month-long piece begins here. */
  private Instant begin(long piece, Minutes minutes) {
    var start = calendarStart.orElseThrow();
    return start.plus(minutes.paced(Duration.between(start, atAws(piece))));
  }

  private Duration length(long piece) {
    if (!unit.equals("MONTH")) return interval();
    return Duration.between(atAws(piece), atAws(piece + 1));
  }

  private Instant atAws(long piece) {
    return calendarStart.orElseThrow().atZone(ZoneOffset.UTC).plusMonths(piece * units).toInstant();
  }
}
