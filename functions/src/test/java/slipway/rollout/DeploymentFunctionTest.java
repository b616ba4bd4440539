package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.tests.EventLoader;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import slipway.json.Malformed;
import slipway.rollout.RunningService.Deployment;
import slipway.rollout.RunningService.Progress;

class DeploymentFunctionTest {
  private final World world = new World();
  private final DeploymentFunction function = new DeploymentFunction(world.deployments(), () -> {});

  private static ScheduledEvent event(String name) {
    return EventLoader.loadScheduledEvent("events/" + name + ".json");
  }

  /** The deployment of the samples is under way. */
  private void deploys(String id) {
    world.rollouts().reconcile(Samples.DICE, false);
    var begun = world.deployments.removeFirst();
    world.deployments.add(
        new Deployment(id, true, begun.taskDefinition(), Progress.IN_PROGRESS, Instant.EPOCH));
    world.rollouts.clear();
    world.state = ServiceState.EMPTY;
  }

  @Test
  void aCompletedDeploymentIsFoundByItsId() {
    deploys("ecs-svc/4837261950372615049");

    function.handleRequest(event("ecs-deployment-completed"), null);

    assertThat(world.rollouts)
        .singleElement()
        .extracting(Rollout::status)
        .isEqualTo(Rollout.Status.HEALTHY);
  }

  @Test
  void aFailedDeploymentIsFoundByItsId() {
    deploys("ecs-svc/7750318462209518346");

    function.handleRequest(event("ecs-deployment-failed"), null);

    assertThat(world.rollouts.getFirst().reason())
        .isEqualTo("ECS deployment circuit breaker: tasks failed to start.");
  }

  @Test
  void aDeploymentInProgressNeedsNoCall() {
    assertThat(function.handleRequest(event("ecs-deployment-in-progress"), null))
        .isEqualTo("in progress: its end will tell");
    assertThat(world.calls).isEmpty();
  }

  @Test
  void anEventOfAnotherKindIsThrownBackWithTheReason() {
    var other = event("ecs-task-state-change-stopped-exec-format-error");

    assertThatThrownBy(() -> function.handleRequest(other, null))
        .isInstanceOf(Malformed.class)
        .hasMessage("detail-type is 'ECS Task State Change': want ECS Deployment State Change");
  }

  @Test
  void aDeploymentEventWithoutItsIdNamesTheField() {
    var event = event("ecs-deployment-completed");
    event.getDetail().remove("deploymentId");

    assertThatThrownBy(() -> function.handleRequest(event, null))
        .hasMessage("detail.deploymentId is missing: want text");
  }
}
