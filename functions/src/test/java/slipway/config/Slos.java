package slipway.config;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import slipway.config.Slo.Indicator;

/** SLOs of every kind. */
public final class Slos {
  /** Before it, beginnings are in the past. */
  public static final Instant NOW = Instant.parse("2026-08-04T01:00:00Z");

  private static final SloDependency CARDS =
      new SloDependency(
          Map.of("Type", "Service", "Name", "cards", "Environment", "production"), "GET /cards");
  private static final SloDependency TABLE =
      new SloDependency(
          Map.of(
              "Type", "AWS::Resource",
              "ResourceType", "AWS::DynamoDB::Table",
              "Identifier", "rolls"),
          "PutItem");

  private Slos() {}

  /** What an SLO of these samples may be about. */
  public static List<SloDependency> dependencies() {
    return List.of(CARDS, TABLE);
  }

  public static List<String> operations() {
    return List.of("GET /rolldice", "GET /other");
  }

  /** As it is written in the configuration. */
  public static Map<String, Object> tree(Slo slo) {
    return SloFields.tree(slo);
  }

  public static Arbitrary<Slo> arbitrary(String... names) {
    return Combinators.combine(
            Arbitraries.of(names),
            Arbitraries.of("", "About it").map(text -> Optional.of(text).filter(t -> !t.isEmpty())),
            indicators(),
            Arbitraries.of(1, 5).map(Duration::ofMinutes),
            Combinators.combine(percentages(), percentages()).as(List::of),
            intervals(),
            Combinators.combine(exclusions(), tags(), Arbitraries.of(true, false)).as(Rest::new),
            Combinators.combine(
                    Arbitraries.of(operations()).optional(),
                    Arbitraries.of(dependencies()).optional(0.3),
                    Arbitraries.subsetOf(5, 30, 60, 120, 4320).optional(0.3))
                .as(Subject::new))
        .as(Slos::slo);
  }

  /** One point in which two SLOs can differ. */
  public enum Aspect {
    DESCRIPTION,
    OPERATION,
    DEPENDENCY,
    INDICATOR,
    BOUND,
    STATISTIC,
    UNIT,
    ACCOUNT,
    EXPRESSION,
    PERIOD,
    GOAL,
    WARNING,
    INTERVAL,
    WINDOWS,
    EXCLUSIONS,
    TAGS
  }

  /** The SLO with that of the other; the same if that cannot be. */
  public static Slo changed(Slo slo, Aspect aspect, Slo other) {
    var standard = slo.indicator() instanceof Indicator.Standard;
    var indicator = indicator(slo.indicator(), aspect, other.indicator());
    try {
      return new Slo(
          slo.name(),
          aspect == Aspect.DESCRIPTION ? other.description() : slo.description(),
          aspect == Aspect.OPERATION && standard ? other.operation() : slo.operation(),
          aspect == Aspect.DEPENDENCY && standard ? other.dependency() : slo.dependency(),
          indicator,
          indicator instanceof Indicator.Standard && indicator instanceof Indicator.OfRequests
              ? Slo.DEFAULT_PERIOD
              : aspect == Aspect.PERIOD ? other.period() : slo.period(),
          aspect == Aspect.GOAL ? other.goal() : slo.goal(),
          aspect == Aspect.WARNING ? other.warning() : slo.warning(),
          aspect == Aspect.INTERVAL ? other.interval() : slo.interval(),
          aspect == Aspect.WINDOWS ? other.burnWindows() : slo.burnWindows(),
          aspect == Aspect.EXCLUSIONS ? other.exclusions() : slo.exclusions(),
          aspect == Aspect.TAGS ? other.tags() : slo.tags(),
          slo.alarms());
    } catch (IllegalArgumentException _) {
      return slo;
    }
  }

