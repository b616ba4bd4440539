package slipway.local.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.local.signals.PlayedSignals.DICE;
import static slipway.local.signals.PlayedSignals.NOON;
import static slipway.local.signals.PlayedSignals.ROLL;
import static slipway.local.signals.PlayedSignals.availability;
import static slipway.local.signals.PlayedSignals.periods;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import slipway.json.Json;
import slipway.local.metrics.Metric;
import software.amazon.awssdk.services.applicationsignals.model.Dimension;
import software.amazon.awssdk.services.applicationsignals.model.DurationUnit;
import software.amazon.awssdk.services.applicationsignals.model.MetricDataQuery;
import software.amazon.awssdk.services.applicationsignals.model.MetricSourceType;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveBudgetStatus;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveSummary;
import software.amazon.awssdk.services.applicationsignals.model.ValidationException;

/** Every kind of objective, by the SDK's client; what its version does not know yet, as JSON. */
class ObjectiveKindsTest {
  private PlayedSignals played;

  @BeforeEach
  void start() throws Exception {
    played = new PlayedSignals(PlayedSignals.LIMITS);
    played.served(ROLL, Request.Outcome.OK);
    played.served("GET /about", Request.Outcome.OK);
  }

  @AfterEach
  void stop() {
    played.close();
  }

  private static MetricDataQuery stat(String id, String metric, boolean returned) {
    return MetricDataQuery.builder()
        .id(id)
        .metricStat(
            s ->
                s.metric(
                        m ->
                            m.namespace("Shop")
                                .metricName(metric)
                                .dimensions(Dimension.builder().name("Page").value("home").build()))
                    .period(60)
                    .stat("Sum")
                    .unit("Count"))
        .returnData(returned)
        .build();
  }

  private void shop(String metric, double value) {
    played.store.add(
        Metric.of("Shop", metric, Map.of("Page", "home")), played.clock.instant(), value);
  }

  @Test
  void aWholeServiceIsMeasuredByAllThatItServes() {
    var created =
        played.create(
            periods("dice all", 99, "GreaterThanOrEqualTo", metric -> availability(metric)));
    played.minute(1);
    played.served(ROLL, Request.Outcome.FAULT);
    played.served("GET /about", Request.Outcome.OK);
    played.minute(2);

    assertThat(created.metricSourceTypeAsString()).isEqualTo("Service");
    assertThat(created.sli().sliMetric().operationName()).isNull();
    assertThat(
            created
                .sli()
                .sliMetric()
                .metricDataQueries()
                .getFirst()
                .metricStat()
                .metric()
                .dimensions())
        .extracting(dimension -> dimension.name() + "=" + dimension.value())
        .containsExactly("Environment=production", "Service=dice");
    assertThat(played.report("dice all").attainment()).isEqualTo(50);
  }

  @Test
  void aDependencyIsMeasuredByTheCallsToIt() {
    played.called("rates:80", "GET /rates", Request.Outcome.OK);
    var remote = Map.of("Type", "RemoteService", "Name", "rates:80");
    var listed =
        played
            .client
            .listServiceDependencies(
                r -> r.startTime(NOON).endTime(NOON).keyAttributes(DICE.keyAttributes()))
            .serviceDependencies()
            .getFirst();
    assertThat(listed.operationName()).isEqualTo(ROLL);
    assertThat(listed.dependencyKeyAttributes()).isEqualTo(remote);
    assertThat(listed.dependencyOperationName()).isEqualTo("GET /rates");

    for (var operation : List.of(Optional.of(ROLL), Optional.<String>empty()))
      played.create(
          periods(
              "rates " + operation.isPresent(),
              99,
              "GreaterThanOrEqualTo",
              metric ->
                  availability(metric)
                      .operationName(operation.orElse(null))
                      .dependencyConfig(
                          d ->
                              d.dependencyKeyAttributes(remote)
                                  .dependencyOperationName("GET /rates"))));
    played.minute(1);
    played.called("rates:80", "GET /rates", Request.Outcome.FAULT);
    played.minute(2);

    for (var name : List.of("rates true", "rates false")) {
      var slo = played.client.getServiceLevelObjective(r -> r.id(name)).slo();
      assertThat(slo.metricSourceType()).isEqualTo(MetricSourceType.SERVICE_DEPENDENCY);
      assertThat(slo.sli().sliMetric().dependencyConfig().dependencyKeyAttributes())
          .isEqualTo(remote);
      assertThat(played.report(name).attainment()).isEqualTo(50);
    }
    assertThat(
            names(
                r ->
                    r.dependencyConfig(
                        d ->
                            d.dependencyKeyAttributes(remote)
                                .dependencyOperationName("GET /rates"))))
        .containsExactly("rates false", "rates true");
    assertThat(names(r -> r.operationName(ROLL))).containsExactly("rates true");
  }

