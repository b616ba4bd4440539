package slipway.slo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.applicationsignals.model.BurnRateConfiguration;
import software.amazon.awssdk.services.applicationsignals.model.DurationUnit;
import software.amazon.awssdk.services.applicationsignals.model.Goal;
import software.amazon.awssdk.services.applicationsignals.model.MetricDataQuery;
import software.amazon.awssdk.services.applicationsignals.model.RequestBasedServiceLevelIndicator;
import software.amazon.awssdk.services.applicationsignals.model.RollingInterval;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicator;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicatorConfig;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicatorMetric;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicatorMetricType;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjective;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveBudgetReport;

/** SLOs in the shapes of the API and back; what the API leaves out by default is filled in. */
public final class SloShapes {
  private static final KeyAttributes NOBODY = new KeyAttributes(java.util.Map.of("Type", "?"));

  private SloShapes() {}

  static ServiceLevelIndicatorConfig indicator(Objective objective) {
    var measure = objective.measure();
    return ServiceLevelIndicatorConfig.builder()
        .sliMetricConfig(
            metric ->
                metric
                    .keyAttributes(objective.subject().values())
                    .operationName(objective.operation().orElse(null))
                    .metricType(
                        switch (measure.kind()) {
                          case AVAILABILITY -> ServiceLevelIndicatorMetricType.AVAILABILITY;
                          case LATENCY -> ServiceLevelIndicatorMetricType.LATENCY;
                          case OTHER ->
                              throw new IllegalArgumentException(
                                  "SLO '%s' has a metric that Slipway does not make"
                                      .formatted(objective.name()));
                        })
                    .statistic(measure.statistic().orElse(null))
                    .periodSeconds(measure.periodSeconds().orElse(Measure.PERIOD_SECONDS)))
        .metricThreshold(measure.threshold())
        .comparisonOperator(measure.operator())
        .build();
  }

  static Goal goal(Objective objective) {
    var rolling =
        switch (objective.interval()) {
          case Interval.Rolling(var length) when length.toHours() % 24 == 0 ->
              rolling(DurationUnit.DAY, length.toDays());
          case Interval.Rolling(var length) -> rolling(DurationUnit.MINUTE, length.toMinutes());
          case Interval.RollingMonths(var count) -> rolling(DurationUnit.MONTH, count);
          case Interval.Calendar _ ->
              throw new IllegalArgumentException(
                  "SLO '%s' has a calendar interval, which Slipway does not make"
                      .formatted(objective.name()));
        };
    return Goal.builder()
        .interval(interval -> interval.rollingInterval(rolling))
        .attainmentGoal(objective.goal())
        .warningThreshold(objective.warning())
        .build();
  }

  private static RollingInterval rolling(DurationUnit unit, long count) {
    return RollingInterval.builder().durationUnit(unit).duration(Math.toIntExact(count)).build();
  }

  static List<BurnRateConfiguration> burnRates(Objective objective) {
    return objective.burnWindows().stream()
        .flatMap(SortedSet::stream)
        .map(minutes -> BurnRateConfiguration.builder().lookBackWindowMinutes(minutes).build())
        .toList();
  }

  /** What an SLO says, as far as its budget report tells: not its burn-rate windows. */
  public static Optional<Objective> objective(ServiceLevelObjectiveBudgetReport report) {
    return report.sli() == null && report.requestBasedSli() == null
        ? Optional.empty()
        : Optional.of(
            objective(
                report.name(),
                report.sli(),
                report.requestBasedSli(),
                report.goal(),
                Optional.empty()));
  }

  /** Reads what exists; an SLO that Slipway could not have made is read too, as {@code OTHER}. */
  static Objective objective(ServiceLevelObjective slo) {
    var windows = new TreeSet<Integer>();
    slo.burnRateConfigurations().forEach(rate -> windows.add(rate.lookBackWindowMinutes()));
    return objective(
        slo.name(), slo.sli(), slo.requestBasedSli(), slo.goal(), Optional.of(windows));
  }