  private static Indicator indicator(Indicator indicator, Aspect aspect, Indicator other) {
    if (aspect == Aspect.INDICATOR) return other;
    return switch (indicator) {
      case Indicator.Availability _
          when aspect == Aspect.BOUND && other instanceof Indicator.Availability ->
          other;
      case Indicator.Latency(var statistic, var threshold)
          when other instanceof Indicator.Latency(var another, var limit) ->
          new Indicator.Latency(
              aspect == Aspect.STATISTIC ? another : statistic,
              aspect == Aspect.BOUND ? limit : threshold);
      case Indicator.RequestLatency _
          when aspect == Aspect.BOUND && other instanceof Indicator.RequestLatency ->
          other;
      case Indicator.Metric(var queries, var bound) ->
          new Indicator.Metric(
              queries.stream().map(query -> query(query, aspect)).toList(),
              aspect == Aspect.BOUND && other instanceof Indicator.Metric metric
                  ? metric.bound()
                  : bound);
      case Indicator.Counts(var total, var good, var counted) ->
          new Indicator.Counts(
              total,
              aspect == Aspect.BOUND ? !good : good,
              counted.stream().map(query -> query(query, aspect)).toList());
      default -> indicator;
    };
  }

  private static SloQuery query(SloQuery query, Aspect aspect) {
    return new SloQuery(
        query.id(),
        switch (query.source()) {
          case SloQuery.Source.Expression(var text) ->
              new SloQuery.Source.Expression(aspect == Aspect.EXPRESSION ? text + " + 0" : text);
          case SloQuery.Source.Metric(
                  var namespace,
                  var name,
                  var dimensions,
                  var statistic,
                  var unit) ->
              new SloQuery.Source.Metric(
                  namespace,
                  name,
                  dimensions,
                  aspect == Aspect.STATISTIC ? "Minimum" : statistic,
                  aspect == Aspect.UNIT ? Optional.of("Bytes").filter(_ -> unit.isEmpty()) : unit);
        },
        aspect == Aspect.ACCOUNT
            ? Optional.of("333333333333").filter(_ -> query.account().isEmpty())
            : query.account(),
        query.returned());
  }

  private record Subject(
      Optional<String> operation,
      Optional<SloDependency> dependency,
      Optional<java.util.Set<Integer>> windows) {}

  private record Rest(List<SloExclusion> exclusions, Map<String, String> tags, boolean alarms) {}

  private static Slo slo(
      String name,
      Optional<String> description,
      Indicator indicator,
      Duration period,
      List<Double> percentages,
      SloInterval interval,
      Rest rest,
      Subject subject) {
    var standard = indicator instanceof Indicator.Standard;
    var real = standard && indicator instanceof Indicator.OfRequests ? Slo.DEFAULT_PERIOD : period;
    var windows =
        new TreeSet<Integer>(subject.windows().orElse(Slo.defaultBurnWindows(real, interval)));
    windows.removeIf(minutes -> !Slo.fits(minutes, real, interval));
    return new Slo(
        name,
        description,
        standard ? subject.operation() : Optional.empty(),
        standard ? subject.dependency() : Optional.empty(),
        indicator,
        real,
        percentages.getFirst(),
        percentages.getLast(),
        interval,
        windows,
        rest.exclusions(),
        new TreeMap<>(rest.tags()),
        rest.alarms());
  }

  private static Arbitrary<Double> percentages() {
    return Arbitraries.doubles().between(0.1, 99.99).ofScale(2);
  }

  private static Arbitrary<Indicator> indicators() {
    var limits = Arbitraries.integers().between(1, 5000).map(Duration::ofMillis);
    return Arbitraries.oneOf(
        bounds()
            .filter(bound -> bound.value() >= 0 && bound.value() <= 100)
            .filter(bound -> bound.comparison().toString().startsWith(">"))
            .optional()
            .map(Indicator.Availability::new),
        Combinators.combine(
                Arbitraries.of("p50", "p99", "p99.9", "p99.12345678", "Average", "IQM", "tm95"),
                limits)
            .as(Indicator.Latency::new),
        Arbitraries.just(new Indicator.RequestAvailability()),
        limits.map(Indicator.RequestLatency::new),
        Combinators.combine(queries(), bounds()).as(Indicator.Metric::new),
        Combinators.combine(queries(), Arbitraries.of(true, false), queries())
            .as(Indicator.Counts::new));
  }

  private static Arbitrary<SloBound> bounds() {
    return Combinators.combine(
            Arbitraries.of(SloBound.Comparison.values()),
            Arbitraries.doubles().between(-1000, 1000).ofScale(3))
        .as(SloBound::new);
  }

