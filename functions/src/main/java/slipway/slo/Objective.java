package slipway.slo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import slipway.config.Slo;

/**
 * An SLO in one form, whether it was declared or read: what differs here differs in truth, and
 * defaults are written out.
 *
 * @param operation none for an SLO on the whole service
 * @param goal attainment in percent
 * @param warning percent of the error budget that is left when the SLO turns to warning
 * @param burnWindows look-back windows of burn rates in minutes; none if an answer did not tell
 */
public record Objective(
    String name,
    KeyAttributes subject,
    Optional<String> operation,
    Measure measure,
    Interval interval,
    double goal,
    double warning,
    Optional<SortedSet<Integer>> burnWindows) {
  /** The API's own, when an SLO says nothing. */
  static final double DEFAULT_GOAL = 99;

  /** The API's own, when an SLO says nothing. */
  static final double DEFAULT_WARNING = 50;

  /**
   * Minutes: the pairs of long and short window of Google's SRE workbook, chapter "Alerting on
   * SLOs": 1 h with 5 min, 6 h with 30 min, 3 d with 6 h.
   */
  private static final List<Integer> WORKBOOK = List.of(5, 30, 60, 360, 4320);

  public Objective {
    burnWindows =
        burnWindows.map(windows -> Collections.unmodifiableSortedSet(new TreeSet<>(windows)));
  }

  /**
   * What the user declared.
   *
   * @param subject the service as Application Signals reports it
   */
  public static Objective declared(Slo slo, KeyAttributes subject) {
    var length = Duration.ofDays(slo.days());
    return new Objective(
        slo.name(),
        subject,
        Optional.of(slo.operation()),
        Measure.declared(slo),
        new Interval.Rolling(length),
        slo.goal(),
        slo.warning(),
        Optional.of(burnWindows(length)));
  }

  /** A window must be shorter than the interval. */
  private static SortedSet<Integer> burnWindows(Duration interval) {
    var windows = new TreeSet<>(WORKBOOK);
    windows.removeIf(minutes -> Duration.ofMinutes(minutes).compareTo(interval) >= 0);
    return windows;
  }

  /**
   * One point in which an SLO is not as declared.
   *
   * @param fixed whether only a new SLO can mend it: the API changes everything else in place
   */
  public record Difference(String field, String declared, String found, boolean fixed) {
    @Override
    public String toString() {
      return field + ": " + found + " -> " + declared;
    }
  }

  /**
   * In which points the other is not as this one. What the other does not tell counts as equal: an
   * update that can never be seen to have worked would be repeated for ever.
   */
  public List<Difference> differences(Objective found) {
    var differences = new ArrayList<Difference>();
    if (!subject.sameService(found.subject))
      differences.add(
          new Difference("service", subject.toString(), found.subject.toString(), true));
    fixed("operation", operation.orElse("(all)"), found.operation.orElse("(all)"))
        .forEach(differences::add);
    fixed("metric", measure.kind().toString(), found.measure.kind().toString())
        .forEach(differences::add);
    if (measure.kind() == found.measure.kind()) changes(found).forEach(differences::add);
    return List.copyOf(differences);
  }

  private Stream<Difference> changes(Objective found) {
    var theirs = found.measure;
    return Stream.of(
            known("statistic", measure.statistic(), theirs.statistic()),
            theirs.periodSeconds().isEmpty() || measure.periodSeconds().isEmpty()
                ? Stream.<Difference>empty()
                : number(
                    "period in s",
                    measure.periodSeconds().getAsInt(),
                    theirs.periodSeconds().getAsInt()),
            change("operator", measure.operator(), theirs.operator()),
            number("threshold", measure.threshold(), theirs.threshold()),
            change("interval", interval, found.interval),
            number("goal", goal, found.goal),
            number("warning", warning, found.warning),
            known("burn-rate windows", burnWindows, found.burnWindows))
        .flatMap(difference -> difference);
  }

  private static Stream<Difference> number(String field, double declared, double found) {
    return change(field, Numbers.text(declared), Numbers.text(found));
  }

  private static <T> Stream<Difference> known(
      String field, Optional<T> declared, Optional<T> found) {
    return declared.isEmpty() || found.isEmpty()
        ? Stream.empty()
        : change(field, declared.get(), found.get());
  }

  private static Stream<Difference> change(String field, Object declared, Object found) {
    return declared.equals(found)
        ? Stream.empty()
        : Stream.of(new Difference(field, declared.toString(), found.toString(), false));
  }

  private static Stream<Difference> fixed(String field, String declared, String found) {
    return declared.equals(found)
        ? Stream.empty()
        : Stream.of(new Difference(field, declared, found, true));
  }

  @Override
  public String toString() {
    var what =
        switch (measure.kind()) {
          case AVAILABILITY ->
              "availability " + measure.operator() + " " + Numbers.text(measure.threshold()) + " %";
          case LATENCY ->
              "latency %s %s %s ms"
                  .formatted(
                      measure.statistic().orElse("?"),
                      measure.operator(),
                      Numbers.text(measure.threshold()));
          case OTHER -> "a metric that Slipway does not make";
        };
    return "%s of %s, %s: goal %s %% over %s"
        .formatted(operation.orElse("all operations"), subject, what, Numbers.text(goal), interval);
  }
}