  @Test
  void metricMathIsWorkedOutForEachPeriod() {
    var queries =
        List.of(
            stat("lost", "Lost", false),
            stat("all", "All", false),
            MetricDataQuery.builder()
                .id("percent")
                .expression("FILL(lost, 0) / all * 100")
                .returnData(true)
                .build());
    var created =
        played.create(periods("shop", 5, "LessThan", metric -> metric.metricDataQueries(queries)));
    shop("All", 100);
    played.minute(1);
    shop("All", 100);
    shop("Lost", 10);
    played.minute(2);

    assertThat(created.metricSourceType()).isEqualTo(MetricSourceType.CLOUD_WATCH_METRIC);
    assertThat(created.sli().sliMetric().metricDataQueries()).isEqualTo(queries);
    assertThat(created.sli().sliMetric().hasKeyAttributes()).isFalse();
    assertThat(played.report("shop").attainment()).isEqualTo(50);
    assertThat(played.report("shop").budgetSecondsRemaining()).isEqualTo(6048 - 60);
    assertThat(names(r -> r.metricSourceTypes(MetricSourceType.CLOUD_WATCH_METRIC)))
        .containsExactly("shop");
    assertThat(names(r -> r.keyAttributes(DICE.keyAttributes()))).isEmpty();
  }

  @Test
  void requestsAreCountedByTotalAndGoodOrBadMetrics() {
    played.create(
        r ->
            r.name("orders bad")
                .requestBasedSliConfig(
                    sli ->
                        sli.requestBasedSliMetricConfig(
                            metric ->
                                metric
                                    .totalRequestCountMetric(stat("all", "All", true))
                                    .monitoredRequestCountMetric(
                                        m -> m.badCountMetric(stat("lost", "Lost", true))))));
    var good =
        played.create(
            r ->
                r.name("orders good")
                    .requestBasedSliConfig(
                        sli ->
                            sli.requestBasedSliMetricConfig(
                                metric ->
                                    metric
                                        .totalRequestCountMetric(stat("all", "All", true))
                                        .monitoredRequestCountMetric(
                                            m -> m.goodCountMetric(stat("kept", "Kept", true))))));
    shop("All", 1000);
    shop("Lost", 5);
    shop("Kept", 990);
    played.minute(1);

    assertThat(
            good.requestBasedSli()
                .requestBasedSliMetric()
                .monitoredRequestCountMetric()
                .goodCountMetric())
        .containsExactly(stat("kept", "Kept", true));
    assertThat(played.report("orders bad").totalBudgetRequests()).isEqualTo(10);
    assertThat(played.report("orders bad").budgetRequestsRemaining()).isEqualTo(5);
    assertThat(played.report("orders good").budgetRequestsRemaining()).isZero();
    assertThat(played.report("orders good").budgetStatus())
        .isEqualTo(ServiceLevelObjectiveBudgetStatus.BREACHED);
  }

