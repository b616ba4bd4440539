package slipway.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A length of time as Application Signals counts it. Equal are those that are the same time: 168
 * hours and 7 days; a month is no number of days.
 */
public record SloSpan(int count, Unit unit) {
  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,5}) (minute|hour|day|month)s?");

  /** Source: Application Signals' service model, DurationUnit. */
  public enum Unit {
    MINUTE(Duration.ofMinutes(1)),
    HOUR(Duration.ofHours(1)),
    DAY(Duration.ofDays(1)),
    /** For comparison and arithmetic counted as 30 days, as AWS's guide does. */
    MONTH(Duration.ofDays(30));

    private final Duration length;

    Unit(Duration length) {
      this.length = length;
    }
  }

  public SloSpan {
    if (count < 1)
      throw new IllegalArgumentException(
          "time of %d %s: want at least 1".formatted(count, name(unit) + "s"));
  }

  public static SloSpan ofDays(int days) {
    return new SloSpan(days, Unit.DAY);
  }

  /** Reads {@code 7 days}, {@code 1 month} and the like; empty if it is nothing of that kind. */
  public static Optional<SloSpan> of(String text) {
    var form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new SloSpan(
                Integer.parseInt(form.group(1)),
                Unit.valueOf(form.group(2).toUpperCase(Locale.ROOT))))
        : Optional.empty();
  }

  /** In the largest unit that it is a whole number of. */
  public SloSpan canonical() {
    if (unit == Unit.MINUTE && count % 60 == 0)
      return new SloSpan(count / 60, Unit.HOUR).canonical();
    return unit == Unit.HOUR && count % 24 == 0 ? new SloSpan(count / 24, Unit.DAY) : this;
  }

  public Duration length() {
    return unit.length.multipliedBy(count);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SloSpan that
        && length().equals(that.length())
        && (unit == Unit.MONTH) == (that.unit == Unit.MONTH);
  }

  @Override
  public int hashCode() {
    return length().hashCode();
  }

  /** As {@link #of} reads it. */
  @Override
  public String toString() {
    return count + " " + name(unit) + (count == 1 ? "" : "s");
  }

  private static String name(Unit unit) {
    return unit.name().toLowerCase(Locale.ROOT);
  }
}
