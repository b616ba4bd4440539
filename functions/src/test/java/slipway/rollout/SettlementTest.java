package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.rollout.Samples.ARN;
import static slipway.rollout.Samples.commit;
import static slipway.rollout.Samples.container;
import static slipway.rollout.Samples.stopped;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Measure;
import slipway.notice.Measured;
import slipway.rollout.Rollout.Status;

class SettlementTest {
  private final World world = new World();

  private void rollsOut(int app) {
    world.push(app, 1);
    world.reconcile();
  }

  private void runs(int app) {
    rollsOut(app);
    world.on(world.completes());
    world.statuses.clear();
    world.announcements.clear();
    world.notices.clear();
    world.syncs.clear();
  }

  private static String told(int n, String text) {
    return commit(n).substring(0, 16) + " slipway/dice " + text;
  }

  @Test
  void aCompletedRolloutIsHealthyAndAsksForItsSlos() {
    runs(1);
    rollsOut(2);

    assertThat(world.on(world.completes())).isEqualTo(new Outcome.NothingToDo("dice:2 runs"));

    assertThat(world.rollouts.getLast().status()).isEqualTo(Status.HEALTHY);
    assertThat(world.state.running()).isEqualTo(world.state.latest());
    assertThat(world.syncs).containsExactly("dice");
    assertThat(world.statuses).contains(told(2, "SUCCESS: dice:2 is healthy and serves"));
    assertThat(world.announcements)
        .containsExactly(
            commit(2).substring(0, 16) + " IN_PROGRESS",
            commit(2).substring(0, 16) + " SUCCESS",
            commit(1).substring(0, 16) + " INACTIVE");
  }

  @Test
  void whoSeesTheStatusOfTheCommitFindsAllElseSaid() {
    runs(1);
    rollsOut(2);
    world.on(world.completes());
    assertThat(world.told.getLast()).isEqualTo(told(2, "SUCCESS: dice:2 is healthy and serves"));

    rollsOut(3);
    world.on(world.fails(ARN + "dice:2"));
    assertThat(world.told.getLast()).startsWith(told(3, "FAILURE: dice:3 failed, dice:2 runs"));
  }

  @Test
  void howARolloutEndedIsMeasuredInTheLineThatTellsIt() {
    runs(1);
    rollsOut(2);
    world.on(world.completes());
    var healthy = world.rollouts.getLast();
    rollsOut(3);
    world.on(world.fails(ARN + "dice:2"));
    var failed = world.rollouts.getLast();

    var lines = world.lines.stream().filter(line -> line.measured().isPresent()).toList();
    assertThat(lines).extracting(Line::about).endsWith(healthy.about(), failed.about());
    assertThat(lines.getLast().about())
        .isEqualTo(About.service("dice").rollout(failed.id()).commit(commit(3)));
    assertThat(lines.get(lines.size() - 2).measured().orElseThrow())
        .isEqualTo(
            new Measured(
                "slipway",
                Map.of(
                    Measure.ROLLOUTS_HEALTHY,
                    1.0,
                    Measure.ROLLOUTS_FAILED,
                    0.0,
                    Measure.PUSH_TO_HEALTHY,
                    healthy.leadTime().orElseThrow().toMillis() / 1000.0)));
    assertThat(lines.getLast().measured().orElseThrow())
        .isEqualTo(
            new Measured(
                "slipway", Map.of(Measure.ROLLOUTS_HEALTHY, 0.0, Measure.ROLLOUTS_FAILED, 1.0)));
  }

  @Test
  void everyLineOfALookNamesTheServiceAndWhatItIsAbout() {
    runs(1);
    rollsOut(2);
    world.on(world.completes());
    world.reconcile();

    assertThat(world.lines)
        .isNotEmpty()
        .allSatisfy(
            line -> {
              assertThat(line.about().services()).containsExactly("dice");
              assertThat(line.about().commit()).isPresent();
            });
    assertThat(world.lines.getLast().about()).isEqualTo(world.rollouts.getLast().about());
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

    assertThat(world.on(world.fails(ARN + "dice:1"))).isInstanceOf(Outcome.Quarantined.class);

    assertThat(world.rollouts.getLast().reason()).isEqualTo("app exited with code 1 (3 tasks)");
    assertThat(world.rollouts.getLast().runs()).contains(ARN + "dice:1");
    assertThat(world.statuses.getLast())
        .isEqualTo(
            told(2, "FAILURE: dice:2 failed, dice:1 runs: app exited with code 1 (3 tasks)"));
    assertThat(world.announcements.getLast()).endsWith("FAILURE");
    assertThat(world.notices).containsExactly("dice: dice:2 failed, dice:1 runs");
    assertThat(world.find("dice").orElseThrow().arn()).endsWith("dice:1");
    assertThat(world.reconcile()).isInstanceOf(Outcome.Quarantined.class);
    assertThat(world.registered()).hasSize(2);
  }

