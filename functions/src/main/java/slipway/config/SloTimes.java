package slipway.config;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import slipway.json.Json;

/** Times as people write them in the configuration. */
final class SloTimes {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s)");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

  private SloTimes() {}

  /** A time that is no month, such as {@code 5 minutes}. */
  static SloSpan span(Json field, String wanted) {
    var span = spanOrMonths(field, wanted);
    if (span.unit() == SloSpan.Unit.MONTH) throw field.unexpected(wanted);
    return span;
  }

  static SloSpan spanOrMonths(Json field, String wanted) {
    if (!(field.value() instanceof String text)) throw field.unexpected(wanted);
    return SloSpan.of(text).orElseThrow(() -> field.unexpected(wanted));
  }

  /** Whole minutes, as {@link SloSpan} writes them. */
  static String text(Duration minutes) {
    return new SloSpan((int) minutes.toMinutes(), SloSpan.Unit.MINUTE).canonical().toString();
  }

  /** A day, which begins in UTC, or a point of time with its offset. */
  static Instant instant(Json field) {
    var wanted = "a day such as 2026-01-31, or a time such as 2026-01-31T02:00:00Z";
    if (!(field.value() instanceof String text)) throw field.unexpected(wanted);
    try {
      return DATE.matcher(text).matches()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
    } catch (DateTimeException _) {
      throw field.unexpected(wanted);
    }
  }

  /** How long an answer may take. */
  static Duration limit(Json field) {
    var wanted = "a time above 0 such as 300ms, 1.5s or PT0.3S";
    if (!(field.value() instanceof String text)) throw field.unexpected(wanted);
    var form = SHORT.matcher(text);
    try {
      var time =
          form.matches()
              ? Duration.ofNanos(
                  new BigDecimal(form.group(1))
                      .movePointRight(form.group(2).equals("ms") ? 6 : 9)
                      .longValue())
              : Duration.parse(text);
      if (time.isNegative() || time.isZero()) throw field.unexpected(wanted);
      return time;
    } catch (DateTimeParseException | ArithmeticException _) {
      throw field.unexpected(wanted);
    }
  }

  static String limitText(Duration time) {
    return time.equals(Duration.ofMillis(time.toMillis()))
        ? time.toMillis() + "ms"
        : time.toString();
  }
}
