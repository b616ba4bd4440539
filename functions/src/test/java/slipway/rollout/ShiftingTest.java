package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.rollout.Samples.ARN;
import static slipway.rollout.Samples.commit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import slipway.rollout.RunningService.Deployment;
import slipway.rollout.RunningService.Progress;

/**
 * A rollout that shifts requests: dice:1 serves, dice:2 is a canary, and only ECS's own account of
 * the service deployment tells what comes of it.
 */
class ShiftingTest {
  private final World world = new World();
  private Deployment before;
  private Deployment canary;

  @BeforeEach
  void aCanaryIsOnItsWay() {
    world.reconcile();
    world.deployments.add(world.deployment(ARN + "dice:1"));
    world.reconcile();
    world.on(world.completes());
    before = world.deployments.getFirst();
    world.rolling = false;
    world.push(2, 1);
    assertThat(world.reconcile()).isInstanceOf(Outcome.RollOut.class);
    canary = world.deployments.getFirst();
    world.calls.clear();
    world.statuses.clear();
    world.notices.clear();
  }

  private Rollout rollout() {
    return world.rollouts.getLast();
  }

  private DeploymentEvent event(DeploymentEvent.Kind kind, String deployment) {
    return new DeploymentEvent("dice", kind, deployment, "said the event");
  }

  /** Requests go to dice:1 again, which is the deployment that it always was. */
  private void wentBack() {
    world.course = Course.State.WENT_BACK;
    world.deployments.clear();
    world.deployments.add(before);
  }

  private void pin() {
    world.pin(
        Samples.DICE,
        Optional.of(world.rollouts.getFirst()),
        new Ledger.Order("rollback", new ServiceState.Change("ann", "too slow", Instant.EPOCH)));
  }

  private static String told(String what) {
    return commit(2).substring(0, 16) + " slipway/dice " + what;
  }

  @Test
  void untilEcsSaysThatItIsDoneItIsUnderWayWhateverEventsSay() {
    world.on(event(DeploymentEvent.Kind.COMPLETED, canary.id()));
    world.on(world.completes());

    assertThat(rollout().open()).isTrue();
    assertThat(world.statuses).isEmpty();
    assertThat(world.calls).contains("ecs:DescribeServiceDeployments");
  }

  @Test
  void whenAllRequestsGoToItAndTheOldVersionIsGoneItIsHealthy() {
    world.course = Course.State.DONE;

    world.on(world.completes());

    assertThat(rollout().status()).isEqualTo(Rollout.Status.HEALTHY);
    assertThat(world.statuses).containsExactly(told("SUCCESS: dice:2 is healthy and serves"));
    world.calls.clear();
    world.reconcile();
    assertThat(world.calls).doesNotContain("ecs:DescribeServiceDeployments");
  }

  @Test
  void anAlarmDuringTheCanaryIsItsFailureAndTheWayBackCompletesWithoutBeingASuccess() {
    world.course = Course.State.GOING_BACK;
    world.alarms.add("dice burns fast");
    world.on(event(DeploymentEvent.Kind.FAILED, canary.id()));

    assertThat(rollout().status()).isEqualTo(Rollout.Status.FAILED);
    assertThat(world.statuses)
        .containsExactly(
            told("FAILURE: dice:2 failed, dice:1 runs: alarm 'dice burns fast' went off"));
    assertThat(rollout().restoredAt()).isEmpty();

    wentBack();
    world.on(event(DeploymentEvent.Kind.COMPLETED, canary.id()));

    assertThat(rollout().status()).isEqualTo(Rollout.Status.FAILED);
    assertThat(rollout().restoredAt()).isPresent();
    assertThat(world.statuses).hasSize(1);
    assertThat(world.reconcile()).isInstanceOf(Outcome.Quarantined.class);
    assertThat(world.registered()).hasSize(2);
  }

  @Test
  void aRollbackThatNoEventToldIsFoundByTheNextLook() {
    wentBack();
    world.broke = true;
    world.courseReason = "the circuit breaker threshold was exceeded";

    world.reconcile();

    assertThat(rollout().status()).isEqualTo(Rollout.Status.FAILED);
    assertThat(rollout().reason()).isEqualTo("the circuit breaker threshold was exceeded");
    assertThat(rollout().restoredAt()).isPresent();
  }