  @Test
  void anAlarmThatEndedARolloutIsNamedToEverybody() {
    runs(1);
    rollsOut(2);
    world.stopped.add(
        stopped(
            world.deployments.getFirst().id(),
            "ServiceSchedulerInitiated",
            "Scaling activity initiated by deployment x"));
    world.alarms.add("slipway dice GET rolldice availability burns fast");

    world.on(world.fails(ARN + "dice:1"));

    var reason = "alarm 'slipway dice GET rolldice availability burns fast' went off";
    assertThat(world.rollouts.getLast().reason()).isEqualTo(reason);
    assertThat(world.statuses.getLast())
        .isEqualTo(told(2, "FAILURE: dice:2 failed, dice:1 runs: " + reason));
  }

  @Test
  void alarmsAreAskedForOnlyWhereNoTaskTellsWhyItStopped() {
    runs(1);
    rollsOut(2);
    world.stopped.add(
        stopped(
            world.deployments.getFirst().id(),
            "EssentialContainerExited",
            "Essential container in task exited",
            container("app", 1)));
    world.alarms.add("slipway dice GET rolldice availability burns fast");

    world.on(world.fails(ARN + "dice:1"));

    assertThat(world.rollouts.getLast().reason()).isEqualTo("app exited with code 1");
    assertThat(world.calls).doesNotContain("ecs:DescribeServiceDeployments");
  }

  @Test
  void whenWhatRanBeforeServesAloneAgainTheFailureIsRestored() {
    runs(1);
    rollsOut(2);
    world.on(world.fails(ARN + "dice:1"));
    assertThat(world.rollouts.getLast().restoredAt()).isEmpty();

    world.on(world.completes());
    var failed = world.rollouts.getLast();
    world.reconcile();

    assertThat(failed.status()).isEqualTo(Status.FAILED);
    assertThat(failed.restoredAt().orElseThrow()).isAfter(failed.endedAt().orElseThrow());
    assertThat(world.rollouts.getLast()).isEqualTo(failed);
    assertThat(world.state.latest()).contains(failed);
  }

  @Test
  void aCommitThatRunsOnDoesNotFailForATemplateThatCannot() {
    runs(1);
    world.definitions.put("dice-template", Samples.template("broken"));
    world.reconcile();

    world.on(world.fails(ARN + "dice:1"));

    assertThat(world.rollouts.getLast().status()).isEqualTo(Status.FAILED);
    assertThat(world.announcements.getLast()).endsWith("FAILURE");
    assertThat(world.statuses.getLast())
        .startsWith(told(1, "SUCCESS: dice:2 failed, dice:1 runs: "));
  }

  @Test
  void theRollbackThatFollowsIsNotTakenForASuccess() {
    runs(1);
    rollsOut(2);
    world.on(world.fails(ARN + "dice:1"));
    world.statuses.clear();

    world.on(world.completes());

    assertThat(world.statuses).isEmpty();
    assertThat(world.syncs).isEmpty();
    assertThat(world.rollouts.getLast().status()).isEqualTo(Status.FAILED);
  }

  @Test
  void aRollbackThatNoEventToldIsFoundByLooking() {
    runs(1);
    rollsOut(2);
    world.fails(ARN + "dice:1");

    assertThat(world.reconcile()).isInstanceOf(Outcome.Quarantined.class);

    assertThat(world.primary()).isEqualTo("dice:1");
    assertThat(world.rollouts.getLast().status()).isEqualTo(Status.FAILED);
    assertThat(world.statuses.getLast()).startsWith(told(2, "FAILURE: dice:2 failed, dice:1 runs"));
  }

