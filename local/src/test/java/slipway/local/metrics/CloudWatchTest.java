package slipway.local.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import slipway.json.Json;
import slipway.local.HandClock;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.CallLog;
import slipway.local.cloud.Credentials;
import slipway.local.cloud.FrontDoor;
import slipway.local.cloud.Pace;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.DimensionFilter;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.RecentlyActive;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** CloudWatch's API through the front door, with the SDK's client. */
class CloudWatchTest {
  private static final Instant NOON = Instant.parse("2026-08-04T12:00:00Z");
  private final HandClock clock = new HandClock(NOON);

  /** At this pace a minute of AWS is a second. */
  private final MetricStore store = new MetricStore(new Minutes(new Pace(60)));

  private final Alarms alarms = new Alarms("test", store, clock, _ -> {});
  private final List<AwsService.Permission> needed = new CopyOnWriteArrayList<>();
  private final List<String> spoken = new CopyOnWriteArrayList<>();
  private FrontDoor door;
  private CloudWatchClient client;

  @BeforeEach
  void open() {
    var credentials = new Credentials();
    door =
        new FrontDoor(
            credentials,
            (_, permission) -> {
              needed.add(permission);
              return Optional.empty();
            },
            new CallLog());
    var played = new CloudWatch(store, alarms, clock);
    door.add(
        new AwsService() {
          @Override
          public String name() {
            return played.name();
          }

          @Override
          public List<Permission> needs(AwsCall call) {
            return played.needs(call);
          }

          @Override
          public AwsAnswer answer(AwsCall call) {
            spoken.add(call.headers().get("content-type") + " " + call.operation());
            return played.answer(call);
          }
        });
    var keys = credentials.operator("operator");
    client =
        CloudWatchClient.builder()
            .endpointOverride(door.uri())
            .region(Region.AP_NORTHEAST_1)
            .httpClient(UrlConnectionHttpClient.create())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsSessionCredentials.create(
                        keys.caller().accessKey(), keys.secret(), keys.token())))
            .build();
  }

  @AfterEach
  void close() {
    client.close();
    door.close();
    alarms.close();
  }

  private void alarm(String name, String missing) {
    alarms.put(
        Alarm.of(
            name,
            Json.parse(
                """
                {"Namespace": "Shop", "MetricName": "Lost", "Statistic": "Sum", "Period": 60,
                 "Dimensions": [{"Name": "Page", "Value": "home"}], "EvaluationPeriods": 2,
                 "DatapointsToAlarm": 1, "Threshold": 5, "AlarmDescription": "Orders & <more>",
                 "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "%s",
                 "AlarmActions": ["arn:aws:sns:ap-northeast-1:123456789012:alerts"]}
                """
                    .formatted(missing))));
  }

  private void lost(double value) {
    client.putMetricData(
        r ->
            r.namespace("Shop")
                .metricData(
                    datum(
                        d ->
                            d.metricName("Lost")
                                .dimensions(home())
                                .timestamp(clock.instant())
                                .value(value))));
  }

  private static MetricDatum datum(Consumer<MetricDatum.Builder> change) {
    var datum = MetricDatum.builder();
    change.accept(datum);
    return datum.build();
  }

  private static Dimension home() {
    return Dimension.builder().name("Page").value("home").build();
  }

  @Test
  void theSdkSpeaksTheQueryProtocol() {
    client.describeAlarms();
    assertThat(spoken)
        .containsExactly("application/x-www-form-urlencoded; charset=utf-8 DescribeAlarms");
  }

  @Test
  void whatIsPutSetsAnAlarmOffWhichIsDescribed() {
    alarm("lost orders", "notBreaching");
    assertThat(client.describeAlarms().metricAlarms())
        .extracting(MetricAlarm::stateValue)
        .containsExactly(StateValue.OK);
    lost(9);
    clock.pass(Duration.ofSeconds(1));

    var found = client.describeAlarms(r -> r.alarmNames("lost orders")).metricAlarms().getFirst();
    assertThat(found.stateValue()).isEqualTo(StateValue.ALARM);
    assertThat(found.stateReason()).startsWith("Threshold Crossed: 1 out of the last 2");
    assertThat(found.stateUpdatedTimestamp()).isEqualTo(clock.instant());
    assertThat(found.alarmDescription()).isEqualTo("Orders & <more>");
    assertThat(found.alarmArn())
        .isEqualTo("arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:lost orders");
    assertThat(found.dimensions()).containsExactly(home());
    assertThat(found.alarmActions()).hasSize(1);
    assertThat(found.evaluationPeriods()).isEqualTo(2);
    assertThat(found.threshold()).isEqualTo(5);
    assertThat(needed)
        .contains(new AwsService.Permission("cloudwatch:DescribeAlarms", found.alarmArn()));
  }

  @Test
  void alarmsAreFoundByNamePrefixAndStateAHundredAtATime() {
    IntStream.range(0, 120).forEach(i -> alarm("slo-%03d".formatted(i), "notBreaching"));
    alarm("other", "missing");

    assertThat(client.describeAlarmsPaginator(r -> r.alarmNamePrefix("slo-")).metricAlarms())
        .hasSize(120);
    assertThat(client.describeAlarms(r -> r.alarmNamePrefix("slo-")).metricAlarms()).hasSize(100);
    assertThat(
            client.describeAlarms(r -> r.stateValue(StateValue.INSUFFICIENT_DATA)).metricAlarms())
        .extracting(MetricAlarm::alarmName)
        .containsExactly("other");
    assertThatThrownBy(
            () ->
                client.describeAlarms(
                    r -> r.alarmNames(java.util.Collections.nCopies(101, "slo-001"))))
        .hasMessageContaining("'AlarmNames'");
  }

  @Test
  void aStateIsSetUntilTheNextEvaluation() {
    alarm("lost orders", "notBreaching");
    client.setAlarmState(
        r -> r.alarmName("lost orders").stateValue(StateValue.ALARM).stateReason("a drill"));
    assertThat(client.describeAlarms().metricAlarms().getFirst().stateReason())
        .isEqualTo("a drill");
    clock.pass(Duration.ofSeconds(1));
    assertThat(client.describeAlarms().metricAlarms().getFirst().stateValue())
        .isEqualTo(StateValue.OK);
    assertThatThrownBy(
            () ->
                client.setAlarmState(
                    r -> r.alarmName("none").stateValue(StateValue.OK).stateReason("")))
        .isInstanceOfSatisfying(
            CloudWatchException.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ResourceNotFound"));
  }

  @Test
  void metricsAreListedByWhatTheyAreAndIfTheyAreRecent() {
    lost(1);
    client.putMetricData(
        r ->
            r.namespace("Mail")
                .metricData(datum(d -> d.metricName("Sent").value(1.0).timestamp(NOON))));
    assertThat(client.listMetrics().metrics())
        .extracting(metric -> metric.namespace() + " " + metric.metricName())
        .containsExactly("Mail Sent", "Shop Lost");
    assertThat(
            client
                .listMetrics(
                    r ->
                        r.namespace("Shop")
                            .metricName("Lost")
                            .dimensions(DimensionFilter.builder().name("Page").build()))
                .metrics()
                .getFirst()
                .dimensions())
        .containsExactly(home());
    assertThat(
            client
                .listMetrics(
                    r -> r.dimensions(DimensionFilter.builder().name("Page").value("cart").build()))
                .metrics())
        .isEmpty();
    // Three hours are 180 s here.
    clock.pass(Duration.ofSeconds(182));
    lost(1);
    assertThat(client.listMetrics(r -> r.recentlyActive(RecentlyActive.PT3_H)).metrics())
        .extracting(metric -> metric.metricName())
        .containsExactly("Lost");
    IntStream.range(0, 600)
        .forEach(i -> store.add(Metric.of("Many", "m" + i, Map.of()), clock.instant(), 1));
    assertThat(client.listMetrics(r -> r.namespace("Many")).metrics()).hasSize(500);
    assertThat(client.listMetricsPaginator(r -> r.namespace("Many")).metrics()).hasSize(600);
  }

  @Test
  void dataAreGivenWithMathNewestFirst() {
    for (var minute = 0; minute < 3; minute++) {
      lost(minute + 1);
      clock.pass(Duration.ofSeconds(1));
    }
    var queries =
        List.of(
            MetricDataQuery.builder()
                .id("m")
                .returnData(false)
                .metricStat(
                    s ->
                        s.metric(m -> m.namespace("Shop").metricName("Lost").dimensions(home()))
                            .period(60)
                            .stat("Sum"))
                .build(),
            MetricDataQuery.builder().id("e").expression("m * 10").label("ten").build());
    var result =
        client
            .getMetricData(
                r -> r.startTime(NOON).endTime(clock.instant()).metricDataQueries(queries))
            .metricDataResults();
    assertThat(result).hasSize(1);
    assertThat(result.getFirst().label()).isEqualTo("ten");
    assertThat(result.getFirst().values()).containsExactly(30.0, 20.0, 10.0);
    assertThat(result.getFirst().timestamps())
        .containsExactly(NOON.plusSeconds(2), NOON.plusSeconds(1), NOON);
    assertThat(
            client
                .getMetricData(
                    r ->
                        r.startTime(NOON)
                            .endTime(clock.instant())
                            .scanBy(ScanBy.TIMESTAMP_ASCENDING)
                            .metricDataQueries(
                                queries.getFirst().toBuilder()
                                    .returnData(true)
                                    .metricStat(
                                        queries.getFirst().metricStat().toBuilder()
                                            .period(180)
                                            .build())
                                    .build()))
                .metricDataResults()
                .getFirst()
                .values()
                .stream()
                .mapToDouble(Double::doubleValue)
                .sum())
        .isLessThanOrEqualTo(6);
    assertThatThrownBy(
            () ->
                client.getMetricData(
                    r ->
                        r.startTime(NOON)
                            .endTime(clock.instant())
                            .metricDataQueries(
                                MetricDataQuery.builder()
                                    .id("e")
                                    .expression("SEARCH('{Shop}', 'Sum')")
                                    .build())))
        .isInstanceOf(CloudWatchException.class);
  }

  @Test
  void largeRequestsAreZippedAndStatisticsAndCountsAreTaken() {
    client.putMetricData(
        r ->
            r.namespace("Shop")
                .metricData(
                    IntStream.range(0, 900)
                        .mapToObj(
                            i ->
                                MetricDatum.builder()
                                    .metricName("Lost")
                                    .dimensions(home())
                                    .timestamp(NOON)
                                    .value(1.0)
                                    .build())
                        .toList()));
    client.putMetricData(
        r ->
            r.namespace("Shop")
                .metricData(
                    datum(
                        d ->
                            d.metricName("Lost")
                                .dimensions(home())
                                .timestamp(NOON)
                                .statisticValues(
                                    s -> s.sampleCount(2.0).sum(50.0).minimum(20.0).maximum(30.0))),
                    datum(
                        d ->
                            d.metricName("Lost")
                                .dimensions(home())
                                .timestamp(NOON)
                                .values(List.of(5.0, 7.0))
                                .counts(List.of(10.0, 1.0)))));
    var values = DoubleStream.of(statistic("Sum"), statistic("SampleCount"), statistic("Maximum"));
    assertThat(values.toArray()).containsExactly(900 + 50 + 57, 900 + 2 + 11, 30);
  }

  private double statistic(String statistic) {
    return Evaluation.of(
        store,
        List.of(
            Query.stat(
                "m", Metric.of("Shop", "Lost", Map.of("Page", "home")), 60, statistic, true)),
        new Grid(store.minutes().index(NOON), 1, 1))[0];
  }

  @Test
  void dataThatCloudWatchWouldNotTakeIsRefusedAltogether() {
    assertThatThrownBy(
            () ->
                client.putMetricData(
                    r ->
                        r.namespace("AWS/Shop")
                            .metricData(datum(d -> d.metricName("m").value(1.0)))))
        .isInstanceOf(InvalidParameterValueException.class);
    assertThatThrownBy(
            () ->
                client.putMetricData(
                    r ->
                        r.namespace("Shop")
                            .metricData(
                                datum(d -> d.metricName("first").value(1.0)),
                                datum(
                                    d ->
                                        d.metricName("old")
                                            .value(1.0)
                                            .timestamp(NOON.minus(Duration.ofDays(15)))))))
        .isInstanceOf(InvalidParameterValueException.class)
        .hasMessageContaining("MetricData[1].Timestamp");
    assertThatThrownBy(
            () ->
                client.putMetricData(
                    r ->
                        r.namespace("Shop")
                            .metricData(datum(d -> d.metricName("m").value(1.0).values(1.0)))))
        .isInstanceOf(InvalidParameterCombinationException.class);
    assertThatThrownBy(
            () ->
                client.putMetricData(
                    r ->
                        r.namespace("Shop")
                            .metricData(datum(d -> d.metricName("m").value(Double.NaN)))))
        .isInstanceOf(InvalidParameterValueException.class);
    assertThat(store.metrics()).isEmpty();
    assertThat(needed)
        .contains(
            new AwsService.Permission(
                "cloudwatch:PutMetricData", "*", Map.of("cloudwatch:namespace", "Shop")));
    assertThatThrownBy(() -> client.listDashboards(_ -> {}))
        .hasMessageContaining("monitoring:ListDashboards");
  }
}
