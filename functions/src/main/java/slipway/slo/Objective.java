package slipway.slo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.config.Slo;
import slipway.config.SloBound;
import slipway.config.SloDependency;
import slipway.config.SloExclusion;
import slipway.config.SloInterval;
import slipway.config.SloQuery;

/**
 * An SLO in one form, whether it was declared or read: what differs here differs in truth, and
 * defaults are written out. What an answer did not tell is empty.
 *
 * @param subject the service that it is about; of no meaning for metrics of CloudWatch
 * @param goal attainment in percent
 * @param warning percent of the error budget that is left when the SLO turns to warning
 * @param burnWindows look-back windows of burn rates in minutes
 * @param tags beside those that mark it as Slipway's
 * @param exclusions times that do not count
 */
public record Objective(
    String name,
    Optional<String> description,
    KeyAttributes subject,
    Indicator indicator,
    SloInterval interval,
    double goal,
    double warning,
    Optional<SortedSet<Integer>> burnWindows,
    Optional<SortedMap<String, String>> tags,
    Optional<List<SloExclusion>> exclusions) {
  /** The {@link Difference#field} that needs other calls than an update. */
  static final String TAGS = "tags";

  public Objective {
    burnWindows =
        burnWindows.map(windows -> Collections.unmodifiableSortedSet(new TreeSet<>(windows)));
    tags = tags.map(map -> Collections.unmodifiableSortedMap(new TreeMap<>(map)));
    exclusions = exclusions.map(List::copyOf);
  }

  /**
   * What the user declared.
   *
   * @param subject the service as Application Signals reports it
   */
  public static Objective declared(Slo slo, KeyAttributes subject) {
    return new Objective(
        slo.name(),
        slo.description()
            .or(
                () ->
                    Optional.of(
                        "Declared in slipway.yaml for service %s; a change made elsewhere is undone."
                            .formatted(subject.name().orElse("?")))),
        subject,
        Indicator.declared(slo),
        slo.interval(),
        slo.goal(),
        slo.warning(),
        Optional.of(slo.burnWindows()),
        Optional.of(slo.tags()),
        Optional.of(slo.exclusions()));
  }

  /** None for an SLO on the whole service, or on metrics of CloudWatch. */
  public Optional<String> operation() {
    return indicator instanceof Indicator.OfService standard
        ? standard.operation()
        : Optional.empty();
  }

  /** What the service calls, if that is what is measured. */
  public Optional<SloDependency> dependency() {
    return indicator instanceof Indicator.OfService standard
        ? standard.dependency()
        : Optional.empty();
  }

  /** Whether it needs the service's telemetry: Application Signals refuses it before. */
  boolean needsTelemetry() {
    return indicator instanceof Indicator.OfService;
  }

  /** The same of the same service, but with the attributes as they are reported. */
  Objective of(KeyAttributes reported) {
    return new Objective(
        name,
        description,
        reported,
        indicator,
        interval,
        goal,
        warning,
        burnWindows,
        tags,
        exclusions);
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
   * In which points the other is not as this one, but for exclusions, which depend on the time.
   * What the other does not tell counts as equal: an update that can never be seen to have worked
   * would be repeated for ever.
   */
  public List<Difference> differences(Objective found) {
    var differences = new ArrayList<Difference>();
    fixed("metric", indicator.kind(), found.indicator.kind()).forEach(differences::add);
    fixed("counts", unit(indicator), unit(found.indicator)).forEach(differences::add);
    if (indicator instanceof Indicator.OfService ours
        && found.indicator instanceof Indicator.OfService theirs)
      subject(ours, found, theirs).forEach(differences::add);
    if (differences.isEmpty()) measured(found).forEach(differences::add);
    if (differences.isEmpty() || differences.stream().noneMatch(Difference::fixed))
      changes(found).forEach(differences::add);
    return List.copyOf(differences);
  }

  private static String unit(Indicator indicator) {
    return indicator.ofRequests() ? "requests" : "periods";
  }

  private Stream<Difference> subject(
      Indicator.OfService ours, Objective found, Indicator.OfService theirs) {
    return Stream.of(
            subject.sameService(found.subject)
                ? Stream.<Difference>empty()
                : fixed("service", subject.toString(), found.subject.toString()),
            fixed(
                "operation", ours.operation().orElse("(all)"), theirs.operation().orElse("(all)")),
            same(ours.dependency(), theirs.dependency())
                ? Stream.<Difference>empty()
                : fixed("dependency", text(ours.dependency()), text(theirs.dependency())))
        .flatMap(difference -> difference);
  }

  private static boolean same(Optional<SloDependency> one, Optional<SloDependency> other) {
    return one.map(SloDependency::operation).equals(other.map(SloDependency::operation))
        && one.map(KeyAttributes::of)
            .map(KeyAttributes::canonical)
            .equals(other.map(KeyAttributes::of).map(KeyAttributes::canonical));
  }

  private static String text(Optional<SloDependency> dependency) {
    return dependency.map(to -> to.operation() + " of " + to.attributes()).orElse("(none)");
  }

  /** Statistic and unit of a metric can change, what it is cannot. */
  private Stream<Difference> measured(Objective found) {
    return switch (indicator) {
      case Indicator.OfService ours when found.indicator instanceof Indicator.OfService theirs ->
          known("statistic", ours.statistic(), theirs.statistic());
      case Indicator.OfMetric ours when found.indicator instanceof Indicator.OfMetric theirs ->
          queries("metric", ours.queries(), theirs.queries());
      case Indicator.OfCounts ours when found.indicator instanceof Indicator.OfCounts theirs ->
          Stream.of(
                  queries("total", ours.total(), theirs.total()),
                  fixed("counted", good(ours), good(theirs)),
                  queries(good(ours), ours.counted(), theirs.counted()))
              .flatMap(difference -> difference);
      default -> Stream.empty();
    };
  }

  private static String good(Indicator.OfCounts counts) {
    return counts.good() ? "good" : "bad";
  }

  private static Stream<Difference> queries(
      String field, List<SloQuery> declared, List<SloQuery> found) {
    var what = fixed(field, text(declared, false), text(found, false)).toList();
    return what.isEmpty() ? change(field, text(declared, true), text(found, true)) : what.stream();
  }

  private static String text(List<SloQuery> queries, boolean statistics) {
    return queries.stream()
        .map(
            query ->
                (query.returned() ? "" : query.id() + " = ")
                    + text(query.source(), statistics)
                    + query.account().map(" in account "::concat).orElse(""))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String text(SloQuery.Source source, boolean statistics) {
    return switch (source) {
      case SloQuery.Source.Expression(var text) -> text.strip().replaceAll("\\s+", " ");
      case SloQuery.Source.Metric(
              var namespace,
              var metric,
              var dimensions,
              var statistic,
              var unit) ->
          (statistics ? Statistics.canonical(statistic) + " of " : "")
              + namespace
              + " "
              + metric
              + (dimensions.isEmpty() ? "" : " " + dimensions)
              + (statistics ? unit.map(" in "::concat).orElse("") : "");
    };
  }

  private Stream<Difference> changes(Objective found) {
    var theirs = found.indicator;
    return Stream.of(
            indicator.periods().isEmpty() || theirs.periods().isEmpty()
                ? Stream.<Difference>empty()
                : change("period in s", text(indicator.periods()), text(theirs.periods())),
            known(
                "operator",
                indicator.bound().map(SloBound::comparison),
                theirs.bound().map(SloBound::comparison)),
            known("threshold", threshold(indicator), threshold(theirs)),
            change("interval", interval, found.interval),
            number("goal", goal, found.goal),
            number("warning", warning, found.warning),
            known("burn-rate windows", burnWindows, found.burnWindows),
            known("description", description, found.description),
            known(TAGS, tags, found.tags))
        .flatMap(difference -> difference);
  }

  private static Optional<String> threshold(Indicator indicator) {
    return indicator.bound().map(bound -> Numbers.text(bound.value()));
  }

  private static String text(SortedSet<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
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
    return "%s: goal %s %% over %s".formatted(what(), Numbers.text(goal), interval);
  }

  private String what() {
    var bound =
        indicator
            .bound()
            .map(given -> " %s %s".formatted(given.comparison(), Numbers.text(given.value())))
            .orElse("");
    return switch (indicator) {
      case Indicator.OfService standard ->
          "%s%s of %s, %s%s%s%s"
              .formatted(
                  standard.operation().orElse("all operations"),
                  standard.dependency().map(to -> " calling " + to).orElse(""),
                  subject,
                  standard.ofRequests() ? "request " : "",
                  standard.standard(),
                  standard.statistic().map(" "::concat).orElse(""),
                  bound.isEmpty()
                      ? ""
                      : bound + (standard.standard() == Indicator.Standard.LATENCY ? " ms" : " %"));
      case Indicator.OfMetric metric -> text(metric.queries(), true) + bound;
      case Indicator.OfCounts counts ->
          "%s requests %s among %s"
              .formatted(good(counts), text(counts.counted(), true), text(counts.total(), true));
      case Indicator.Other other -> "a metric that Slipway does not make: " + other.what();
    };
  }
}
