package slipway.slo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import slipway.config.Slo;
import slipway.config.SloBound;
import slipway.config.SloDependency;
import slipway.config.SloExclusion;
import slipway.config.SloInterval;
import slipway.config.SloQuery;
import slipway.config.SloSpan;
import slipway.slo.Indicator.Standard;
import software.amazon.awssdk.services.applicationsignals.model.BurnRateConfiguration;
import software.amazon.awssdk.services.applicationsignals.model.DependencyConfig;
import software.amazon.awssdk.services.applicationsignals.model.Dimension;
import software.amazon.awssdk.services.applicationsignals.model.DurationUnit;
import software.amazon.awssdk.services.applicationsignals.model.ExclusionWindow;
import software.amazon.awssdk.services.applicationsignals.model.Goal;
import software.amazon.awssdk.services.applicationsignals.model.MetricDataQuery;
import software.amazon.awssdk.services.applicationsignals.model.MonitoredRequestCountMetricDataQueries;
import software.amazon.awssdk.services.applicationsignals.model.RequestBasedServiceLevelIndicator;
import software.amazon.awssdk.services.applicationsignals.model.RequestBasedServiceLevelIndicatorConfig;
import software.amazon.awssdk.services.applicationsignals.model.RequestBasedServiceLevelIndicatorMetric;
import software.amazon.awssdk.services.applicationsignals.model.RequestBasedServiceLevelIndicatorMetricConfig;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicator;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicatorConfig;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicatorMetric;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicatorMetricConfig;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicatorMetricType;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjective;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveBudgetReport;

/** SLOs in the shapes of the API and back; what the API leaves out by default is filled in. */
public final class SloShapes {
  private static final KeyAttributes NOBODY = new KeyAttributes(Map.of("Type", "?"));

  private SloShapes() {}

  /** What is measured, if periods are good or bad. */
  static Optional<ServiceLevelIndicatorConfig> ofPeriods(Objective objective) {
    var indicator = objective.indicator();
    if (indicator.ofRequests()) return Optional.empty();
    var metric = ServiceLevelIndicatorMetricConfig.builder();
    switch (indicator) {
      case Indicator.OfService standard ->
          metric
              .keyAttributes(objective.subject().values())
              .operationName(standard.operation().orElse(null))
              .dependencyConfig(standard.dependency().map(SloShapes::dependency).orElse(null))
              .metricType(type(standard.standard()))
              .statistic(standard.statistic().orElse(null))
              .periodSeconds(period(standard));
      case Indicator.OfMetric value ->
          metric.metricDataQueries(queries(value.queries(), period(value)));
      case Indicator.OfCounts _, Indicator.Other _ -> throw unmade(objective);
    }
    var bound = indicator.bound().orElseThrow(() -> unmade(objective));
    return Optional.of(
        ServiceLevelIndicatorConfig.builder()
            .sliMetricConfig(metric.build())
            .metricThreshold(bound.value())
            .comparisonOperator(bound.comparison().word())
            .build());
  }

  /** What is measured, if requests are good or bad. */
  static Optional<RequestBasedServiceLevelIndicatorConfig> ofRequests(Objective objective) {
    var indicator = objective.indicator();
    if (!indicator.ofRequests()) return Optional.empty();
    var metric = RequestBasedServiceLevelIndicatorMetricConfig.builder();
    switch (indicator) {
      case Indicator.OfService standard ->
          metric
              .keyAttributes(objective.subject().values())
              .operationName(standard.operation().orElse(null))
              .dependencyConfig(standard.dependency().map(SloShapes::dependency).orElse(null))
              .metricType(type(standard.standard()));
      case Indicator.OfCounts counts -> {
        var counted = queries(counts.counted(), period(counts));
        metric
            .totalRequestCountMetric(queries(counts.total(), period(counts)))
            .monitoredRequestCountMetric(
                counts.good()
                    ? MonitoredRequestCountMetricDataQueries.fromGoodCountMetric(counted)
                    : MonitoredRequestCountMetricDataQueries.fromBadCountMetric(counted));
      }
      case Indicator.OfMetric _, Indicator.Other _ -> throw unmade(objective);
    }
    var config =
        RequestBasedServiceLevelIndicatorConfig.builder()
            .requestBasedSliMetricConfig(metric.build());
    indicator
        .bound()
        .ifPresent(
            bound ->
                config
                    .metricThreshold(bound.value())
                    .comparisonOperator(bound.comparison().word()));
    return Optional.of(config.build());
  }

