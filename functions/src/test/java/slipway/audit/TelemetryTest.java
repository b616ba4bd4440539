package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import slipway.audit.Telemetry.State;
import slipway.config.Configs;
import slipway.config.Service;
import slipway.json.Json;

class TelemetryTest {
  private static Service service(Map<String, String> environment, String agent) {
    var app = new HashMap<String, Object>(Map.of("build", "app", "port", 8080));
    app.put("environment", environment);
    return Configs.fromJson(
            Json.of(
                Map.of(
                    "stack",
                    "slipway",
                    "repository",
                    "example/dice",
                    "services",
                    Map.of(
                        "dice",
                        Map.of(
                            "containers",
                            Map.of("app", app, "cw-agent", Map.of("image", agent)))))))
        .services()
        .getFirst();
  }

  private static final String NEW = "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0";
  private static final String OLD = "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300048.0";

  private static Telemetry without(Map<String, String> environment, String agent) {
    return Telemetry.of(service(environment, agent), true, false, Map.of());
  }

  @Test
  void allThatShouldComeComes() {
    var complete = Telemetry.of(service(Map.of(), NEW), true, true, Map.of());
    assertThat(complete.state()).isEqualTo(State.COMPLETE);
    assertThat(complete.reason()).isEmpty();
  }

  @Test
  void aServiceThatIsNotSeenHasAChecklist() {
    var none = Telemetry.of(service(Map.of(), NEW), false, false, Map.of());
    assertThat(none)
        .hasToString("no telemetry: Application Signals has not seen it in the last 24 hours");
    assertThat(none.checks())
        .hasSize(4)
        .anyMatch(
            check -> check.contains("service.name=dice and deployment.environment=production"));
  }

  @Test
  void runtimeMetricsMayBeSwitchedOff() {
    assertThat(without(Map.of("OTEL_AWS_APPLICATION_SIGNALS_RUNTIME_ENABLED", "False"), OLD))
        .hasToString(
            "no runtime metrics: switched off: OTEL_AWS_APPLICATION_SIGNALS_RUNTIME_ENABLED of"
                + " container app is false");
  }

  @Test
  void anAgentMayBeTooOldForThem() {
    assertThat(without(Map.of(), OLD).reason().orElseThrow())
        .contains("Container cw-agent has CloudWatch agent 1.300048.0", "runtime metrics, since");
  }

  @Test
  void whatRunsCountsNotWhatIsDeclared() {
    var running = Telemetry.of(service(Map.of(), NEW), true, false, Map.of("cw-agent", OLD));
    assertThat(running.reason().orElseThrow()).contains("1.300048.0");
  }

  @Test
  void theServiceMayNotBeWrittenInJava() {
    assertThat(without(Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g"), NEW).reason().orElseThrow())
        .contains("container app loads no Java agent");
  }

  @Test
  void elseOnlyAGuessIsLeft() {
    assertThat(without(Map.of(), NEW).reason().orElseThrow()).contains("nothing in slipway.yaml");
  }
}