  /** The account may still say what was before, the event never does. */
  @Test
  void anEventOfTheFailureIsBelievedBeforeTheAccountKnows() {
    world.on(event(DeploymentEvent.Kind.FAILED, canary.id()));

    assertThat(rollout().status()).isEqualTo(Rollout.Status.FAILED);
    assertThat(rollout().reason()).isEqualTo("said the event");
  }

  @Test
  void whatIsPushedMeanwhileWaitsForTheEndAndIsRolledOutThen() {
    world.push(3, 1);

    assertThat(world.reconcile().text())
        .isEqualTo("waits for the end of deployment %s of dice:2".formatted(canary.id()));
    assertThat(world.primary()).isEqualTo("dice:2");

    world.course = Course.State.DONE;
    world.on(world.completes());

    assertThat(world.primary()).isEqualTo("dice:3");
    assertThat(world.rollouts).hasSize(3);
  }

  @Test
  void aFreezeHoldsUpWhatIsPushedNextAndLetsTheCanaryGoOn() {
    world.freeze(
        Samples.DICE,
        true,
        new Ledger.Order("freeze", new ServiceState.Change("ann", "Black Friday", Instant.EPOCH)));
    world.push(3, 1);

    assertThat(world.reconcile()).isInstanceOf(Outcome.Frozen.class);
    assertThat(world.calls).doesNotContain("ecs:StopServiceDeployment");

    world.course = Course.State.DONE;
    assertThat(world.on(world.completes())).isInstanceOf(Outcome.Frozen.class);
    assertThat(rollout().status()).isEqualTo(Rollout.Status.HEALTHY);
    assertThat(world.primary()).isEqualTo("dice:2");
  }

  @Test
  void aPersonsRollbackTakesTheCanaryBackAtOnceInsteadOfWaitingForItsEnd() {
    pin();

    assertThat(world.reconcile()).isInstanceOf(Outcome.WaitForDeployment.class);

    assertThat(world.calls)
        .contains("ecs:StopServiceDeployment")
        .doesNotContain("ecs:UpdateService");
    assertThat(rollout().status()).isEqualTo(Rollout.Status.SUPERSEDED);
    assertThat(rollout().reason())
        .isEqualTo(
            "dice:2 was taken back before it was healthy: pinned to rollout %s by ann: too slow"
                .formatted(world.rollouts.getFirst().id()));
    assertThat(world.statuses.getFirst()).startsWith(told("ERROR: dice:2 was taken back"));
    // The family's name must mean what runs.
    assertThat(world.find("dice").orElseThrow().arn()).endsWith("dice:1");

    wentBack();
    assertThat(world.reconcile().text()).endsWith("by ann: too slow, which runs");
    assertThat(world.registered()).hasSize(2);
  }

  @Test
  void aCommitThatRanBeforeItsTaskDefinitionChangedStaysHealthyWhenTheChangeIsTakenBack() {
    world.course = Course.State.DONE;
    world.on(world.completes());
    var healthy = rollout();
    var ran = world.deployments.getFirst();
    world.course = Course.State.UNDER_WAY;
    world.definitions.put("dice-template", Samples.template("other"));
    assertThat(world.reconcile()).isInstanceOf(Outcome.RollOut.class);
    world.pin(
        Samples.DICE,
        Optional.of(healthy),
        new Ledger.Order("rollback", new ServiceState.Change("ann", "too slow", Instant.EPOCH)));

    world.reconcile();

    assertThat(rollout().status()).isEqualTo(Rollout.Status.SUPERSEDED);
    assertThat(world.statuses)
        .anyMatch(it -> it.startsWith(told("SUCCESS: dice:3 was taken back")));
    world.course = Course.State.WENT_BACK;
    world.deployments.clear();
    world.deployments.add(ran);
    world.reconcile();
    assertThat(world.statuses.getLast()).startsWith(told("SUCCESS: "));
  }

  @Test
  void whatWasTakenBackComesAgainWhenThePinIsGone() {
    pin();
    world.reconcile();
    wentBack();
    world.pin(
        Samples.DICE,
        Optional.empty(),
        new Ledger.Order("unpin", new ServiceState.Change("ann", "", Instant.EPOCH)));

    assertThat(world.reconcile()).isInstanceOf(Outcome.RollOut.class);
    assertThat(world.primary()).isEqualTo("dice:3");
  }