  private static IllegalArgumentException unmade(Objective objective) {
    return new IllegalArgumentException(
        "SLO '%s' has a metric that Slipway does not make".formatted(objective.name()));
  }

  private static ServiceLevelIndicatorMetricType type(Standard standard) {
    return switch (standard) {
      case AVAILABILITY -> ServiceLevelIndicatorMetricType.AVAILABILITY;
      case LATENCY -> ServiceLevelIndicatorMetricType.LATENCY;
    };
  }

  private static int period(Indicator indicator) {
    return indicator.periods().first();
  }

  private static DependencyConfig dependency(SloDependency dependency) {
    return DependencyConfig.builder()
        .dependencyKeyAttributes(dependency.attributes())
        .dependencyOperationName(dependency.operation())
        .build();
  }

  /** Something must say the period: a metric does, and an expression must if there is none. */
  private static List<MetricDataQuery> queries(List<SloQuery> queries, int period) {
    var metrics = queries.stream().anyMatch(one -> one.source() instanceof SloQuery.Source.Metric);
    return queries.stream().map(query -> query(query, period, !metrics)).toList();
  }

  private static MetricDataQuery query(SloQuery query, int period, boolean ownPeriod) {
    var shape =
        MetricDataQuery.builder()
            .id(query.id())
            .returnData(query.returned())
            .accountId(query.account().orElse(null));
    switch (query.source()) {
      case SloQuery.Source.Expression(var text) ->
          shape.expression(text).period(ownPeriod ? period : null);
      case SloQuery.Source.Metric(
              var namespace,
              var name,
              var dimensions,
              var statistic,
              var unit) ->
          shape.metricStat(
              stat ->
                  stat.metric(
                          metric ->
                              metric
                                  .namespace(namespace)
                                  .metricName(name)
                                  .dimensions(
                                      dimensions.entrySet().stream()
                                          .map(
                                              one ->
                                                  Dimension.builder()
                                                      .name(one.getKey())
                                                      .value(one.getValue())
                                                      .build())
                                          .toList()))
                      .period(period)
                      .stat(statistic)
                      .unit(unit.orElse(null)));
    }
    return shape.build();
  }

  static Goal goal(Objective objective) {
    return Goal.builder()
        .interval(
            shape -> {
              switch (objective.interval()) {
                case SloInterval.Rolling(var span) ->
                    shape.rollingInterval(
                        rolling -> rolling.durationUnit(unit(span)).duration(span.count()));
                case SloInterval.Calendar(var from, var span) ->
                    shape.calendarInterval(
                        calendar ->
                            calendar
                                .startTime(from)
                                .durationUnit(unit(span))
                                .duration(span.count()));
              }
            })
        .attainmentGoal(objective.goal())
        .warningThreshold(objective.warning())
        .build();
  }

  private static DurationUnit unit(SloSpan span) {
    return switch (span.unit()) {
      case MINUTE -> DurationUnit.MINUTE;
      case HOUR -> DurationUnit.HOUR;
      case DAY -> DurationUnit.DAY;
      case MONTH -> DurationUnit.MONTH;
    };
  }

  static List<BurnRateConfiguration> burnRates(Objective objective) {
    return objective.burnWindows().stream()
        .flatMap(SortedSet::stream)
        .map(minutes -> BurnRateConfiguration.builder().lookBackWindowMinutes(minutes).build())
        .toList();
  }

  static List<ExclusionWindow> windows(List<SloExclusion> exclusions) {
    return exclusions.stream().map(SloShapes::window).toList();
  }

  private static ExclusionWindow window(SloExclusion exclusion) {
    var shape =
        ExclusionWindow.builder()
            .window(
                window ->
                    window.durationUnit(unit(exclusion.span())).duration(exclusion.span().count()))
            .startTime(exclusion.from().orElse(null))
            .reason(exclusion.reason().orElse(null));
    exclusion.every().ifPresent(every -> shape.recurrenceRule(rule -> rule.expression(every)));
    return shape.build();
  }

  /** Reads a time that does not count; one without beginning and recurrence began when made. */
  static SloExclusion exclusion(ExclusionWindow window) {
    return new SloExclusion(
        Optional.ofNullable(window.startTime()),
        span(window.window().durationUnit(), window.window().duration()),
        Optional.ofNullable(window.recurrenceRule()).map(rule -> rule.expression()),
        Optional.ofNullable(window.reason()));
  }