  @Test
  void requestsOfAnOperationAreGoodIfTheyWereFastEnough() {
    var created =
        played.create(
            r ->
                r.name("fast")
                    .requestBasedSliConfig(
                        sli ->
                            sli.requestBasedSliMetricConfig(
                                    metric ->
                                        metric
                                            .keyAttributes(DICE.keyAttributes())
                                            .operationName(ROLL)
                                            .metricType("LATENCY"))
                                .metricThreshold(300.0)
                                .comparisonOperator("LessThanOrEqualTo")));
    played.served(ROLL, 900, Request.Outcome.OK);
    played.minute(1);

    var metric = created.requestBasedSli().requestBasedSliMetric();
    assertThat(metric.totalRequestCountMetric().getFirst().metricStat().stat())
        .isEqualTo("SampleCount");
    assertThat(
            metric.monitoredRequestCountMetric().goodCountMetric().getFirst().metricStat().stat())
        .isEqualTo("TC(:300)");
    assertThat(created.requestBasedSli().metricThreshold()).isEqualTo(300);
    assertThat(played.report("fast").attainment()).isEqualTo(50);
  }

  @Test
  void aMetricOfTheRuntimeIsOneOfTheService() {
    played.measurements.add(DICE, "JVMThreadCount", NOON, 40);
    var created =
        played.create(
            periods(
                "threads",
                100,
                "LessThan",
                metric ->
                    metric
                        .keyAttributes(DICE.keyAttributes())
                        .metricName("JVMThreadCount")
                        .statistic("Maximum")
                        .periodSeconds(60)));
    played.minute(1);
    played.measurements.add(DICE, "JVMThreadCount", played.clock.instant(), 140);
    played.minute(2);

    assertThat(created.metricSourceTypeAsString()).isEqualTo("Service");
    assertThat(
            created
                .sli()
                .sliMetric()
                .metricDataQueries()
                .getFirst()
                .metricStat()
                .metric()
                .metricName())
        .isEqualTo("JVMThreadCount");
    assertThat(played.report("threads").attainment()).isEqualTo(50);
  }

