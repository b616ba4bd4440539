package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.infra.Synthesized.only;
import static slipway.infra.Synthesized.referredTo;
import static slipway.infra.Synthesized.resources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.infra.Synthesized.Resource;
import slipway.json.Json;
import slipway.notice.Measure;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

/** The alarms of the deployer, its dashboard, its logs and its traces. */
class WatchingTest {
  /** What AWS's own namespaces have, as far as we look at them. Source: each service's guide. */
  private static final Map<String, Set<String>> OF_AWS =
      Map.of(
          "AWS/Lambda", Set.of("Invocations", "Errors", "Throttles", "Duration"),
          "AWS/CodeBuild", Set.of("Builds", "FailedBuilds", "SucceededBuilds", "Duration"),
          "AWS/SQS", Set.of("ApproximateNumberOfMessagesVisible"),
          "AWS/ApplicationSignals", Set.of("AttainmentRate", "BurnRate", "BreachedCount"));

  private static List<Resource> alarms() {
    return resources("AWS::CloudWatch::Alarm").stream()
        .filter(alarm -> !alarm.at("AlarmName").optionalText().orElse("").contains(" burns "))
        .toList();
  }

  private static Resource alarm(String name) {
    return only(
        "AWS::CloudWatch::Alarm",
        alarm -> alarm.at("AlarmName").optionalText().filter(name::equals).isPresent());
  }

  private static Map<String, String> dimensions(Json metric) {
    var dimensions = new HashMap<String, String>();
    for (var dimension : metric.at("Dimensions").items())
      dimensions.put(dimension.at("Name").text(), dimension.at("Value").text());
    return dimensions;
  }

  @Test
  void allAlarmsSpeakThroughTheOneTopic() {
    assertThat(resources("AWS::CloudWatch::Alarm"))
        .hasSizeGreaterThan(14)
        .allSatisfy(
            alarm ->
                assertThat(alarm.at("AlarmActions").items())
                    .singleElement()
                    .satisfies(
                        topic ->
                            assertThat(referredTo(topic.text()).type())
                                .isEqualTo("AWS::SNS::Topic")));
    assertThat(resources("AWS::SNS::Topic")).hasSize(1);
  }

  @Test
  void anAlarmSaysWhatFailedWhereToLookAndWhatIsNext() {
    assertThat(alarms())
        .allSatisfy(
            alarm ->
                assertThat(alarm.text("AlarmDescription"))
                    .hasSizeBetween(100, 1024)
                    .containsAnyOf("look into", "Look into", "tell", "tells"));
  }

  @Test
  void everyDeadLetterQueueHasItsAlarm() {
    var dead =
        resources("AWS::SQS::Queue").stream()
            .filter(queue -> queue.text("QueueName").contains("-dead"))
            .map(Resource::id)
            .collect(Collectors.toSet());
    assertThat(dead).hasSize(4);
    assertThat(alarms().stream())
        .filteredOn(alarm -> alarm.at("Namespace").optionalText().equals(Optional.of("AWS/SQS")))
        .extracting(alarm -> referredTo(dimensions(alarm.properties()).get("QueueName")).id())
        .containsExactlyInAnyOrderElementsOf(dead);
  }

  @Test
  void whatNobodyTriesAgainIsToldAtTheFirstErrorOrThrottle() {
    for (var handler : List.of("WebhookFunction", "OperatorFunction")) {
      var alarm = alarm("slipway " + handler + " fails");
      assertThat(alarm.at("EvaluationPeriods").integer(1, 9)).isEqualTo(1);
      assertThat(alarm.text("TreatMissingData")).isEqualTo("notBreaching");
      var queries = alarm.at("Metrics").items();
      assertThat(queries.getFirst().at("Expression").text())
          .isEqualTo("FILL(errors, 0) + FILL(throttles, 0)");
      assertThat(queries.subList(1, 3))
          .extracting(query -> query.at("MetricStat").at("Metric").at("MetricName").text())
          .containsExactly("Errors", "Throttles");
      assertThat(queries.subList(1, 3))
          .allSatisfy(
              query -> {
                assertThat(query.at("MetricStat").at("Stat").text()).isEqualTo("Sum");
                var metric = query.at("MetricStat").at("Metric");
                assertThat(referredTo(dimensions(metric).get("FunctionName")).text("Handler"))
                    .endsWith("." + handler);
              });
    }
  }

  @Test
  void whatIsTriedAgainIsToldOnlyWhenErrorsGoOn() {
    var handlers =
        resources("AWS::Lambda::Function").stream()
            .map(function -> function.text("Handler").replaceAll(".*\\.", ""))
            .filter(handler -> !Set.of("WebhookFunction", "OperatorFunction").contains(handler))
            .toList();
    assertThat(handlers).hasSize(6);
    for (var handler : handlers) {
      var alarm = alarm("slipway " + handler + " fails");
      assertThat(alarm.text("MetricName")).isEqualTo("Errors");
      assertThat(alarm.text("Statistic")).isEqualTo("Sum");
      assertThat(alarm.at("Period").integer(60, 900)).isEqualTo(300);
      assertThat(alarm.at("DatapointsToAlarm").integer(1, 9)).isEqualTo(2);
      assertThat(alarm.at("EvaluationPeriods").integer(1, 9)).isEqualTo(3);
      assertThat(referredTo(dimensions(alarm.properties()).get("FunctionName")).text("Handler"))
          .endsWith("." + handler);
      // All versions: an alias alone would have a dimension of its own.
      assertThat(dimensions(alarm.properties())).hasSize(1);
    }
  }

