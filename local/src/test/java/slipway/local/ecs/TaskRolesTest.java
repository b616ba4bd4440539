package slipway.local.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.local.build.TestRegistry;
import slipway.local.cloud.Pace;
import slipway.local.metrics.MetricStore;
import slipway.local.metrics.Minutes;
import slipway.local.signals.Measurements;

/** What the roles of a task must be allowed, or the task does not start. */
final class TaskRolesTest extends TestCluster {
  private static final String EXECUTION = "arn:aws:iam::123456789012:role/execution";
  private static final String TASK = "arn:aws:iam::123456789012:role/task";

  @BeforeEach
  void anImage() throws Exception {
    push("one");
  }

  private void register() {
    register(
        List.of(
            Map.of(
                "name",
                "app",
                "image",
                TestRegistry.image("one"),
                "portMappings",
                List.of(Map.of("containerPort", 8080)),
                "logConfiguration",
                Map.of(
                    "logDriver",
                    "awslogs",
                    "options",
                    Map.of("awslogs-group", "/slipway/dice/app")))),
        Map.of("executionRoleArn", EXECUTION, "taskRoleArn", TASK));
  }

  /** Starts tasks until the circuit breaker has seen enough; gives why the first one stopped. */
  private String refusal() throws Exception {
    register();
    assertThatThrownBy(this::service).hasMessageContaining("circuit breaker");
    return registry
        .await(
            event ->
                event
                    .detail()
                    .at("stopCode")
                    .optionalText()
                    .equals(Optional.of("TaskFailedToStart")))
        .detail()
        .at("stoppedReason")
        .text();
  }

  @ParameterizedTest
  @ValueSource(strings = {"logs:CreateLogStream", "logs:PutLogEvents"})
  void withoutTheRightToLogNoContainerStarts(String action) throws Exception {
    registry.forbidden.put(action, true);

    assertThat(refusal())
        .startsWith("CannotStartContainerError: failed to initialize logging driver: ")
        .contains(EXECUTION, action, "log-group:/slipway/dice/app:");
  }

  @ParameterizedTest
  @ValueSource(strings = {EXECUTION, TASK})
  void aRoleThatDoesNotTrustEcsIsNoTasks(String role) throws Exception {
    untrusting.add(role);

    assertThat(refusal()).startsWith("ECS was unable to assume the role '" + role + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "cw-agent, xray:PutTraceSegments, *",
    "cw-agent, logs:PutLogEvents, /aws/application-signals/data",
    "adot, logs:CreateLogStream, /slipway/dice",
    "adot, logs:PutLogEvents, /slipway/dice",
  })
  void aSidecarThatCouldSendNothingIsNoSidecar(
      String container, String forbidden, String where, @TempDir Path logs) {
    var agents =
        new Agents(
            new slipway.local.signals.Sidecars(
                new Measurements(new MetricStore(new Minutes(new Pace(1)))), logs),
            (_, asked) -> !asked.action().equals(forbidden));
    var environment =
        container.equals("adot")
            ? Map.of("LOG_GROUP", "/slipway/dice")
            : Map.of(
                "CW_CONFIG_CONTENT",
                "{\"traces\":{\"traces_collected\":{\"application_signals\":{}}},"
                    + "\"logs\":{\"metrics_collected\":{\"application_signals\":{}}}}");
    var sidecar = new Sidecars.Container(container, "adot-or-agent", environment, Optional.empty());

    assertThatThrownBy(
            () ->
                agents.start(
                    new Sidecars.Group(
                        "task", "slipway", "dice", Optional.of(TASK), List.of(sidecar))))
        .hasMessageContaining("container '" + container + "' could send nothing: " + TASK)
        .hasMessageContaining(forbidden)
        .hasMessageContaining(where);
  }

  @Test
  void withAllOfThemItStarts() throws Exception {
    register();

    service();

    assertThat(get()).startsWith("one ");
  }
}
