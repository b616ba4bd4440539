package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import slipway.json.Json;
import slipway.local.metrics.Metric;
import slipway.local.stack.Resource;

/** What all that the tests before did looks like in logs, metrics and traces. */
@Order(11)
@ExtendWith(Deployed.Once.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WatchingE2E {
  private static final List<String> FUNCTIONS =
      List.of(
          "AuditFunction",
          "BuildFunction",
          "FirstReleaseFunction",
          "OperatorFunction",
          "RolloutFunction",
          "SloFunction",
          "SourceFunction",
          "WebhookFunction");

  /** What a JVM says on its own before our code runs. */
  private static final String JVM = "(Picked up JAVA_TOOL_OPTIONS|WARNING: |OpenJDK ).*";

  @BeforeAll
  void audit(Deployed deployed) {
    deployed.look("Audit", "AuditFunction");
  }

  @Test
  void everyLineIsJsonWithItsTimeLevelAndEventOrLambdasOwn(Deployed deployed) throws IOException {
    for (var function : FUNCTIONS)
      for (var text : Files.readAllLines(deployed.stack.logs().resolve(function + ".log"))) {
        if (text.matches(JVM) || text.isBlank()) continue;
        assertThat(text).as(function).startsWith("{");
        var line = Json.parse(text);
        if (!line.at("type").missing()) continue; // platform.start, platform.report
        assertThat(line.at("timestamp").text()).isNotBlank();
        assertThat(line.at("level").text()).isIn("INFO", "WARN", "ERROR");
        // What nobody caught Lambda writes once more, in its own form.
        if (line.at("event").missing())
          assertThat(line.at("message").text()).as(function).isNotBlank();
      }
  }

  @Test
  void everyLineOfAnInvocationCarriesItsRequestAndItsTrace(Deployed deployed) {
    for (var function : FUNCTIONS) {
      var lines = deployed.logged(function);
      var requests =
          lines.stream()
              .filter(line -> line.at("type").optionalText().orElse("").equals("platform.start"))
              .map(line -> line.at("record").at("requestId").text())
              .collect(Collectors.toSet());
      assertThat(lines)
          .filteredOn(line -> !line.at("event").missing())
          .filteredOn(line -> !line.at("event").text().matches("priming failed|rehearsal failed"))
          .allSatisfy(
              line -> {
                assertThat(line.at("AWSRequestId").text()).isIn(requests);
                assertThat(line.at("trace").text()).startsWith("1-");
              });
    }
  }

  @Test
  void whatHappenedToAPushIsFoundByItsCommit(Deployed deployed) {
    var pushed =
        deployed.logged("WebhookFunction").stream()
            .map(line -> line.at("commit").optionalText().orElse(""))
            .collect(Collectors.toSet());
    var commit =
        deployed.logged("RolloutFunction").stream()
            .filter(line -> !line.at("PushToHealthy").missing())
            .map(line -> line.at("commit").text())
            .filter(pushed::contains)
            .findFirst()
            .orElseThrow();

    var events = new TreeSet<String>();
    for (var function : FUNCTIONS)
      for (var line : deployed.logged(function))
        if (line.at("commit").optionalText().orElse("").equals(commit)) {
          events.add(line.at("event").text());
          assertThat(line.at("service").text()).isEqualTo("dice");
          if (!line.at("RolloutsHealthy").missing())
            assertThat(line.at("rollout").text()).isNotBlank();
        }
    assertThat(events).contains("push builds", "answered GitHub", "build moved on", "reconciled");
  }

  /** The trace of a rollout goes on in the message; X-Ray links the trace of the sync to it. */
  @Test
  void theSyncOfSlosIsLinkedToTheRolloutThatAskedForIt(Deployed deployed) {
    var rollouts =
        deployed.logged("RolloutFunction").stream()
            .filter(line -> !line.at("RolloutsHealthy").missing())
            .map(line -> line.at("trace").text())
            .toList();
    assertThat(deployed.logged("SloFunction"))
        .filteredOn(line -> !line.at("sentIn").missing())
        .anySatisfy(line -> assertThat(line.at("sentIn").text()).isIn(rollouts))
        .allSatisfy(
            line -> assertThat(line.at("sentIn").text()).isNotEqualTo(line.at("trace").text()));
  }

  @Test
  void everyMetricOnTheDashboardWasReallyMeasured(Deployed deployed) {
    var body =
        deployed.stack.declared().values().stream()
            .filter(resource -> resource.type().equals("AWS::CloudWatch::Dashboard"))
            .map(Resource::properties)
            .map(properties -> Json.parse(properties.at("DashboardBody").text()))
            .findFirst()
            .orElseThrow();
    var metrics = deployed.stack.surroundings().metrics();
    var missing = new ArrayList<Metric>();
    for (var widget : body.at("widgets").items())
      for (var shown : widget.at("properties").at("metrics").items()) {
        var parts = shown.items().stream().filter(part -> part.value() instanceof String).toList();
        if (parts.isEmpty()) continue; // an expression over others
        var dimensions = new HashMap<String, String>();
        for (int n = 2; n < parts.size(); n += 2)
          dimensions.put(parts.get(n).text(), parts.get(n + 1).text());
        var metric = Metric.of(parts.get(0).text(), parts.get(1).text(), dimensions);
        if (!metrics.has(metric)) missing.add(metric);
      }
    assertThat(missing).isEmpty();
  }
}
