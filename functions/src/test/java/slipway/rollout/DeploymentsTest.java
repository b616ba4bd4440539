package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.rollout.Samples.DICE;
import static slipway.rollout.Samples.commit;
import static slipway.rollout.Samples.container;
import static slipway.rollout.Samples.stopped;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentsTest {
  private final World world = new World();

  private void rollsOut(int app) {
    world.push(app, 1);
    world.rollouts().reconcile(DICE, false);
  }

  private void runs(int app) {
    rollsOut(app);
    world.deployments().on(world.completes());
    world.statuses.clear();
    world.notices.clear();
    world.syncs.clear();
  }

  @Test
  void aCompletedRolloutIsHealthyAndAsksForItsSlos() {
    rollsOut(2);

    world.deployments().on(world.completes());

    assertThat(world.rollouts.getLast().status()).isEqualTo(Rollout.Status.HEALTHY);
    assertThat(world.state.running()).isEqualTo(world.state.latest());
    assertThat(world.syncs).containsExactly("dice");
    assertThat(world.statuses)
        .contains(
            commit(2).substring(0, 16) + " slipway/dice SUCCESS: dice:1 is healthy and serves");
  }

  @Test
  void aFailedRolloutIsQuarantinedDeregisteredAndExplained() {
    runs(1);
    rollsOut(2);
    var id = world.deployments.getFirst().id();
    for (int n = 0; n < 3; n++)
      world.stopped.add(
          stopped(
              id,
              "EssentialContainerExited",
              "Essential container in task exited",
              container("app", 1),
              container("adot", 0)));

    world.deployments().on(world.fails(Samples.ARN + "dice:1"));

    assertThat(world.rollouts.getLast().reason()).isEqualTo("app exited with code 1 (3 tasks)");
    assertThat(world.statuses.getLast())
        .isEqualTo(
            commit(2).substring(0, 16)
                + " slipway/dice FAILURE: dice:2 failed, dice:1 runs:"
                + " app exited with code 1 (3 tasks)");
    assertThat(world.notices).containsExactly("dice: dice:2 failed, dice:1 runs");
    assertThat(world.find("dice").orElseThrow().arn()).endsWith("dice:1");
    assertThat(world.rollouts().reconcile(DICE, false)).isInstanceOf(Outcome.Quarantined.class);
    assertThat(world.registered()).hasSize(2);
  }

  @Test
  void theRollbackThatFollowsIsNotTakenForASuccess() {
    runs(1);
    rollsOut(2);
    world.deployments().on(world.fails(Samples.ARN + "dice:1"));
    world.statuses.clear();

    assertThat(world.deployments().on(world.completes()))
        .isEqualTo(
            "dice:1 ran before, and ECS deploys it again: a rollback, or a deployment by hand");

    assertThat(world.statuses).isEmpty();
    assertThat(world.syncs).isEmpty();
    assertThat(world.rollouts.getLast().status()).isEqualTo(Rollout.Status.FAILED);
  }

  @Test
  void betweenTheRollbackAndItsEventNothingIsTriedAgain() {
    runs(1);
    rollsOut(2);
    world.fails(Samples.ARN + "dice:1");

    assertThat(world.rollouts().reconcile(DICE, false))
        .isInstanceOf(Outcome.WaitForDeployment.class);

    assertThat(world.primary()).isEqualTo("dice:1");
  }

  @Test
  void afterAFailureTheNextPushRollsOut() {
    runs(1);
    rollsOut(2);
    world.deployments().on(world.fails(Samples.ARN + "dice:1"));
    rollsOut(3);

    assertThat(world.primary()).isEqualTo("dice:3");
    assertThat(world.rollouts)
        .extracting(Rollout::status)
        .containsExactly(Rollout.Status.HEALTHY, Rollout.Status.FAILED, Rollout.Status.IN_PROGRESS);
  }

  @Test
  void theSameEventTwiceTellsOnce() {
    rollsOut(2);
    var event = world.completes();

    world.deployments().on(event);
    assertThat(world.deployments().on(event)).contains("was settled before");

    assertThat(world.notices).hasSize(1);
    assertThat(world.syncs).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "1,false", "2,false", "3,false", "4,false", "5,false", "6,false",
    "1,true", "2,true", "3,true", "4,true", "5,true", "6,true"
  })
  void aCrashAtAnyCallLeavesNothingUnsaid(int call, boolean afterItsEffect) {
    runs(1);
    rollsOut(2);
    var event = world.fails(Samples.ARN + "dice:1");
    world.statuses.clear();
    world.dieAtCall(call, afterItsEffect);
    assertThatThrownBy(() -> world.deployments().on(event))
        .isInstanceOf(IllegalStateException.class);

    world.deployments().on(event);

    assertThat(world.rollouts.getLast().status()).isEqualTo(Rollout.Status.FAILED);
    assertThat(world.quarantine).hasSize(1);
    assertThat(world.find("dice").orElseThrow().arn()).endsWith("dice:1");
    assertThat(world.statuses).isNotEmpty();
  }

  @Test
  void theFirstDeploymentIsCloudFormationsAndIsAdoptedByItsEvent() {
    world.service = false;
    world.rollouts().reconcile(DICE, false);
    world.service = true;
    world.deployments.add(world.deployment(Samples.ARN + "dice:1"));

    world.deployments().on(world.completes());

    assertThat(world.rollouts).singleElement().extracting(Rollout::commit).isEqualTo(commit(1));
    assertThat(world.syncs).containsExactly("dice");
  }

  @Test
  void anEndOfADeploymentThatNobodyKnowsIsNoSilentDrop() {
    runs(1);
    var event =
        new DeploymentEvent(DICE, DeploymentEvent.Kind.COMPLETED, "ecs-svc/404", "completed.");

    assertThatThrownBy(() -> world.deployments().on(event))
        .hasMessageContaining("deployment ecs-svc/404 of service dice COMPLETED, is not recorded");
  }
}
