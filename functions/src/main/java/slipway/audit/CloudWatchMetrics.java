package slipway.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.RecentlyActive;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** CloudWatch itself. Lists are read page by page, and not beyond {@link #MOST_PAGES}. */
final class CloudWatchMetrics implements Metrics {
  private static final String SLO_NAMESPACE = "AWS/ApplicationSignals";
  private static final String BURN_RATE = "BurnRate";
  private static final String SLO_NAME = "SloName";
  private static final String WINDOW = "BurnRateWindowMinutes";

  /** Of every JVM, whatever its garbage collector. */
  private static final String JVM = "JVMThreadCount";

  /** A burn rate is published each minute, some minutes late. */
  private static final Duration LATEST = Duration.ofMinutes(15);

  /** A list that never ends is a fault. */
  private static final int MOST_PAGES = 1000;

  private final CloudWatchClient client;

  CloudWatchMetrics(CloudWatchClient client) {
    this.client = client;
  }

  @Override
  public Map<String, List<Burn>> burnRates(List<String> slos, Instant at) {
    if (slos.isEmpty()) return Map.of();
    if (slos.size() > BATCH)
      throw new IllegalArgumentException(slos.size() + " SLOs: want at most " + BATCH);
    var queries = new ArrayList<MetricDataQuery>();
    for (int slo = 0; slo < slos.size(); slo++)
      for (int window : Burn.WINDOWS) queries.add(query(slo, slos.get(slo), window));
    var rates = new TreeMap<String, List<Burn>>();
    client
        .getMetricDataPaginator(
            GetMetricDataRequest.builder()
                .startTime(at.minus(LATEST))
                .endTime(at)
                .scanBy(ScanBy.TIMESTAMP_DESCENDING)
                .metricDataQueries(queries)
                .build())
        .metricDataResults()
        .forEach(result -> put(rates, slos, result));
    return rates;
  }

  private static MetricDataQuery query(int slo, String name, int window) {
    return MetricDataQuery.builder()
        .id("b" + slo + "_" + window)
        .metricStat(
            stat ->
                stat.metric(
                        metric ->
                            metric
                                .namespace(SLO_NAMESPACE)
                                .metricName(BURN_RATE)
                                .dimensions(
                                    dimension(SLO_NAME, name),
                                    dimension(WINDOW, String.valueOf(window))))
                    .period(60)
                    .stat("Maximum"))
        .build();
  }

  /** A result may come in parts, the newest values first. */
  private static void put(
      Map<String, List<Burn>> rates, List<String> slos, MetricDataResult result) {
    if (result.values().isEmpty()) return;
    var id = result.id().substring(1).split("_");
    var window = Integer.parseInt(id[1]);
    var known = rates.computeIfAbsent(slos.get(Integer.parseInt(id[0])), _ -> new ArrayList<>());
    if (known.stream().noneMatch(burn -> burn.minutes() == window))
      known.add(new Burn(window, result.values().getFirst()));
  }

  @Override
  public Map<String, List<String>> ringing(String prefix) {
    var ringing = new TreeMap<String, List<String>>();
    var pages =
        client.describeAlarmsPaginator(
            describe ->
                describe
                    .alarmNamePrefix(prefix)
                    .alarmTypes(AlarmType.METRIC_ALARM)
                    .stateValue(StateValue.ALARM)
                    .maxRecords(100));
    pages.stream()
        .limit(MOST_PAGES)
        .flatMap(page -> page.metricAlarms().stream())
        .forEach(
            alarm ->
                slos(alarm)
                    .forEach(
                        slo ->
                            ringing
                                .computeIfAbsent(slo, _ -> new ArrayList<>())
                                .add(alarm.alarmName())));
    return ringing;
  }

  /** The SLOs whose burn rate the alarm watches; both its windows name the same one. */
  private static Set<String> slos(MetricAlarm alarm) {
    var slos = new HashSet<String>();
    if (BURN_RATE.equals(alarm.metricName()) && SLO_NAMESPACE.equals(alarm.namespace()))
      value(alarm.dimensions(), SLO_NAME).ifPresent(slos::add);
    for (var query : alarm.metrics())
      if (query.metricStat() != null && burnRate(query.metricStat().metric()))
        value(query.metricStat().metric().dimensions(), SLO_NAME).ifPresent(slos::add);
    return slos;
  }

  private static boolean burnRate(Metric metric) {
    return BURN_RATE.equals(metric.metricName()) && SLO_NAMESPACE.equals(metric.namespace());
  }

  @Override
  public Set<Reported> runtimes() {
    var reported = new HashSet<Reported>();
    client
        .listMetricsPaginator(
            list ->
                list.namespace("ApplicationSignals")
                    .metricName(JVM)
                    .recentlyActive(RecentlyActive.PT3_H))
        .stream()
        .limit(MOST_PAGES)
        .flatMap(page -> page.metrics().stream())
        .forEach(
            metric ->
                value(metric.dimensions(), "Service")
                    .ifPresent(
                        service ->
                            value(metric.dimensions(), "Environment")
                                .ifPresent(
                                    environment ->
                                        reported.add(new Reported(service, environment)))));
    return reported;
  }

  /** The cheapest read that walks the whole path to the API. */
  void touch() {
    client.describeAlarms(describe -> describe.maxRecords(1));
  }

  private static Dimension dimension(String name, String value) {
    return Dimension.builder().name(name).value(value).build();
  }

  private static Optional<String> value(List<Dimension> dimensions, String name) {
    return dimensions.stream()
        .filter(dimension -> dimension.name().equals(name))
        .map(Dimension::value)
        .findFirst();
  }
}
