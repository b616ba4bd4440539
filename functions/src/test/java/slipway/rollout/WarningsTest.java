package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.config.Configs;
import slipway.config.Container;
import slipway.config.Service;
import slipway.json.Json;
import slipway.telemetry.Task;
import slipway.telemetry.Variables;

class WarningsTest {
  private static final Service DICE =
      Configs.fromJson(
              Json.parse(
                  """
                  {"stack": "slipway", "repository": "example/dice", "services": {"dice": {"containers": {
                    "app": {"build": "app", "port": 8080},
                    "cw-agent": {"image": "example/cloudwatch-agent:1.300071.0"}}}}}
                  """))
          .services()
          .getFirst();

  @Test
  void whatIsWiredAndNewEnoughIsNoNews() {
    assertThat(Warnings.healthy(DICE, content("adot-java:2.30.0", Map.of()))).isEmpty();
    assertThat(Warnings.healthy(DICE, content("", Map.of()))).isEmpty();
  }

  @Test
  void anAgentInTheImageThatIsTooOldIsTold() {
    assertThat(Warnings.healthy(DICE, content("adot-java:1.32.4", Map.of())))
        .singleElement()
        .asString()
        .startsWith(
            "Container app has ADOT Java agent 1.32.4, which is too old for runtime metrics");
  }

  /** As after a change in infra that synth could not see. */
  @Test
  void aTemplateWhoseTelemetryGoesNowhereIsTold() {
    assertThat(
            Warnings.healthy(
                DICE,
                content(
                    "",
                    Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://localhost:1/v1/traces"))))
        .containsExactly(
            "Container app: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is 'http://localhost:1/v1/traces':"
                + " want http://localhost:4316/v1/traces, where cw-agent takes traces over HTTP.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app exited with code 1",
        "app exited with code 1 (3 tasks)",
        "Task failed; app exited with code 1"
      })
  void anAgentThatMayBeMissingIsToldWhereJavaEndsAtOnce(String reason) {
    assertThat(Warnings.failed(DICE, content("", Map.of()), reason))
        .containsExactly(
            "JAVA_TOOL_OPTIONS has Java load the agent /opt/aws-opentelemetry-agent.jar, and the"
                + " image of app does not say that it has one (LABEL dev.slipway.agent in its"
                + " Dockerfile). If that file is not there, Java ends with code 1: put it there, or"
                + " set JAVA_TOOL_OPTIONS to something else in slipway.yaml.");
  }

  @Test
  void anotherEndIsNotGuessedAt() {
    var none = content("", Map.of());
    assertThat(Warnings.failed(DICE, none, "app exited with code 137")).isEmpty();
    assertThat(Warnings.failed(DICE, none, "app failed its health check")).isEmpty();
    assertThat(
            Warnings.failed(DICE, content("adot-java:2.30.0", Map.of()), "app exited with code 1"))
        .isEmpty();
    assertThat(
            Warnings.failed(
                DICE, content("", Map.of("JAVA_TOOL_OPTIONS", "-Xss1m")), "app exited with code 1"))
        .isEmpty();
  }

  /**
   * @param agent that the image of the app names; empty: none
   * @param changed variables of the app that are otherwise than Slipway sets them
   */
  private static Desired.Content content(String agent, Map<String, String> changed) {
    var image =
        new Image(
            Samples.REGISTRY,
            "slipway/dice/app",
            Samples.digest(1),
            Set.of(Samples.ARM),
            new Origin(
                Optional.of(Samples.commit(1)),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.of(agent)));
    return (Desired.Content)
        Desired.of(DICE, "live", Optional.of(template(changed)), Map.of("app", Optional.of(image)));
  }

  private static TaskDefinition template(Map<String, String> changed) {
    var containers = new ArrayList<Object>();
    for (var container : DICE.containers()) {
      var front = container.name().equals("app");
      var variables = new LinkedHashMap<>(Variables.of(DICE, container, "/slipway/dice"));
      if (front) variables.putAll(changed);
      containers.add(
          Map.of(
              "name",
              container.name(),
              "image",
              container instanceof Container.Pulled pulled ? pulled.image() : "built:live",
              "dependsOn",
              front
                  ? Task.startsAfter(DICE).entrySet().stream()
                      .map(it -> Map.of("containerName", it.getKey(), "condition", it.getValue()))
                      .toList()
                  : List.of(),
              "environment",
              variables.entrySet().stream()
                  .map(it -> Map.of("name", it.getKey(), "value", it.getValue()))
                  .toList()));
    }
    return new TaskDefinition(
        Map.of(
            "family",
            "dice-template",
            "runtimePlatform",
            Map.of("cpuArchitecture", "ARM64", "operatingSystemFamily", "LINUX"),
            "containerDefinitions",
            containers));
  }
}
