package slipway.slo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.config.SloExclusion;
import slipway.config.SloInterval;
import slipway.config.Slos;
import software.amazon.awssdk.services.applicationsignals.model.BurnRateConfiguration;
import software.amazon.awssdk.services.applicationsignals.model.DurationUnit;
import software.amazon.awssdk.services.applicationsignals.model.EvaluationType;
import software.amazon.awssdk.services.applicationsignals.model.ExclusionWindow;
import software.amazon.awssdk.services.applicationsignals.model.Goal;
import software.amazon.awssdk.services.applicationsignals.model.MetricDataQuery;
import software.amazon.awssdk.services.applicationsignals.model.MonitoredRequestCountMetricDataQueries;
import software.amazon.awssdk.services.applicationsignals.model.RequestBasedServiceLevelIndicator;
import software.amazon.awssdk.services.applicationsignals.model.RequestBasedServiceLevelIndicatorConfig;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicator;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicatorConfig;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjective;

/**
 * Application Signals in memory. It takes what the API takes, and answers as the API does and not
 * as it was asked: statistics in another spelling, an account among the key attributes, hours for
 * days, statistic and period only in queries, and defaults left out or filled in.
 */
final class World implements Catalog, Objectives {
  private static final String ACCOUNT = "123456789012";
  private static final String ARN =
      "arn:aws:application-signals:ap-northeast-1:" + ACCOUNT + ":slo/";
  private static final int MOST_WINDOWS = 10;

  final Set<KeyAttributes> discovered = new HashSet<>(Set.of(Samples.SUBJECT));
  final Set<String> operations = new HashSet<>(Set.of(Samples.ROLL));
  final Set<Call> made = new HashSet<>();
  final TreeMap<String, Stored> slos = new TreeMap<>();

  /** What was changed: the call and the SLO's name. */
  final List<String> done = new ArrayList<>();

  /** What exists, but is not listed yet. */
  final Set<String> unlisted = new HashSet<>();

  /** How often the services were listed. */
  int looks;

  Instant now = Slos.NOW;

  /** An SLO with what hangs on it. */
  record Stored(
      ServiceLevelObjective slo, Map<String, String> tags, List<ExclusionWindow> windows) {
    Objective objective() {
      return SloShapes.objective(slo, tags, windows.stream().map(SloShapes::exclusion).toList());
    }

    Existing existing() {
      return new Existing(slo.arn(), Ownership.of(tags), objective());
    }
  }