  @Test
  void whoDiesAfterTakingItBackIsFollowedByOneWhoRecordsIt() {
    dieTakingItBack();
    assertThat(rollout().open()).isTrue();
    // What was ordered is remembered, whatever is ordered since.
    world.pin(
        Samples.DICE,
        Optional.empty(),
        new Ledger.Order("unpin", new ServiceState.Change("ann", "", Instant.EPOCH)));

    world.reconcileAgain();

    assertThat(rollout().status()).isEqualTo(Rollout.Status.SUPERSEDED);
    assertThat(world.quarantine).isEmpty();
    assertThat(world.calls.stream().filter("ecs:StopServiceDeployment"::equals)).hasSize(1);
  }

  private void dieTakingItBack() {
    pin();
    // What is read, and the call that has it taken back.
    world.dieAtCall(11, true);
    try {
      world.reconcile();
      throw new AssertionError("it lives");
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("died after ecs:StopServiceDeployment");
    }
  }

  /** Nor where somebody deployed the same meanwhile, so that ECS speaks of two deployments. */
  @Test
  void whatWasStoppedAsAPersonWantedItBackMayComeAgain() {
    dieTakingItBack();
    world.course = Course.State.STOPPED;
    world.deployments.clear();
    world.deployments.add(world.deployment(ARN + "dice:1"));

    world.reconcileAgain();

    assertThat(rollout().status()).isEqualTo(Rollout.Status.SUPERSEDED);
    assertThat(world.quarantine).isEmpty();
  }

  @Test
  void aCanaryThatEndedJustBeforeItWasToBeTakenBackIsSettledFirst() {
    pin();
    world.over = true;

    assertThat(world.reconcile()).isInstanceOf(Outcome.TakeBack.class);
    assertThat(rollout().open()).isTrue();

    world.course = Course.State.DONE;
    world.on(world.completes());
    assertThat(world.rollouts.get(1).status()).isEqualTo(Rollout.Status.HEALTHY);
    assertThat(world.primary()).isEqualTo("dice:3");
  }

  @Test
  void whatEcsFoundBadIsAFailureAlsoWhereAPersonWantedItBack() {
    pin();
    world.broke = true;
    wentBack();

    world.reconcile();

    assertThat(rollout().status()).isEqualTo(Rollout.Status.FAILED);
    assertThat(world.quarantine).containsKey(rollout().fingerprint());
  }

  @Test
  void whatSomebodyElseDeployedInItsPlaceIsTold() {
    world.course = Course.State.STOPPED;
    world.deployments.clear();
    var other = world.register(Samples.template("other").revisionOf(Samples.DICE, Map.of()));
    world.deployments.add(world.deployment(other));

    world.reconcile();

    assertThat(world.rollouts.get(1).status()).isEqualTo(Rollout.Status.SUPERSEDED);
    assertThat(world.notices)
        .contains("dice: dice:2 was replaced before it was healthy: somebody else deployed dice:3");
  }

  /** Somebody may have deployed the same once more, and it failed. */
  @Test
  void whatWasStoppedAndRunsNoMoreIsNotTriedAgain() {
    world.course = Course.State.STOPPED;
    world.deployments.clear();
    world.deployments.add(world.deployment(ARN + "dice:1"));

    world.reconcile();

    assertThat(rollout().status()).isEqualTo(Rollout.Status.FAILED);
    assertThat(world.quarantine).containsKey(rollout().fingerprint());
  }

  @Test
  void aDeploymentThatWasStoppedWhereItWasHasFailed() {
    world.course = Course.State.STOPPED;

    world.reconcile();

    assertThat(rollout().status()).isEqualTo(Rollout.Status.FAILED);
  }

  /** After 90 days, or for a moment, ECS may not know it: then the deployment itself is all. */
  @ParameterizedTest
  @EnumSource(Progress.class)
  void withoutAnAccountTheDeploymentTellsAsFarAsItDoes(Progress progress) {
    var service =
        new RunningService(
            false,
            List.of(
                new Deployment(
                    canary.id(), true, canary.taskDefinition(), progress, "", canary.createdAt())),
            List.of());
    var facts =
        new Facts(
            Samples.service(),
            Samples.content(2, 1),
            Optional.of(service),
            world.state.revision(canary.taskDefinition()),
            Optional.empty(),
            Optional.empty(),
            world.state,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Hints.NONE);

    assertThat(Reconcile.decide(facts))
        .isInstanceOf(
            progress == Progress.IN_PROGRESS ? Outcome.NothingToDo.class : Outcome.Settle.class);
  }
}
