package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.rollout.Samples.container;
import static slipway.rollout.Samples.stopped;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import slipway.json.Json;
import slipway.rollout.StoppedTask.Container;

class StopReasonsTest {
  private static final String ID = "ecs-svc/7750318462209518346";
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String EVENT = "ECS deployment circuit breaker: tasks failed to start.";

  private static String summary(StoppedTask... tasks) {
    return StopReasons.summary(List.of(tasks), ID, List.of(), List.of(), EVENT);
  }

  @Test
  void aContainerThatExitedIsNamedWithItsCode() {
    var detail =
        Json.parse(
                EcsTaskDefinitionsTest.resource(
                    "/events/ecs-task-state-change-stopped-exec-format-error.json"))
            .at("detail");
    var task =
        new StoppedTask(
            detail.at("startedBy").text(),
            detail.at("stopCode").text(),
            detail.at("stoppedReason").text(),
            detail.at("containers").items().stream()
                .map(c -> container(c.at("name").text(), c.at("exitCode").integer(0, 255)))
                .toList());

    assertThat(summary(task)).isEqualTo("app exited with code 1");
  }

  @Test
  void anAlarmThatWentOffIsNamedRatherThanThatTasksWereToldToStop() {
    var scaledDown =
        stopped(ID, "ServiceSchedulerInitiated", "Scaling activity initiated by deployment x");
    var log =
        List.of(
            new RunningService.Event(
                NOON, "(service dice) (deployment x) deployment failed: alarm detected."));

    assertThat(StopReasons.told(List.of(scaledDown), ID)).isFalse();
    assertThat(
            StopReasons.summary(
                List.of(scaledDown), ID, List.of("slipway dice burns fast"), log, EVENT))
        .isEqualTo("alarm 'slipway dice burns fast' went off");
    assertThat(StopReasons.summary(List.of(), ID, List.of("one", "two"), List.of(), EVENT))
        .isEqualTo("alarms 'one', 'two' went off");
  }

  @Test
  void aTaskThatTellsWhyItStoppedSavesTheQuestionForAlarms() {
    var crashed = stopped(ID, "EssentialContainerExited", "x", container("app", 1));

    assertThat(StopReasons.told(List.of(crashed), ID)).isTrue();
    assertThat(StopReasons.told(List.of(crashed), "ecs-svc/another")).isFalse();
  }

  @Test
  void anImageThatCannotBePulledIsEcssOwnWords() {
    assertThat(
            summary(
                stopped(ID, "TaskFailedToStart", "CannotPullContainerError: no such platform"),
                stopped(ID, "TaskFailedToStart", "CannotPullContainerError: no such platform")))
        .isEqualTo("CannotPullContainerError: no such platform (2 tasks)");
  }

  @Test
  void aFailedHealthCheckOfTheLoadBalancerIsACauseAndTheStopThatFollowedIsNot() {
    assertThat(
            summary(
                stopped(
                    ID,
                    "ServiceSchedulerInitiated",
                    "Task failed ELB health checks in (target-group"
                        + " arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/dice-tg/1a2b3c4d5e6f7081)",
                    container("app", 143))))
        .isEqualTo("Task failed ELB health checks in target group dice-tg");
  }

  @Test
  void theCauseCountsMoreThanTheTasksThatTheRollbackStopped() {
    var scaledDown =
        stopped(ID, "ServiceSchedulerInitiated", "Scaling activity initiated by deployment");

    assertThat(
            summary(
                scaledDown,
                scaledDown,
                stopped(ID, "EssentialContainerExited", "x", container("app", 137))))
        .isEqualTo("app exited with code 137 (killed: out of memory, or too slow to stop)");
  }

  @Test
  void aContainersOwnReasonIsTold() {
    assertThat(
            summary(
                stopped(
                    ID,
                    "EssentialContainerExited",
                    "Essential container in task exited",
                    new Container(
                        "app", Optional.empty(), "OutOfMemoryError: Container killed", true))))
        .isEqualTo("app failed its health check, OutOfMemoryError: Container killed");
  }

  @Test
  void tasksOfOtherDeploymentsDoNotCount() {
    assertThat(summary(stopped("ecs-svc/1", "EssentialContainerExited", "x", container("app", 1))))
        .isEqualTo(EVENT);
  }

  @Test
  void whereNoTaskCameToLifeTheServicesLogTellsWhy() {
    var log =
        List.of(
            new RunningService.Event(NOON, "(service dice) has reached a steady state."),
            new RunningService.Event(
                NOON,
                "(service dice) was unable to place a task. Reason: Capacity is unavailable at this"
                    + " time."),
            new RunningService.Event(NOON, "(service dice) has started 1 tasks: (task 0a1b)."));

    assertThat(StopReasons.summary(List.of(), ID, List.of(), log, EVENT))
        .isEqualTo("was unable to place a task. Reason: Capacity is unavailable at this time.");
  }
}
