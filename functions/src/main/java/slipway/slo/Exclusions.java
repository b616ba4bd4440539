package slipway.slo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.config.SloExclusion;
import slipway.config.SloSpan;

/**
 * What has to change so that the right times do not count.
 *
 * <p>The past is not fought: the API takes no beginning in the past, so one that recurs is made
 * from its next beginning on, which excludes the same time from now on; and one that does not recur
 * and has begun is not made any more. One that is taken out of the configuration is removed, even
 * if it is over: its time counts again.
 *
 * @param remove as they were read: the API wants them exactly so
 */
record Exclusions(List<SloExclusion> add, List<SloExclusion> remove) {
  /** The API's own, when an exclusion says nothing. */
  private static final String NO_REASON = "no reason";

  Exclusions {
    add = List.copyOf(add);
    remove = List.copyOf(remove);
  }

  /** What makes the found ones the declared ones. */
  static Exclusions between(List<SloExclusion> declared, List<SloExclusion> found, Instant now) {
    var unclaimed = new ArrayList<>(found);
    var missing = new ArrayList<>(declared);
    // The strictest first, so that none takes what only another can have.
    missing.removeIf(wanted -> claim(unclaimed, other -> exactly(wanted, other)));
    missing.sort(Comparator.comparing(wanted -> wanted.from().isEmpty()));
    missing.removeIf(wanted -> claim(unclaimed, other -> same(wanted, other)));
    var add = missing.stream().flatMap(wanted -> possible(wanted, now).stream()).toList();
    return new Exclusions(add, unclaimed);
  }

  boolean isEmpty() {
    return add.isEmpty() && remove.isEmpty();
  }

  private static boolean claim(List<SloExclusion> unclaimed, Predicate<SloExclusion> wanted) {
    return unclaimed.stream().filter(wanted).findFirst().filter(unclaimed::remove).isPresent();
  }

  private static boolean exactly(SloExclusion declared, SloExclusion found) {
    return same(declared, found)
        && declared.from().map(Exclusions::second).equals(found.from().map(Exclusions::second));
  }

  /** Whether both exclude the same time from now on. */
  private static boolean same(SloExclusion declared, SloExclusion found) {
    return declared.span().equals(found.span())
        && declared.recurrence().equals(found.recurrence())
        && reason(declared).equals(reason(found))
        && (declared.from().isEmpty()
            || found.from().isEmpty()
            || sameBeginning(declared, second(declared.from().get()), second(found.from().get())));
  }

  /** A recurring one may have been made later, from one of its beginnings on. */
  private static boolean sameBeginning(SloExclusion declared, Instant from, Instant found) {
    if (from.equals(found)) return true;
    if (declared.every().isEmpty() || found.isBefore(from)) return false;
    return declared.rate().map(rate -> next(from, rate, found).equals(found)).orElse(true);
  }

  private static Instant second(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  private static Optional<String> reason(SloExclusion exclusion) {
    return exclusion.reason().filter(reason -> !reason.toLowerCase(Locale.ROOT).equals(NO_REASON));
  }

  /** In a form that the API takes now. */
  private static Optional<SloExclusion> possible(SloExclusion wanted, Instant now) {
    if (wanted.from().filter(now::isAfter).isEmpty()) return Optional.of(wanted);
    return wanted.every().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SloExclusion(
                wanted.rate().map(rate -> next(wanted.from().get(), rate, now)),
                wanted.span(),
                wanted.every(),
                wanted.reason()));
  }

  /** The first beginning that is not before that time. */
  private static Instant next(Instant from, SloSpan rate, Instant time) {
    if (rate.unit() == SloSpan.Unit.MONTH) {
      var first = from.atOffset(ZoneOffset.UTC);
      long months = ChronoUnit.MONTHS.between(first, time.atOffset(ZoneOffset.UTC));
      long step = rate.count();
      long behind = Math.max(0, months / step * step);
      return Stream.iterate(behind, count -> count + step)
          .map(count -> first.plusMonths(count).toInstant())
          .filter(beginning -> !beginning.isBefore(time))
          .findFirst()
          .orElseThrow();
    }
    var step = rate.length();
    long steps = Math.ceilDiv(Duration.between(from, time).toSeconds(), step.toSeconds());
    var next = from.plus(step.multipliedBy(Math.max(0, steps)));
    return next.isBefore(time) ? next.plus(step) : next;
  }

  /** For a diff. */
  static String text(List<SloExclusion> exclusions) {
    return exclusions.isEmpty()
        ? "none"
        : exclusions.stream().map(SloExclusion::toString).collect(Collectors.joining("; "));
  }
}