  private static Arbitrary<List<SloQuery>> queries() {
    var only =
        Arbitraries.oneOf(metrics(), Arbitraries.just(insights()))
            .map(SloQuery::only)
            .map(List::of);
    var math =
        Combinators.combine(
                metrics(),
                metrics(),
                Arbitraries.of("100 * (1 - errors / requests)", "FILL(requests, 0) - errors"),
                Arbitraries.of("210987654321").optional(0.2))
            .as(
                (requests, errors, expression, account) ->
                    List.of(
                        new SloQuery("requests", requests, account, false),
                        new SloQuery("errors", errors, account, false),
                        new SloQuery(
                            "ratio",
                            new SloQuery.Source.Expression(expression),
                            Optional.empty(),
                            true)));
    return Arbitraries.oneOf(only, math);
  }

  private static SloQuery.Source insights() {
    return new SloQuery.Source.Expression("SELECT AVG(CPUUtilization) FROM \"AWS/ECS\"");
  }

  private static Arbitrary<SloQuery.Source> metrics() {
    return Combinators.combine(
            Arbitraries.of("CloudWatchSynthetics", "AWS/ApplicationELB"),
            Arbitraries.of("SuccessPercent", "RequestCount"),
            Arbitraries.of(
                Map.<String, String>of(), Map.of("CanaryName", "dice", "StepName", "first")),
            Arbitraries.of("Average", "Sum", "SampleCount", "p99", "TM(10%:90%)", "PR(:300)"),
            Arbitraries.of("Percent", "Count/Second").optional(0.3))
        .as(
            (namespace, name, dimensions, statistic, unit) ->
                new SloQuery.Source.Metric(
                    namespace, name, new TreeMap<>(dimensions), statistic, unit));
  }

  private static Arbitrary<SloInterval> intervals() {
    var rolling =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 90).map(SloSpan::ofDays),
            Arbitraries.integers().between(2, 500).map(h -> new SloSpan(h, SloSpan.Unit.HOUR)),
            Arbitraries.integers().between(30, 90).map(m -> new SloSpan(m, SloSpan.Unit.MINUTE)),
            Arbitraries.integers().between(1, 12).map(m -> new SloSpan(m, SloSpan.Unit.MONTH)));
    var calendar =
        Arbitraries.of(
            SloSpan.ofDays(7),
            new SloSpan(1, SloSpan.Unit.MONTH),
            new SloSpan(3, SloSpan.Unit.MONTH));
    var from = Arbitraries.of("2026-01-01T00:00:00Z", "2026-02-02T06:30:00Z").map(Instant::parse);
    return Arbitraries.oneOf(
        rolling.map(SloInterval.Rolling::new),
        Combinators.combine(from, calendar).as(SloInterval.Calendar::new));
  }

  private static Arbitrary<List<SloExclusion>> exclusions() {
    var spans =
        Arbitraries.of(
            new SloSpan(30, SloSpan.Unit.MINUTE),
            new SloSpan(2, SloSpan.Unit.HOUR),
            new SloSpan(60, SloSpan.Unit.MINUTE));
    var reasons = Arbitraries.of("Maintenance", "Holiday").optional();
    var froms =
        Arbitraries.of(
                "2026-08-04T02:00:00Z",
                "2026-08-04T00:30:00Z",
                "2026-05-31T02:00:00Z",
                "2026-12-24T00:00:00Z")
            .map(Instant::parse);
    var once =
        Combinators.combine(froms, spans, reasons)
            .as(
                (from, span, reason) ->
                    new SloExclusion(Optional.of(from), span, Optional.empty(), reason));
    var recurring =
        Combinators.combine(
                froms.optional(),
                spans,
                Arbitraries.of(
                    "rate(1 day)", "rate(36 hours)", "rate(1 month)", "cron(0 2 ? * SUN *)"),
                reasons)
            .as(
                (from, span, every, reason) ->
                    new SloExclusion(from, span, Optional.of(every), reason));
    return Arbitraries.oneOf(once, recurring).list().uniqueElements().ofMaxSize(3);
  }

  private static Arbitrary<Map<String, String>> tags() {
    return Arbitraries.maps(
            Arbitraries.of("team", "cost center", "tier"), Arbitraries.of("", "one", "a:b/c"))
        .ofMaxSize(3);
  }
}