  /** Goes with the world's time. */
  Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now;
      }
    };
  }

  @Override
  public Stream<KeyAttributes> services() {
    looks++;
    return discovered.stream();
  }

  @Override
  public Set<String> operations(KeyAttributes service) {
    return Set.copyOf(operations);
  }

  @Override
  public Set<Call> calls(KeyAttributes service) {
    return Set.copyOf(made);
  }

  @Override
  public List<Existing> of(Ownership owner, Set<String> names) {
    return slos.values().stream()
        .map(Stored::existing)
        .filter(slo -> slo.owner().equals(Optional.of(owner)))
        .filter(slo -> !unlisted.contains(slo.objective().name()))
        .toList();
  }

  @Override
  public Optional<Existing> find(String name) {
    return Optional.ofNullable(slos.get(name)).map(Stored::existing);
  }

  @Override
  public Optional<String> create(Objective objective, Ownership owner) {
    if (slos.containsKey(objective.name())) return Optional.empty();
    refuseUnseen(objective);
    var tags = new TreeMap<>(owner.tags());
    objective.tags().ifPresent(tags::putAll);
    if (tags.size() > 50) throw invalid("50 tags at most");
    done.add("create " + objective.name());
    slos.put(objective.name(), new Stored(answer(objective), tags, List.of()));
    return Optional.of(ARN + objective.name());
  }

  private void refuseUnseen(Objective objective) {
    if (!objective.needsTelemetry()) return;
    if (discovered.stream().noneMatch(objective.subject()::sameService))
      throw invalid("no service " + objective.subject());
    if (!objective.operation().stream().allMatch(operations::contains))
      throw invalid("no metrics of " + objective);
    if (!objective.dependency().stream()
        .allMatch(to -> made.stream().anyMatch(call -> call.is(objective.operation(), to))))
      throw invalid("no metrics of " + objective);
  }

  private static IllegalArgumentException invalid(String message) {
    return new IllegalArgumentException("ValidationException: " + message);
  }

  @Override
  public void update(String arn, Objective objective) {
    var before = stored(arn);
    var after = answer(objective);
    if (!what(after).equals(what(before.slo()))) throw invalid("cannot change what is measured");
    done.add("update " + objective.name());
    slos.put(objective.name(), new Stored(after, before.tags(), before.windows()));
  }

  /** What the API cannot change. */
  private static List<Object> what(ServiceLevelObjective slo) {
    if (slo.sli() != null) {
      var metric = slo.sli().sliMetric();
      return List.of(
          slo.evaluationType(),
          metric.keyAttributes(),
          String.valueOf(metric.operationName()),
          String.valueOf(metric.dependencyConfig()),
          String.valueOf(metric.metricType()),
          metric.metricType() == null ? metrics(metric.metricDataQueries()) : List.of());
    }
    var metric = slo.requestBasedSli().requestBasedSliMetric();
    return List.of(
        slo.evaluationType(),
        metric.keyAttributes(),
        String.valueOf(metric.operationName()),
        String.valueOf(metric.dependencyConfig()),
        String.valueOf(metric.metricType()),
        metrics(metric.totalRequestCountMetric()),
        metrics(metric.monitoredRequestCountMetric().goodCountMetric()),
        metrics(metric.monitoredRequestCountMetric().badCountMetric()));
  }

  private static List<String> metrics(List<MetricDataQuery> queries) {
    return queries.stream()
        .map(
            query ->
                query.id()
                    + query.returnData()
                    + (query.metricStat() == null
                        ? query.expression()
                        : query.metricStat().metric()))
        .sorted()
        .toList();
  }

  @Override
  public void exclude(String arn, Exclusions exclusions) {
    var before = stored(arn);
    var windows = new ArrayList<>(before.windows());
    for (var gone : SloShapes.windows(exclusions.remove()))
      if (!windows.remove(gone)) throw invalid("no exclusion " + gone);
    for (var added : SloShapes.windows(exclusions.add())) {
      if (added.startTime() != null && added.startTime().isBefore(now))
        throw invalid("StartTime is in the past: " + added);
      windows.add(answer(added));
    }
    if (windows.size() > MOST_WINDOWS) throw invalid("10 exclusions at most");
    done.add("exclude " + before.slo().name());
    slos.put(before.slo().name(), new Stored(before.slo(), before.tags(), windows));
  }

  /** Beginning and reason are filled in. */
  private ExclusionWindow answer(ExclusionWindow asked) {
    return asked.toBuilder()
        .startTime(asked.startTime() == null ? now.plusMillis(250) : asked.startTime())
        .reason(asked.reason() == null ? "No reason" : asked.reason())
        .build();
  }

  @Override
  public void tag(String arn, Map<String, String> values, Set<String> gone) {
    var before = stored(arn);
    var tags = new TreeMap<>(before.tags());
    tags.keySet().removeAll(gone);
    tags.putAll(values);
    done.add("tag " + before.slo().name());
    slos.put(before.slo().name(), new Stored(before.slo(), tags, before.windows()));
  }

  @Override
  public void delete(String arn) {
    done.add("delete " + arn.substring(ARN.length()));
    slos.remove(arn.substring(ARN.length()));
  }

  private Stored stored(String arn) {
    var stored = slos.get(arn.substring(ARN.length()));
    if (stored == null) throw new IllegalStateException("ResourceNotFoundException: " + arn);
    return stored;
  }

  /** Puts somebody else's there. */
  void put(Objective objective) {
    slos.put(objective.name(), new Stored(answer(objective), Map.of(), List.of()));
  }

  /** Puts one there as if that owner had made it; the exclusions are taken as they are. */
  void put(Objective objective, Ownership owner) {
    var tags = new TreeMap<>(owner.tags());
    objective.tags().ifPresent(tags::putAll);
    tags.put("aws:cloudformation:stack-id", "none");
    slos.put(
        objective.name(),
        new Stored(
            answer(objective),
            tags,
            SloShapes.windows(objective.exclusions().orElse(List.<SloExclusion>of())).stream()
                .map(this::answer)
                .toList()));
  }

  private ServiceLevelObjective answer(Objective asked) {
    var periods = SloShapes.ofPeriods(asked);
    var requests = SloShapes.ofRequests(asked);
    if (periods.isPresent() == requests.isPresent())
      throw invalid("want exactly one of SliConfig and RequestBasedSliConfig");
    var burnRates = new ArrayList<>(SloShapes.burnRates(asked));
    burnRates.forEach(rate -> refuseLong(rate, asked.interval()));
    Collections.reverse(burnRates);
    return ServiceLevelObjective.builder()
        .arn(ARN + asked.name())
        .name(asked.name())
        .description(asked.description().orElse(null))
        .createdTime(now)
        .lastUpdatedTime(now)
        .evaluationType(
            periods.isPresent() ? EvaluationType.PERIOD_BASED : EvaluationType.REQUEST_BASED)
        .sli(periods.map(World::answer).orElse(null))
        .requestBasedSli(requests.map(World::answer).orElse(null))
        .goal(answer(SloShapes.goal(asked)))
        .burnRateConfigurations(burnRates)
        .build();
  }

  private static void refuseLong(BurnRateConfiguration rate, SloInterval interval) {
    if (Duration.ofMinutes(rate.lookBackWindowMinutes()).compareTo(interval.length()) >= 0)
      throw invalid("burn-rate window as long as the interval");
  }

  private static Goal answer(Goal asked) {
    var rolling = asked.interval().rollingInterval();
    if (rolling == null || rolling.durationUnit() != DurationUnit.DAY) return asked;
    if (rolling.duration() == 7) return without(asked);
    return asked.toBuilder()
        .interval(
            interval ->
                interval.rollingInterval(
                    hours ->
                        hours.durationUnit(DurationUnit.HOUR).duration(24 * rolling.duration())))
        .build();
  }

  private static Goal without(Goal interval) {
    return Goal.builder()
        .attainmentGoal(interval.attainmentGoal())
        .warningThreshold(interval.warningThreshold())
        .build();
  }

  private static ServiceLevelIndicator answer(ServiceLevelIndicatorConfig asked) {
    var metric = asked.sliMetricConfig();
    var standard = metric.metricType() != null;
    if (standard && (metric.periodSeconds() < 60 || metric.periodSeconds() > 900))
      throw invalid("PeriodSeconds 60 to 900");
    if (asked.metricThreshold() == null || asked.comparisonOperator() == null)
      throw invalid("a threshold and its operator");
    return ServiceLevelIndicator.builder()
        .sliMetric(
            answer ->
                answer
                    .keyAttributes(standard ? reported(metric.keyAttributes()) : null)
                    .operationName(metric.operationName())
                    .dependencyConfig(metric.dependencyConfig())
                    .metricType(metric.metricType())
                    .metricDataQueries(
                        standard
                            ? List.of(own(metric.statistic(), metric.periodSeconds()))
                            : answer(metric.metricDataQueries())))
        .metricThreshold(asked.metricThreshold() + 1e-12)
        .comparisonOperator(asked.comparisonOperator())
        .build();
  }

  private static RequestBasedServiceLevelIndicator answer(
      RequestBasedServiceLevelIndicatorConfig asked) {
    var metric = asked.requestBasedSliMetricConfig();
    var standard = metric.metricType() != null;
    return RequestBasedServiceLevelIndicator.builder()
        .requestBasedSliMetric(
            answer ->
                answer
                    .keyAttributes(standard ? reported(metric.keyAttributes()) : null)
                    .operationName(metric.operationName())
                    .dependencyConfig(metric.dependencyConfig())
                    .metricType(metric.metricType())
                    .totalRequestCountMetric(
                        standard
                            ? List.of(own("Sum", 60))
                            : answer(metric.totalRequestCountMetric()))
                    .monitoredRequestCountMetric(
                        standard
                            ? MonitoredRequestCountMetricDataQueries.fromBadCountMetric(
                                List.of(own("Sum", 60)))
                            : answer(metric.monitoredRequestCountMetric())))
        .metricThreshold(asked.metricThreshold())
        .comparisonOperator(asked.comparisonOperator())
        .build();
  }

  private static MonitoredRequestCountMetricDataQueries answer(
      MonitoredRequestCountMetricDataQueries asked) {
    return asked.hasGoodCountMetric()
        ? MonitoredRequestCountMetricDataQueries.fromGoodCountMetric(
            answer(asked.goodCountMetric()))
        : MonitoredRequestCountMetricDataQueries.fromBadCountMetric(answer(asked.badCountMetric()));
  }

  private static Map<String, String> reported(Map<String, String> attributes) {
    var reported = new TreeMap<>(attributes);
    reported.put("AwsAccountId", ACCOUNT);
    return reported;
  }

  /** The metric that Application Signals computes a standard one from. */
  private static MetricDataQuery own(String statistic, Integer period) {
    return MetricDataQuery.builder()
        .id("m1")
        .returnData(true)
        .metricStat(
            stat ->
                stat.metric(of -> of.namespace("ApplicationSignals").metricName("Latency"))
                    .period(period)
                    .stat(
                        statistic == null
                            ? "Average"
                            : statistic.replaceFirst("^p(\\d+)$", "P$1.0")))
        .build();
  }

  /** The account is filled in; that a single query is returned goes without saying. */
  private static List<MetricDataQuery> answer(List<MetricDataQuery> asked) {
    if (asked.stream().filter(query -> Boolean.TRUE.equals(query.returnData())).count() != 1)
      throw invalid("ReturnData true at exactly one query");
    if (asked.stream().allMatch(query -> query.metricStat() == null && query.period() == null))
      throw invalid("At least one metricStat or expression should define a period");
    return asked.stream()
        .map(
            query ->
                query.toBuilder()
                    .accountId(query.accountId() == null ? ACCOUNT : query.accountId())
                    .returnData(asked.size() == 1 ? null : query.returnData())
                    .metricStat(
                        query.metricStat() == null
                            ? null
                            : query
                                .metricStat()
                                .copy(
                                    stat ->
                                        stat.metric(
                                            query
                                                .metricStat()
                                                .metric()
                                                .copy(
                                                    metric ->
                                                        metric.dimensions(
                                                            query
                                                                .metricStat()
                                                                .metric()
                                                                .dimensions()
                                                                .reversed())))))
                    .build())
        .collect(Collectors.collectingAndThen(Collectors.toList(), List::reversed));
  }
}
