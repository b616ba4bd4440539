package slipway.local.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.local.signals.PlayedSignals.DICE;
import static slipway.local.signals.PlayedSignals.NOON;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import slipway.local.cloud.AwsService.Permission;
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
import software.amazon.awssdk.services.applicationsignals.model.ThrottlingException;
import software.amazon.awssdk.services.applicationsignals.model.ValidationException;

class ApplicationSignalsTest {
  private static final String NAME = "dice GET rolldice availability";
  private static final String ARN =
      "arn:aws:application-signals:ap-northeast-1:123456789012:slo/" + NAME;

  private PlayedSignals played;
  private ApplicationSignalsClient client;

  @BeforeEach
  void start() throws Exception {
    played = new PlayedSignals(PlayedSignals.LIMITS);
    client = played.client;
  }

  @AfterEach
  void stop() {
    played.close();
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
  void aServiceAndAnAccountHaveAtMostAsManyObjectivesAsTheirQuotasAllow() throws Exception {
    assertThat(Limits.AWS.slos()).isEqualTo(250);
    assertThat(Limits.AWS.slosPerService()).isEqualTo(100);
    for (var quota :
        Map.of(
                PlayedSignals.LIMITS.withQuotas(9, 2), "2 service level objectives of service dice",
                PlayedSignals.LIMITS.withQuotas(2, 9), "2 service level objectives in this Region")
            .entrySet())
      try (var small = new PlayedSignals(quota.getKey())) {
        small.served("GET /rolldice", Request.Outcome.OK);
        IntStream.range(0, 2).forEach(i -> small.create(r -> availability(r).name("slo " + i)));
        assertThatThrownBy(() -> small.create(r -> availability(r).name("slo 2")))
            .isInstanceOf(ServiceQuotaExceededException.class)
            .hasMessageContaining(quota.getValue());
      }
  }

  @Test
  void requestsBeyondTheRateOfAnOperationAreThrottledAndItsBucketFillsUpAgain() throws Exception {
    try (var real = new PlayedSignals(Limits.AWS)) {
      for (var i = 0; i < 5; i++) real.client.listServiceLevelObjectives(_ -> {});
      for (var i = 0; i < 10; i++) real.client.listServices(r -> r.startTime(NOON).endTime(NOON));
      assertThatThrownBy(() -> real.client.listServiceLevelObjectives(_ -> {}))
          .isInstanceOfSatisfying(
              ThrottlingException.class, e -> assertThat(e.statusCode()).isEqualTo(429))
          .hasMessageContaining("Rate exceeded");
      real.clock.pass(java.time.Duration.ofMillis(400));
      for (var i = 0; i < 2; i++) real.client.listServiceLevelObjectives(_ -> {});
      assertThatThrownBy(() -> real.client.listServiceLevelObjectives(_ -> {}))
          .isInstanceOf(ThrottlingException.class);
    }
    try (var wide = new PlayedSignals(Limits.AWS.withRates(2))) {
      for (var i = 0; i < 10; i++) wide.client.listServiceLevelObjectives(_ -> {});
      assertThatThrownBy(() -> wide.client.listServiceLevelObjectives(_ -> {}))
          .isInstanceOf(ThrottlingException.class);
    }
  }

  @Test
  void anUpdateKeepsWhatItLeavesOutAndAChangedThresholdStartsAnew() {
    served("GET /rolldice", Request.Outcome.FAULT);
    create(_ -> {});
    played.clock.set(NOON.plusSeconds(60));
    var goal =
        client
            .updateServiceLevelObjective(
                r -> r.id(NAME).description("Rolls").goal(g -> g.attainmentGoal(99.0)))
            .slo();
    assertThat(goal.goal().attainmentGoal()).isEqualTo(99);
    assertThat(goal.goal().interval().rollingInterval().duration()).isEqualTo(7);
    assertThat(goal.description()).isEqualTo("Rolls");
    assertThat(goal.lastUpdatedTime()).isEqualTo(played.clock.instant());
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
      played.clock.set(NOON.plusSeconds(period * 6));
      served("GET /rolldice", Request.Outcome.FAULT);
    }
    played.clock.set(NOON.plusSeconds(72));

    var answer =
        client.batchGetServiceLevelObjectiveBudgetReport(
            r -> r.timestamp(played.clock.instant()).sloIds(NAME, "none here"));
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
    assertThat(played.wire.needed)
        .containsExactly(
            new Permission("application-signals:CreateServiceLevelObjective", ARN),
            new Permission("application-signals:TagResource", ARN),
            new Permission(
                "iam:CreateServiceLinkedRole",
                "arn:aws:iam::123456789012:role/aws-service-role/application-signals.cloudwatch.amazonaws.com/AWSServiceRoleForCloudWatchApplicationSignals",
                Map.of("iam:AWSServiceName", "application-signals.cloudwatch.amazonaws.com")));
    played.wire.needed.clear();
    client.startDiscovery(_ -> {});
    client.getServiceLevelObjective(r -> r.id(NAME));
    client.listServiceLevelObjectives(list());
    status();
    assertThat(played.wire.needed)
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
                client.listServiceDependents(
                    r -> r.startTime(NOON).endTime(NOON).keyAttributes(DICE.keyAttributes())))
        .isInstanceOf(ApplicationSignalsException.class)
        .hasMessageContaining("POST /service-dependents is not played");
  }

  private void served(String operation, Request.Outcome outcome) {
    played.served(operation, outcome);
  }

  private ServiceLevelObjectiveBudgetStatus status() {
    return played.report(ARN).budgetStatus();
  }

  private ServiceLevelObjective create(
      Consumer<CreateServiceLevelObjectiveRequest.Builder> change) {
    return played.create(r -> change.accept(availability(r)));
  }

  private static CreateServiceLevelObjectiveRequest.Builder availability(
      CreateServiceLevelObjectiveRequest.Builder create) {
    return create
        .name(NAME)
        .sliConfig(sli -> availability(sli, "GET /rolldice", 99.9))
        .goal(goal -> goal.attainmentGoal(99.9));
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
