package slipway.config;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Time that does not count, such as maintenance.
 *
 * @param from when it begins; if left out, when it was made
 * @param span how long it is
 * @param every how it recurs: {@code cron(…)} or {@code rate(…)}
 */
public record SloExclusion(
    Optional<Instant> from, SloSpan span, Optional<String> every, Optional<String> reason) {
  private static final Pattern RATE =
      Pattern.compile("(?i)\\s*rate\\(\\s*(\\d+\\s+\\w+)\\s*\\)\\s*");

  /** How it recurs, so that {@code rate(1 day)} and {@code rate( 1 days )} are one. */
  public Optional<String> recurrence() {
    return rate()
        .map(rate -> "rate(" + rate.canonical() + ")")
        .or(
            () ->
                every.map(
                    expression ->
                        expression.strip().toUpperCase(Locale.ROOT).replaceAll("\\s+", " ")));
  }

  /** The time between two beginnings, if it is always the same. */
  public Optional<SloSpan> rate() {
    return every
        .map(RATE::matcher)
        .filter(Matcher::matches)
        .flatMap(
            rate -> SloSpan.of(rate.group(1).toLowerCase(Locale.ROOT).replaceAll("\\s+", " ")));
  }

  @Override
  public String toString() {
    return span
        + every.map(" "::concat).orElse("")
        + from.map(time -> " from " + time).orElse("")
        + reason.map(" (%s)"::formatted).orElse("");
  }
}