  private static Objective objective(
      String name,
      @Nullable ServiceLevelIndicator sli,
      @Nullable RequestBasedServiceLevelIndicator requests,
      @Nullable Goal goal,
      Optional<SortedSet<Integer>> windows) {
    var ours = sli == null ? null : sli.sliMetric();
    var theirs = requests == null ? null : requests.requestBasedSliMetric();
    var subject =
        ours != null && !ours.keyAttributes().isEmpty()
            ? new KeyAttributes(ours.keyAttributes())
            : theirs != null && !theirs.keyAttributes().isEmpty()
                ? new KeyAttributes(theirs.keyAttributes())
                : NOBODY;
    var operation =
        Optional.ofNullable(
            ours != null ? ours.operationName() : theirs != null ? theirs.operationName() : null);
    return new Objective(
        name,
        subject,
        operation,
        measure(sli, ours),
        interval(goal),
        goal == null || goal.attainmentGoal() == null
            ? Objective.DEFAULT_GOAL
            : goal.attainmentGoal(),
        goal == null || goal.warningThreshold() == null
            ? Objective.DEFAULT_WARNING
            : goal.warningThreshold(),
        windows);
  }

  private static Measure measure(
      @Nullable ServiceLevelIndicator sli, @Nullable ServiceLevelIndicatorMetric metric) {
    var kind = kind(metric);
    if (sli == null || metric == null || kind == Measure.Kind.OTHER)
      return new Measure(Measure.Kind.OTHER, Optional.empty(), OptionalInt.empty(), "?", 0);
    // The answer repeats neither statistic nor period, but names the metrics it computes from.
    var query =
        metric.metricDataQueries().stream()
            .filter(candidate -> candidate.metricStat() != null)
            .findFirst();
    return new Measure(
        kind,
        kind == Measure.Kind.LATENCY
            ? query.map(found -> found.metricStat().stat())
            : Optional.empty(),
        query.map(SloShapes::period).orElse(OptionalInt.empty()),
        sli.comparisonOperatorAsString() == null
            ? kind == Measure.Kind.LATENCY ? Measure.AT_MOST : Measure.AT_LEAST
            : sli.comparisonOperatorAsString(),
        sli.metricThreshold() == null ? 0 : sli.metricThreshold());
  }

  private static Measure.Kind kind(@Nullable ServiceLevelIndicatorMetric metric) {
    if (metric == null || metric.dependencyConfig() != null || metric.metricType() == null)
      return Measure.Kind.OTHER;
    return switch (metric.metricType()) {
      case AVAILABILITY -> Measure.Kind.AVAILABILITY;
      case LATENCY -> Measure.Kind.LATENCY;
      case UNKNOWN_TO_SDK_VERSION -> Measure.Kind.OTHER;
    };
  }

  private static OptionalInt period(MetricDataQuery query) {
    if (query.metricStat().period() != null) return OptionalInt.of(query.metricStat().period());
    return query.period() == null ? OptionalInt.empty() : OptionalInt.of(query.period());
  }

  private static Interval interval(@Nullable Goal goal) {
    if (goal == null || goal.interval() == null) return Interval.DEFAULT;
    var rolling = goal.interval().rollingInterval();
    var calendar = goal.interval().calendarInterval();
    if (calendar != null)
      return new Interval.Calendar(
          calendar.startTime(), calendar.duration(), calendar.durationUnitAsString());
    if (rolling == null) return Interval.DEFAULT;
    int count = rolling.duration();
    return switch (rolling.durationUnit()) {
      case MINUTE -> new Interval.Rolling(Duration.ofMinutes(count));
      case HOUR -> new Interval.Rolling(Duration.ofHours(count));
      case DAY -> new Interval.Rolling(Duration.ofDays(count));
      case MONTH -> new Interval.RollingMonths(count);
      case UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalStateException(
              "rolling interval of unit '%s': want one that this version of the AWS SDK knows, so update Slipway"
                  .formatted(rolling.durationUnitAsString()));
    };
  }
}