  @Test
  void aFailedBuildIsToldAsCodeBuildCountsIt() {
    var alarm = alarm("slipway builds fail");
    assertThat(alarm.text("Namespace")).isEqualTo("AWS/CodeBuild");
    assertThat(alarm.text("MetricName")).isEqualTo("FailedBuilds");
    assertThat(referredTo(dimensions(alarm.properties()).get("ProjectName")).type())
        .isEqualTo("AWS::CodeBuild::Project");
    assertThat(alarm.text("TreatMissingData")).isEqualTo("notBreaching");
  }

  @Test
  void aFailedRolloutIsToldOnceAndShownUntilAHealthyOne() {
    var alarm = alarm("slipway dice rollout failed");
    assertThat(alarm.text("Namespace")).isEqualTo("Slipway");
    assertThat(alarm.text("MetricName")).isEqualTo("RolloutsFailed");
    assertThat(dimensions(alarm.properties()))
        .isEqualTo(Map.of("Stack", "slipway", "Service", "dice"));
    assertThat(alarm.text("TreatMissingData")).isEqualTo("ignore");
    assertThat(alarm.at("Period").integer(60, 900)).isEqualTo(60);
    assertThat(alarm.at("OKActions").missing()).isTrue();
  }

  private static Json dashboard() {
    var dashboard = only("AWS::CloudWatch::Dashboard");
    assertThat(dashboard.text("DashboardName")).isEqualTo("slipway");
    return Json.parse(dashboard.text("DashboardBody"));
  }

  private record Shown(String namespace, String name, Map<String, String> dimensions) {}

  /** The metrics of a dashboard, and those that the expressions of its alarms read. */
  private static List<Shown> metrics(Json dashboard) {
    var shown = new ArrayList<Shown>();
    for (var widget : dashboard.at("widgets").items())
      for (var line : widget.at("properties").at("metrics").items()) {
        var parts = line.items().stream().filter(part -> part.value() instanceof String).toList();
        if (parts.isEmpty()) continue; // an expression over others
        var dimensions = new HashMap<String, String>();
        for (int n = 2; n < parts.size(); n += 2)
          dimensions.put(parts.get(n).text(), parts.get(n + 1).text());
        shown.add(new Shown(parts.get(0).text(), parts.get(1).text(), dimensions));
      }
    return shown;
  }

  @Test
  void whatTheDashboardShowsIsMeasuredBySomebody() {
    var ours = Arrays.stream(Measure.values()).map(Measure::title).collect(Collectors.toSet());
    assertThat(metrics(dashboard()))
        .hasSizeGreaterThan(40)
        .allSatisfy(
            shown -> {
              if (shown.namespace().equals("Slipway")) {
                assertThat(ours).contains(shown.name());
                assertThat(shown.dimensions())
                    .isEqualTo(Map.of("Stack", "slipway", "Service", "dice"));
              } else assertThat(OF_AWS.get(shown.namespace())).contains(shown.name());
            });
  }