  /** The SDK's version here has no such members yet. */
  private Json sent(String body) {
    try (var http = java.net.http.HttpClient.newHttpClient()) {
      var answer =
          http.send(
              java.net.http.HttpRequest.newBuilder(played.wire.endpoint().resolve("/slo"))
                  .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              java.net.http.HttpResponse.BodyHandlers.ofString());
      return Json.parse(answer.body()).at("Slo");
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aCompositeIsMeasuredByTheOperationsThatItSelectsAsOne() {
    var body =
        """
        {"Name": "%s", "SliConfig": {"MetricThreshold": 60, "ComparisonOperator": "GreaterThanOrEqualTo",
          "SliMetricConfig": {"KeyAttributes": {"Type": "Service", "Name": "dice", "Environment": "production"},
            "MetricType": "AVAILABILITY", "PeriodSeconds": 60, "CompositeSliConfig": %s}}}
        """;
    var selections =
        Map.of(
            "explicit",
            "{\"SelectionConfig\": {\"Type\": \"EXPLICIT\"}, \"Components\":"
                + " [{\"OperationName\": \"GET /rolldice\"}, {\"OperationName\": \"GET /about\"}]}",
            "prefix",
            "{\"SelectionConfig\": {\"Type\": \"PREFIX\", \"Pattern\": \"GET /\"}}",
            "regex",
            "{\"SelectionConfig\": {\"Type\": \"REGEX\", \"Pattern\": \"GET /[ar].*\"}}");
    selections.forEach(
        (name, selection) -> {
          var slo = sent(body.formatted(name, selection));
          assertThat(slo.at("MetricSourceType").text()).isEqualTo("Service");
          assertThat(slo.at("Sli").at("SliMetric").at("CompositeSliConfig").value())
              .isEqualTo(Json.parse(selection).value());
          assertThat(slo.at("Sli").at("SliMetric").at("MetricDataQueries").items())
              .extracting(query -> query.at("Id").text())
              .containsExactly("fault1", "fault2", "availability");
        });
    played.minute(1);
    // Two of three: as one they are above 60 %, one by one the first is not.
    played.served(ROLL, Request.Outcome.FAULT);
    played.served("GET /about", Request.Outcome.OK);
    played.served("GET /about", Request.Outcome.OK);
    played.served("POST /dice", Request.Outcome.FAULT);
    played.minute(2);
    for (var name : selections.keySet())
      assertThat(played.report(name).attainment()).isEqualTo(100);
  }

  @Test
  void aCanaryIsMeasuredByItsOwnMetrics() {
    var slo =
        sent(
            """
            {"Name": "canary", "SliConfig": {"MetricThreshold": 99, "ComparisonOperator": "GreaterThanOrEqualTo",
              "SliMetricConfig": {"MetricType": "AVAILABILITY", "PeriodSeconds": 300, "MetricSource": {
                "MetricSourceKeyAttributes": {"Type": "AWS::Resource",
                  "ResourceType": "AWS::Synthetics::Canary", "Identifier": "dice"}}}}}
            """);
    assertThat(slo.at("MetricSourceType").text()).isEqualTo("Canary");
    var success = Metric.of("CloudWatchSynthetics", "SuccessPercent", Map.of("CanaryName", "dice"));
    for (var minute : List.of(0, 5)) {
      played.minute(minute);
      played.store.add(success, played.clock.instant(), minute == 0 ? 100 : 0);
    }
    played.minute(10);
    assertThat(played.report("canary").attainment()).isEqualTo(50);
    assertThat(names(r -> r.metricSourceTypesWithStrings("Canary"))).containsExactly("canary");
  }

  @Test
  void whatAnObjectiveMeasuresCanNotBeChangedButHowItIsJudgedCan() {
    played.create(periods("dice all", 99, "GreaterThan", metric -> availability(metric)));
    played.create(
        periods("shop", 5, "LessThan", metric -> metric.metricDataQueries(stat("m", "All", true))));

    assertThatThrownBy(
            () ->
                played.client.updateServiceLevelObjective(
                    r ->
                        r.id("dice all")
                            .sliConfig(
                                sli ->
                                    sli.sliMetricConfig(m -> availability(m).operationName(ROLL))
                                        .metricThreshold(99.0)
                                        .comparisonOperator("GreaterThan"))))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("can not be changed");
    assertThatThrownBy(
            () ->
                played.client.updateServiceLevelObjective(
                    r ->
                        r.id("shop")
                            .sliConfig(
                                sli ->
                                    sli.sliMetricConfig(
                                            m -> m.metricDataQueries(stat("m", "Other", true)))
                                        .metricThreshold(5.0)
                                        .comparisonOperator("LessThan"))))
        .isInstanceOf(ValidationException.class);
    var updated =
        played
            .client
            .updateServiceLevelObjective(
                r ->
                    r.id("shop")
                        .goal(
                            g ->
                                g.interval(
                                    i ->
                                        i.calendarInterval(
                                            c ->
                                                c.startTime(NOON)
                                                    .durationUnit(DurationUnit.MONTH)
                                                    .duration(1))))
                        .sliConfig(
                            sli ->
                                sli.sliMetricConfig(
                                        m ->
                                            m.metricDataQueries(
                                                stat("m", "All", true).toBuilder()
                                                    .metricStat(
                                                        s ->
                                                            s.metric(
                                                                    stat("m", "All", true)
                                                                        .metricStat()
                                                                        .metric())
                                                                .period(300)
                                                                .unit("Count")
                                                                .stat("Average"))
                                                    .build()))
                                    .metricThreshold(7.0)
                                    .comparisonOperator("LessThan")))
            .slo();
    assertThat(updated.goal().interval().calendarInterval().startTime()).isEqualTo(NOON);
    assertThat(updated.sli().metricThreshold()).isEqualTo(7);
    // August has 31 days from the fourth to the fourth.
    assertThat(played.report("shop").totalBudgetSeconds())
        .isEqualTo(Duration.ofDays(31).toSeconds() / 100);
  }

  private List<String> names(
      Consumer<
              software.amazon.awssdk.services.applicationsignals.model
                  .ListServiceLevelObjectivesRequest.Builder>
          filter) {
    return played.client.listServiceLevelObjectives(filter).sloSummaries().stream()
        .map(ServiceLevelObjectiveSummary::name)
        .toList();
  }
}