  @Test
  void aSuccessThatNoEventToldIsFoundByLooking() {
    runs(1);
    rollsOut(2);
    world.completes();

    world.reconcile();

    assertThat(world.rollouts.getLast().status()).isEqualTo(Status.HEALTHY);
    assertThat(world.syncs).containsExactly("dice");
  }

  @Test
  void aFailureWithNothingToGoBackToIsOneToo() {
    rollsOut(2);

    world.on(world.failsForGood());

    assertThat(world.rollouts.getLast().status()).isEqualTo(Status.FAILED);
    assertThat(world.statuses.getLast()).contains("FAILURE: dice:1 failed, nothing runs: gave up");
  }

  @Test
  void whatSomebodyElseDeployedInItsPlaceIsSaidAndPutRight() {
    runs(1);
    runs(2);
    rollsOut(3);
    world.deployments.clear();
    world.definitions.put(ARN + "other:7", Samples.template("other"));
    world.deployments.add(world.deployment(ARN + "other:7"));

    world.reconcile();

    assertThat(world.rollouts.get(2).status()).isEqualTo(Status.SUPERSEDED);
    assertThat(world.statuses)
        .contains(
            told(
                3,
                "ERROR: dice:3 was replaced before it was healthy: somebody else deployed"
                    + " other:7"));
    assertThat(world.primary()).isEqualTo("dice:3");
  }

  @Test
  void whatEcsAnswersFromBeforeTheRolloutIsNoRollback() {
    runs(1);
    var before = world.deployments.getFirst();
    rollsOut(2);
    world.deployments.clear();
    world.deployments.add(before);

    world.reconcile();

    assertThat(world.rollouts.getLast().status()).isEqualTo(Status.IN_PROGRESS);
    assertThat(world.registered()).hasSize(2);
  }

  @Test
  void afterAFailureTheNextPushRollsOut() {
    runs(1);
    rollsOut(2);
    world.on(world.fails(ARN + "dice:1"));
    rollsOut(3);

    assertThat(world.primary()).isEqualTo("dice:3");
    assertThat(world.rollouts)
        .extracting(Rollout::status)
        .containsExactly(Status.HEALTHY, Status.FAILED, Status.IN_PROGRESS);
  }

  @Test
  void theSameEventTwiceTellsOnce() {
    rollsOut(2);
    var event = world.completes();

    world.on(event);
    world.on(event);

    assertThat(world.notices).hasSize(1);
    assertThat(world.syncs).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "1,false", "2,false", "3,false", "4,false", "5,false", "6,false", "7,false", "8,false",
    "1,true", "2,true", "3,true", "4,true", "5,true", "6,true", "7,true", "8,true"
  })
  void aCrashAtAnyCallLeavesNothingUnsaid(int call, boolean afterItsEffect) {
    runs(1);
    rollsOut(2);
    var event = world.fails(ARN + "dice:1");
    world.statuses.clear();
    world.dieAtCall(call, afterItsEffect);
    assertThatThrownBy(() -> world.on(event)).isInstanceOf(IllegalStateException.class);

    world.reconcileAgain();

    assertThat(world.rollouts.getLast().status()).isEqualTo(Status.FAILED);
    assertThat(world.quarantine).hasSize(1);
    assertThat(world.find("dice").orElseThrow().arn()).endsWith("dice:1");
    assertThat(world.statuses).isNotEmpty();
    assertThat(world.primary()).isEqualTo("dice:1");
  }

  @Test
  void theFirstDeploymentIsCloudFormationsAndIsAdoptedByItsEvent() {
    world.service = false;
    world.reconcile();
    world.service = true;
    world.deployments.add(world.deployment(ARN + "dice:1"));

    world.on(world.completes());

    assertThat(world.rollouts).singleElement().extracting(Rollout::commit).isEqualTo(commit(1));
    assertThat(world.rollouts.getFirst().status()).isEqualTo(Status.HEALTHY);
    assertThat(world.syncs).containsExactly("dice");
  }

  @Test
  void anEndOfADeploymentThatIsNotTheLatestRolloutsIsNothingToUs() {
    runs(1);

    var outcome =
        world.on(
            new DeploymentEvent("dice", DeploymentEvent.Kind.FAILED, "ecs-svc/404", "gave up"));

    assertThat(outcome).isEqualTo(new Outcome.NothingToDo("dice:1 runs"));
  }
}