  @Test
  void whatSlipwayMeasuresAndPaysForIsShown() {
    assertThat(metrics(dashboard()))
        .filteredOn(shown -> shown.namespace().equals("Slipway"))
        .extracting(Shown::name)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Measure.values()).map(Measure::title).toList());
  }

  @Test
  void theDashboardShowsEveryFunctionQueueAlarmAndSlo() {
    var text = only("AWS::CloudWatch::Dashboard").text("DashboardBody");
    for (var function : resources("AWS::Lambda::Function"))
      assertThat(text).contains("${" + function.id() + "}");
    for (var alarm : alarms()) assertThat(text).contains("${" + alarm.id() + ".Arn}");
    assertThat(text)
        .contains("dice GET rolldice availability", "dice GET rolldice p99 latency")
        .contains("100 * (attained0 - 99.9) / 0.1", "100 * (attained1 - 99.0) / 1.0")
        .contains("\"label\":\"spent\",\"value\":0", "\"label\":\"warning\",\"value\":50.0")
        .contains("/infra/README.md#alarms");
  }

  @Test
  void everyGraphSaysWhatItsNumbersAre() {
    for (var widget : dashboard().at("widgets").items())
      if (!widget.at("type").text().equals("text"))
        assertThat(widget.at("properties").at("title").text()).isNotBlank();
  }

  @Test
  void noWidgetLiesOnAnother() {
    var taken = new LinkedHashSet<String>();
    for (var widget : dashboard().at("widgets").items())
      for (int x = 0; x < widget.at("width").integer(1, 24); x++)
        for (int y = 0; y < widget.at("height").integer(1, 50); y++) {
          var cell =
              (widget.at("x").integer(0, 23) + x) + "," + (widget.at("y").integer(0, 999) + y);
          assertThat(taken.add(cell)).as(cell).isTrue();
          assertThat(widget.at("x").integer(0, 23) + x).isLessThan(24);
        }
  }

  /** Thirty services are more than a stack has room for, but not more than a dashboard has. */
  @Test
  void thirtyServicesFitOnTheDashboard(@TempDir Path folder) throws IOException {
    var yaml = folder.resolve("slipway.yaml");
    var services =
        IntStream.range(0, 30)
            .mapToObj(
                n ->
                    """
                      dice-%1$d:
                        containers:
                          app: {build: app, port: 8080}
                        slos:
                    """
                            .formatted(n)
                        + IntStream.range(0, 8)
                            .mapToObj(
                                slo ->
                                    "      - {operation: GET /%d, availability: 99.9}\n"
                                        .formatted(slo))
                            .collect(Collectors.joining()))
            .collect(Collectors.joining());
    Files.writeString(yaml, "stack: slipway\nrepository: example/dice\nservices:\n" + services);
    var config =
        switch (ConfigFile.read(yaml)) {
          case ConfigFile.Bad(var messages) -> throw new AssertionError(messages);
          case ConfigFile.Good(var good) -> good;
        };

    var app = new App();
    var stack = new Stack(app, "Crowded");
    new Dashboard(
        stack,
        new Dashboard.Inputs(
            config,
            List.of(new Dashboard.Watched("RolloutFunction", "rollout", "/log")),
            Map.of("DeadEvents", "slipway-events-dead"),
            "slipway-images",
            IntStream.range(0, 200).mapToObj(n -> "arn:alarm:" + n).toList(),
            "reports"));
    var body =
        Json.of(
                Synthesized.resolve(
                    ((Map<?, ?>) app.synth().getStackByName("Crowded").getTemplate())))
            .at("Resources")
            .members()
            .values()
            .stream()
            .filter(it -> it.at("Type").optionalText().orElse("").endsWith("Dashboard"))
            .findFirst()
            .orElseThrow()
            .at("Properties")
            .at("DashboardBody")
            .text();

    var dashboard = Json.parse(body);
    var widgets = dashboard.at("widgets").items();
    assertThat(widgets).hasSizeLessThanOrEqualTo(500);
    assertThat(widgets)
        .allSatisfy(
            widget ->
                assertThat(widget.at("properties").at("metrics").items())
                    .hasSizeLessThanOrEqualTo(500));
    assertThat(
            widgets.stream().mapToInt(w -> w.at("properties").at("metrics").items().size()).sum())
        .isBetween(500, 2500);
    assertThat(metrics(dashboard)).filteredOn(shown -> shown.name().equals("Pushes")).hasSize(30);
  }

  @Test
  void everyLogHasANameAndAnEnd() {
    var names = new TreeSet<String>();
    for (var group : resources("AWS::Logs::LogGroup")) {
      names.add(group.text("LogGroupName"));
      assertThat(group.at("RetentionInDays").integer(1, 9999)).isEqualTo(7);
      assertThat(group.deletionPolicy()).isEqualTo("Delete");
    }
    assertThat(names)
        .containsExactly(
            "/aws/codebuild/slipway-images",
            "/aws/lambda/slipway/AuditFunction",
            "/aws/lambda/slipway/BuildFunction",
            "/aws/lambda/slipway/FirstReleaseFunction",
            "/aws/lambda/slipway/OperatorFunction",
            "/aws/lambda/slipway/RolloutFunction",
            "/aws/lambda/slipway/SloFunction",
            "/aws/lambda/slipway/SourceFunction",
            "/aws/lambda/slipway/WebhookFunction",
            "/aws/vpc/slipway",
            "/slipway/dice",
            "/slipway/dice/adot",
            "/slipway/dice/app",
            "/slipway/dice/cw-agent");
  }

  @Test
  void everythingThatLogsLogsIntoOneOfThem() {
    for (var function : resources("AWS::Lambda::Function")) {
      var logging = function.at("LoggingConfig");
      assertThat(referredTo(logging.at("LogGroup").text()).type()).isEqualTo("AWS::Logs::LogGroup");
      assertThat(logging.at("LogFormat").text()).isEqualTo("JSON");
      assertThat(function.text("TracingConfig", "Mode")).isEqualTo("Active");
    }
    for (var task : resources("AWS::ECS::TaskDefinition"))
      for (var container : task.at("ContainerDefinitions").items())
        assertThat(
                referredTo(
                        container.at("LogConfiguration").at("Options").at("awslogs-group").text())
                    .type())
            .isEqualTo("AWS::Logs::LogGroup");
    assertThat(
            referredTo(
                    only("AWS::CodeBuild::Project")
                        .text("LogsConfig", "CloudWatchLogs", "GroupName"))
                .type())
        .isEqualTo("AWS::Logs::LogGroup");
  }
}