  /**
   * Reads what exists; an SLO that Slipway could not have made is read too, as {@code Other}.
   *
   * @param tags all of them
   */
  static Objective objective(
      ServiceLevelObjective slo, Map<String, String> tags, List<SloExclusion> exclusions) {
    var windows = new TreeSet<Integer>();
    slo.burnRateConfigurations().forEach(rate -> windows.add(rate.lookBackWindowMinutes()));
    return objective(
        slo.name(),
        Optional.ofNullable(slo.description()),
        indicator(
            slo.sli(), slo.requestBasedSli(), account(slo.arn()), slo.metricSourceTypeAsString()),
        slo.sli(),
        slo.requestBasedSli(),
        slo.goal(),
        Optional.of(windows),
        Optional.of(Ownership.others(tags)),
        Optional.of(exclusions));
  }

  /**
   * What a budget report says of its SLO, if it does: neither burn-rate windows nor tags nor
   * exclusions.
   */
  public static Optional<Objective> objective(ServiceLevelObjectiveBudgetReport report) {
    return report.sli() == null && report.requestBasedSli() == null
        ? Optional.empty()
        : Optional.of(
            objective(
                report.name(),
                Optional.empty(),
                indicator(report.sli(), report.requestBasedSli(), account(report.arn()), null),
                report.sli(),
                report.requestBasedSli(),
                report.goal(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  private static Objective objective(
      String name,
      Optional<String> description,
      Indicator indicator,
      @Nullable ServiceLevelIndicator sli,
      @Nullable RequestBasedServiceLevelIndicator requests,
      @Nullable Goal goal,
      Optional<SortedSet<Integer>> windows,
      Optional<SortedMap<String, String>> tags,
      Optional<List<SloExclusion>> exclusions) {
    var ofPeriods = sli == null ? null : sli.sliMetric();
    var ofRequests = requests == null ? null : requests.requestBasedSliMetric();
    var attributes =
        ofPeriods != null
            ? ofPeriods.keyAttributes()
            : ofRequests != null ? ofRequests.keyAttributes() : Map.<String, String>of();
    return new Objective(
        name,
        description,
        attributes.isEmpty() ? NOBODY : new KeyAttributes(attributes),
        indicator,
        interval(goal),
        goal == null || goal.attainmentGoal() == null ? Slo.DEFAULT_GOAL : goal.attainmentGoal(),
        goal == null || goal.warningThreshold() == null
            ? Slo.DEFAULT_WARNING
            : goal.warningThreshold(),
        windows,
        tags,
        exclusions);
  }

  /** The account that an SLO is in; empty for an ARN that names none. */
  private static String account(String arn) {
    var parts = arn.split(":", 6);
    return parts.length > 4 ? parts[4] : "";
  }

  /**
   * @param account of the SLO: an answer may name it where nobody did
   * @param source where the metric comes from, in the API's words, which this version of the AWS
   *     SDK may not know
   */
  private static Indicator indicator(
      @Nullable ServiceLevelIndicator sli,
      @Nullable RequestBasedServiceLevelIndicator requests,
      String account,
      @Nullable String source) {
    if ("Canary".equals(source) || "AppMonitor".equals(source))
      return new Indicator.Other("a metric of " + source, sli == null);
    try {
      if (sli != null && sli.sliMetric() != null) return ofPeriods(sli, sli.sliMetric(), account);
      if (requests != null && requests.requestBasedSliMetric() != null)
        return ofRequests(requests, requests.requestBasedSliMetric(), account);
    } catch (IllegalArgumentException e) {
      return new Indicator.Other("something unknown: " + e.getMessage(), sli == null);
    }
    return new Indicator.Other("something unknown", sli == null);
  }

  private static Indicator ofPeriods(
      ServiceLevelIndicator sli, ServiceLevelIndicatorMetric metric, String account) {
    // The answer repeats neither statistic nor period, but names the metrics it computes from.
    var queries = metric.metricDataQueries();
    var bound = bound(sli.comparisonOperatorAsString(), sli.metricThreshold());
    if (metric.metricType() == null)
      return queries.isEmpty()
          ? new Indicator.Other("something unknown", false)
          : new Indicator.OfMetric(read(queries, account), periods(queries), bound);
    var standard = standard(metric.metricType(), metric.metricTypeAsString());
    return new Indicator.OfService(
        standard,
        false,
        Optional.ofNullable(metric.operationName()),
        dependency(metric.dependencyConfig()),
        standard == Standard.LATENCY
            ? queries.stream()
                .filter(query -> query.metricStat() != null)
                .map(query -> query.metricStat().stat())
                .findFirst()
            : Optional.empty(),
        periods(queries),
        bound);
  }

  private static Indicator ofRequests(
      RequestBasedServiceLevelIndicator sli,
      RequestBasedServiceLevelIndicatorMetric metric,
      String account) {
    if (metric.metricType() != null)
      return new Indicator.OfService(
          standard(metric.metricType(), metric.metricTypeAsString()),
          true,
          Optional.ofNullable(metric.operationName()),
          dependency(metric.dependencyConfig()),
          Optional.empty(),
          new TreeSet<>(),
          bound(sli.comparisonOperatorAsString(), sli.metricThreshold()));
    var total = metric.totalRequestCountMetric();
    var monitored = metric.monitoredRequestCountMetric();
    if (total.isEmpty() || monitored == null) return new Indicator.Other("something unknown", true);
    var good = monitored.hasGoodCountMetric();
    var counted = good ? monitored.goodCountMetric() : monitored.badCountMetric();
    var all = new ArrayList<>(total);
    all.addAll(counted);
    return new Indicator.OfCounts(read(total, account), good, read(counted, account), periods(all));
  }

  private static Standard standard(ServiceLevelIndicatorMetricType type, String text) {
    return switch (type) {
      case AVAILABILITY -> Standard.AVAILABILITY;
      case LATENCY -> Standard.LATENCY;
      case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("metric type " + text);
    };
  }

  private static Optional<SloDependency> dependency(@Nullable DependencyConfig config) {
    return Optional.ofNullable(config)
        .map(
            given ->
                new SloDependency(
                    given.dependencyKeyAttributes(), given.dependencyOperationName()));
  }

  private static Optional<SloBound> bound(@Nullable String operator, @Nullable Double value) {
    return operator == null || value == null
        ? Optional.empty()
        : SloBound.Comparison.of(operator).map(comparison -> new SloBound(comparison, value));
  }

  private static SortedSet<Integer> periods(Collection<MetricDataQuery> queries) {
    var periods = new TreeSet<Integer>();
    for (var query : queries) {
      if (query.metricStat() != null && query.metricStat().period() != null)
        periods.add(query.metricStat().period());
      else if (query.period() != null) periods.add(query.period());
    }
    return periods;
  }

  /** Of a single one nobody needs to say that it is returned. */
  private static List<SloQuery> read(List<MetricDataQuery> queries, String account) {
    return queries.stream()
        .map(
            query ->
                new SloQuery(
                    query.id(),
                    source(query),
                    Optional.ofNullable(query.accountId()).filter(id -> !id.equals(account)),
                    query.returnData() == null ? queries.size() == 1 : query.returnData()))
        .toList();
  }

  private static SloQuery.Source source(MetricDataQuery query) {
    if (query.metricStat() == null)
      return new SloQuery.Source.Expression(query.expression() == null ? "?" : query.expression());
    var stat = query.metricStat();
    var dimensions = new TreeMap<String, String>();
    stat.metric().dimensions().forEach(one -> dimensions.put(one.name(), one.value()));
    return new SloQuery.Source.Metric(
        String.valueOf(stat.metric().namespace()),
        String.valueOf(stat.metric().metricName()),
        dimensions,
        stat.stat(),
        Optional.ofNullable(stat.unitAsString()));
  }

  private static SloInterval interval(@Nullable Goal goal) {
    if (goal == null || goal.interval() == null) return SloInterval.DEFAULT;
    var rolling = goal.interval().rollingInterval();
    var calendar = goal.interval().calendarInterval();
    if (calendar != null)
      return new SloInterval.Calendar(
          calendar.startTime(), span(calendar.durationUnit(), calendar.duration()));
    return rolling == null
        ? SloInterval.DEFAULT
        : new SloInterval.Rolling(span(rolling.durationUnit(), rolling.duration()));
  }

  private static SloSpan span(DurationUnit unit, int count) {
    return switch (unit) {
      case MINUTE -> new SloSpan(count, SloSpan.Unit.MINUTE);
      case HOUR -> new SloSpan(count, SloSpan.Unit.HOUR);
      case DAY -> new SloSpan(count, SloSpan.Unit.DAY);
      case MONTH -> new SloSpan(count, SloSpan.Unit.MONTH);
      case UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalStateException(
              "time in a unit that this version of the AWS SDK does not know: update Slipway");
    };
  }
}
