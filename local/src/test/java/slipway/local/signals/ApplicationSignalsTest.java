package slipway.local.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Pace;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.applicationsignals.model.ApplicationSignalsException;
import software.amazon.awssdk.services.applicationsignals.model.BurnRateConfiguration;
import software.amazon.awssdk.services.applicationsignals.model.ConflictException;
import software.amazon.awssdk.services.applicationsignals.model.CreateServiceLevelObjectiveRequest;
import software.amazon.awssdk.services.applicationsignals.model.DurationUnit;
import software.amazon.awssdk.services.applicationsignals.model.EvaluationType;
import software.amazon.awssdk.services.applicationsignals.model.ListServiceLevelObjectivesRequest;
import software.amazon.awssdk.services.applicationsignals.model.ResourceNotFoundException;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjective;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveBudgetStatus;
import software.amazon.awssdk.services.applicationsignals.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.applicationsignals.model.Tag;
import software.amazon.awssdk.services.applicationsignals.model.ValidationException;

class ApplicationSignalsTest {
  private static final Instant NOON = Instant.parse("2026-08-04T12:00:00Z");
  private static final ServiceKey DICE = new ServiceKey("dice", "production");
  private static final String NAME = "dice GET rolldice availability";
  private static final String ARN =
      "arn:aws:application-signals:ap-northeast-1:123456789012:slo/" + NAME;

  private final HandClock clock = new HandClock();
  private final Measurements measurements = new Measurements(new Pace(10));
  private Wire wire;
  private ApplicationSignalsClient client;

  /** Moved by hand. */
  private static final class HandClock extends Clock {
    private Instant now = NOON;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void start() throws Exception {
    wire = new Wire(new ApplicationSignals(measurements, clock, "ap-northeast-1", "123456789012"));
    client =
        ApplicationSignalsClient.builder()
            .endpointOverride(wire.endpoint())
            .region(Region.AP_NORTHEAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
            .httpClient(ApacheHttpClient.create())
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    wire.close();
  }

  @Test
  void aServiceAndItsOperationsAreListedOnceTheyServed() {
    assertThat(client.listServices(r -> r.startTime(NOON).endTime(NOON)).serviceSummaries())
        .isEmpty();
    served("GET /rolldice", Request.Outcome.OK);
    served("GET /healthcheck", Request.Outcome.OK);

    var services =
        client.listServicesPaginator(r -> r.startTime(NOON.minusSeconds(60)).endTime(NOON));
    assertThat(services.serviceSummaries())
        .extracting(service -> service.keyAttributes())
        .containsExactly(DICE.keyAttributes());
    var operations =
        client.listServiceOperationsPaginator(
            r ->
                r.startTime(NOON.minusSeconds(60))
                    .endTime(NOON)
                    .maxResults(1)
                    .keyAttributes(DICE.keyAttributes()));
    assertThat(operations.serviceOperations())
        .extracting(operation -> operation.name())
        .containsExactly("GET /healthcheck", "GET /rolldice");
    assertThat(operations.serviceOperations().iterator().next().metricReferences())
        .extracting(metric -> metric.namespace() + " " + metric.metricName())
        .containsExactly(
            "ApplicationSignals Latency", "ApplicationSignals Fault", "ApplicationSignals Error");
    var service =
        client
            .getService(r -> r.startTime(NOON).endTime(NOON).keyAttributes(DICE.keyAttributes()))
            .service();
    assertThat(service.keyAttributes()).isEqualTo(DICE.keyAttributes());
    assertThat(
            client
                .listServices(
                    r -> r.startTime(NOON.minusSeconds(9000)).endTime(NOON.minusSeconds(7200)))
                .serviceSummaries())
        .isEmpty();
  }

  @Test
  void anOperationThatWasNeverSeenGetsNoObjective() {
    assertThatThrownBy(() -> create(_ -> {}))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("GET /rolldice")
        .hasMessageContaining("has not reported");
  }

  @Test
  void anObjectiveIsAnsweredAsAwsNormalisesIt() {
    served("GET /rolldice", Request.Outcome.OK);
    var created = create(_ -> {});

    assertThat(created.arn()).isEqualTo(ARN);
    assertThat(created.createdTime()).isEqualTo(NOON);
    assertThat(created.evaluationType()).isEqualTo(EvaluationType.PERIOD_BASED);
    assertThat(created.goal().attainmentGoal()).isEqualTo(99.9);
    assertThat(created.goal().warningThreshold()).isEqualTo(50);
    assertThat(created.goal().interval().rollingInterval().duration()).isEqualTo(7);
    assertThat(created.goal().interval().rollingInterval().durationUnit())
        .isEqualTo(DurationUnit.DAY);
    var metric = created.sli().sliMetric();
    assertThat(metric.keyAttributes()).isEqualTo(DICE.keyAttributes());
    assertThat(metric.operationName()).isEqualTo("GET /rolldice");
    assertThat(metric.metricDataQueries())
        .anySatisfy(query -> assertThat(query.metricStat().period()).isEqualTo(60))
        .anySatisfy(query -> assertThat(query.expression()).isEqualTo("(1 - fault) * 100"));
    assertThat(client.getServiceLevelObjective(r -> r.id(NAME)).slo()).isEqualTo(created);
    assertThat(client.getServiceLevelObjective(r -> r.id(ARN)).slo()).isEqualTo(created);
    assertThat(client.listServiceLevelObjectivesPaginator(list()).sloSummaries())
        .extracting(summary -> summary.name())
        .containsExactly(NAME);
  }

  @Test
  void aLatencyObjectiveNamesItsStatisticInTheQueries() {
    served("GET /rolldice", Request.Outcome.OK);
    var created =
        create(
            r ->
                r.name("dice p99")
                    .sliConfig(
                        sli ->
                            sli.sliMetricConfig(
                                    metric ->
                                        metric
                                            .keyAttributes(DICE.keyAttributes())
                                            .operationName("GET /rolldice")
                                            .metricType("LATENCY")
                                            .statistic("p99")
                                            .periodSeconds(60))
                                .metricThreshold(300.0)
                                .comparisonOperator("LessThanOrEqualTo"))
                    .burnRateConfigurations(
                        BurnRateConfiguration.builder().lookBackWindowMinutes(60).build()));

    var stat = created.sli().sliMetric().metricDataQueries().getFirst().metricStat();
    assertThat(stat.stat()).isEqualTo("p99");
    assertThat(stat.metric().metricName()).isEqualTo("Latency");
    assertThat(created.sli().metricThreshold()).isEqualTo(300);
    assertThat(created.burnRateConfigurations().getFirst().lookBackWindowMinutes()).isEqualTo(60);
  }

  @Test
  void theNameIsTakenOnceAndFreeAfterDeletion() {
    served("GET /rolldice", Request.Outcome.OK);
    create(_ -> {});
    assertThatThrownBy(() -> create(_ -> {})).isInstanceOf(ConflictException.class);
    client.deleteServiceLevelObjective(r -> r.id(NAME));
    client.deleteServiceLevelObjective(r -> r.id(NAME));
    assertThatThrownBy(() -> client.getServiceLevelObjective(r -> r.id(NAME)))
        .isInstanceOf(ResourceNotFoundException.class);
    create(_ -> {});
  }

  @Test
  void aServiceHasAtMostAHundredObjectives() {
    served("GET /rolldice", Request.Outcome.OK);
    IntStream.range(0, 100).forEach(i -> create(r -> r.name("slo " + i)));
    assertThatThrownBy(() -> create(_ -> {}))
        .isInstanceOf(ServiceQuotaExceededException.class)
        .hasMessageContaining("100");
  }

  @Test
  void anUpdateKeepsWhatItLeavesOutAndAChangedThresholdStartsAnew() {
    served("GET /rolldice", Request.Outcome.FAULT);
    create(_ -> {});
    clock.now = NOON.plusSeconds(60);
    var goal =
        client
            .updateServiceLevelObjective(
                r -> r.id(NAME).description("Rolls").goal(g -> g.attainmentGoal(99.0)))
            .slo();
    assertThat(goal.goal().attainmentGoal()).isEqualTo(99);
    assertThat(goal.goal().interval().rollingInterval().duration()).isEqualTo(7);
    assertThat(goal.description()).isEqualTo("Rolls");
    assertThat(goal.lastUpdatedTime()).isEqualTo(clock.now);
    assertThat(status()).isEqualTo(ServiceLevelObjectiveBudgetStatus.OK);

    client.updateServiceLevelObjective(
        r -> r.id(NAME).sliConfig(sli -> availability(sli, "GET /rolldice", 50.0)));
    assertThat(status()).isEqualTo(ServiceLevelObjectiveBudgetStatus.INSUFFICIENT_DATA);
    assertThatThrownBy(
            () ->
                client.updateServiceLevelObjective(
                    r ->
                        r.id(NAME)
                            .requestBasedSliConfig(
                                sli ->
                                    sli.requestBasedSliMetricConfig(
                                        metric ->
                                            metric
                                                .keyAttributes(DICE.keyAttributes())
                                                .operationName("GET /rolldice")
                                                .metricType("AVAILABILITY")))))
        .isInstanceOf(ValidationException.class);
  }

  @Test
  void budgetsComeFromWhatWasMeasuredAndAnUnknownObjectiveIsAnErrorEntry() {
    served("GET /rolldice", Request.Outcome.OK);
    create(_ -> {});
    assertThat(status()).isEqualTo(ServiceLevelObjectiveBudgetStatus.INSUFFICIENT_DATA);
    for (var period = 1; period < 12; period++) {
      clock.now = NOON.plusSeconds(period * 6);
      served("GET /rolldice", Request.Outcome.FAULT);
    }
    clock.now = NOON.plusSeconds(72);

    var answer =
        client.batchGetServiceLevelObjectiveBudgetReport(
            r -> r.timestamp(clock.now).sloIds(NAME, "none here"));
    var report = answer.reports().getFirst();
    assertThat(report.budgetStatus()).isEqualTo(ServiceLevelObjectiveBudgetStatus.BREACHED);
    assertThat(report.attainment()).isEqualTo(100.0 / 12);
    assertThat(report.totalBudgetSeconds()).isEqualTo(605);
    assertThat(report.budgetSecondsRemaining()).isEqualTo(605 - 11 * 60);
    assertThat(answer.errors())
        .extracting(error -> error.name() + ": " + error.errorCode())
        .containsExactly("none here: ResourceNotFoundException");
  }

  @Test
  void tagsAreKeptWithTheObjective() {
    served("GET /rolldice", Request.Outcome.OK);
    create(r -> r.tags(tag("slipway:service", "dice")));
    client.tagResource(r -> r.resourceArn(ARN).tags(tag("team", "games")));
    client.untagResource(r -> r.resourceArn(ARN).tagKeys("slipway:service"));

    assertThat(client.listTagsForResource(r -> r.resourceArn(ARN)).tags())
        .containsExactly(tag("team", "games"));
  }

  @Test
  void callersNeedTheActionOnTheObjectiveAndAtFirstTheServiceLinkedRole() {
    served("GET /rolldice", Request.Outcome.OK);
    create(r -> r.tags(tag("a", "b")));
    assertThat(wire.needed)
        .containsExactly(
            new Permission("application-signals:CreateServiceLevelObjective", ARN),
            new Permission("application-signals:TagResource", ARN),
            new Permission(
                "iam:CreateServiceLinkedRole",
                "arn:aws:iam::123456789012:role/aws-service-role/application-signals.cloudwatch.amazonaws.com/AWSServiceRoleForCloudWatchApplicationSignals",
                Map.of("iam:AWSServiceName", "application-signals.cloudwatch.amazonaws.com")));
    wire.needed.clear();
    client.startDiscovery(_ -> {});
    client.getServiceLevelObjective(r -> r.id(NAME));
    client.listServiceLevelObjectives(list());
    status();
    assertThat(wire.needed)
        .containsExactly(
            new Permission("application-signals:StartDiscovery", "*"),
            new Permission("application-signals:GetServiceLevelObjective", ARN),
            new Permission("application-signals:ListServiceLevelObjectives", "*"),
            new Permission("application-signals:BatchGetServiceLevelObjectiveBudgetReport", ARN));
  }

  @Test
  void anOperationThatIsNotPlayedIsNamed() {
    assertThatThrownBy(
            () ->
                client.listServiceDependencies(
                    r -> r.startTime(NOON).endTime(NOON).keyAttributes(DICE.keyAttributes())))
        .isInstanceOf(ApplicationSignalsException.class)
        .hasMessageContaining("POST /service-dependencies is not played");
  }

  private void served(String operation, Request.Outcome outcome) {
    measurements.add(new Request(DICE, operation, clock.now, 20, outcome));
  }

  private ServiceLevelObjectiveBudgetStatus status() {
    return client
        .batchGetServiceLevelObjectiveBudgetReport(r -> r.timestamp(clock.now).sloIds(ARN))
        .reports()
        .getFirst()
        .budgetStatus();
  }

  private ServiceLevelObjective create(
      Consumer<CreateServiceLevelObjectiveRequest.Builder> change) {
    return client
        .createServiceLevelObjective(
            r -> {
              r.name(NAME)
                  .sliConfig(sli -> availability(sli, "GET /rolldice", 99.9))
                  .goal(goal -> goal.attainmentGoal(99.9));
              change.accept(r);
            })
        .slo();
  }

  private static void availability(
      software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicatorConfig.Builder
          sli,
      String operation,
      double threshold) {
    sli.sliMetricConfig(
            metric ->
                metric
                    .keyAttributes(DICE.keyAttributes())
                    .operationName(operation)
                    .metricType("AVAILABILITY")
                    .periodSeconds(60))
        .metricThreshold(threshold)
        .comparisonOperator("GreaterThanOrEqualTo");
  }

  private static ListServiceLevelObjectivesRequest list() {
    return ListServiceLevelObjectivesRequest.builder()
        .keyAttributes(DICE.keyAttributes())
        .operationName("GET /rolldice")
        .maxResults(10)
        .build();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
