package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.rollout.Samples.commit;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.config.ServiceName;

class RolloutsTest {
  private final World world = new World();

  /** The world where revision 1 was rolled out and is healthy. */
  private void runs() {
    world.reconcile();
    world.on(world.completes());
    world.calls.clear();
    world.statuses.clear();
  }

  @Test
  void aPushOfTwoImagesIsOneRolloutInEightCalls() {
    runs();
    world.push(2, 2);

    assertThat(world.reconcile()).isInstanceOf(Outcome.RollOut.class);

    assertThat(world.primary()).isEqualTo("dice:2");
    assertThat(world.calls)
        .containsExactly(
            "ecs:DescribeTaskDefinition",
            "ecr:BatchGetImage",
            "ecr:BatchGetImage",
            "ecs:DescribeServices",
            "dynamodb:BatchGetItem",
            "ecs:RegisterTaskDefinition",
            "ecs:UpdateService",
            "dynamodb:TransactWriteItems");
    assertThat(world.statuses)
        .containsExactly(commit(2).substring(0, 16) + " slipway/dice PENDING: rolling out dice:2");
  }

  @Test
  void whatRunsAlreadyIsFoundOutInFiveCalls() {
    runs();

    assertThat(world.reconcile()).isEqualTo(new Outcome.NothingToDo("dice:1 runs"));

    assertThat(world.calls).hasSize(5);
    assertThat(world.registered()).hasSize(1);
  }

  @Test
  void soItIsAfterSomethingWasHeldBack() {
    runs();
    world.freeze(Samples.DICE, true, order("frozen"));
    world.push(2, 1);
    world.reconcile();
    world.push(1, 1);
    world.reconcile();
    world.calls.clear();

    world.reconcile();

    assertThat(world.calls).hasSize(5);
  }

  private static Ledger.Order order(String what) {
    return new Ledger.Order(what, new ServiceState.Change("ann", "", Instant.EPOCH));
  }

  @Test
  void aChangedTemplateRollsOutByTheSameWay() {
    runs();
    world.definitions.put("dice-template", Samples.template("other"));

    world.reconcile();

    assertThat(world.primary()).isEqualTo("dice:2");
  }

  @Test
  void onlyTheCommitsOfChangedImagesAreTold() {
    runs();
    world.push(1, 7);

    world.reconcile();

    assertThat(world.rollouts.getLast().commits()).containsExactly(commit(7));
  }

  @Test
  void aNewerPushSupersedesARollingDeployment() {
    runs();
    world.push(2, 1);
    world.reconcile();
    world.push(3, 1);
    world.reconcile();

    assertThat(world.primary()).isEqualTo("dice:3");
    assertThat(world.rollouts)
        .extracting(Rollout::status)
        .containsExactly(
            Rollout.Status.HEALTHY, Rollout.Status.SUPERSEDED, Rollout.Status.IN_PROGRESS);
  }

  @ParameterizedTest
  @CsvSource({
    "1,false", "2,false", "3,false", "4,false", "5,false", "6,false", "7,false", "8,false",
    "1,true", "2,true", "3,true", "4,true", "5,true", "6,true", "7,true", "8,true"
  })
  void aCrashAtAnyCallEndsInOneRevisionAndOneRollout(int call, boolean afterItsEffect) {
    runs();
    world.push(2, 2);
    world.dieAtCall(call, afterItsEffect);
    assertThatThrownBy(() -> world.reconcile()).isInstanceOf(IllegalStateException.class);

    world.reconcileAgain();

    assertThat(world.primary()).isEqualTo("dice:2");
    assertThat(world.registered()).hasSize(2);
    assertThat(world.rollouts).hasSize(2);
    assertThat(world.rollouts.getLast().deployment()).isEqualTo(world.deployments.getFirst().id());
    assertThat(world.rollouts.getLast().commits()).containsExactly(commit(2));
  }

  @Test
  void anImageForAnotherArchitectureIsRefusedOnItsCommitOnce() {
    runs();
    world.behindTag.put(
        "slipway/dice/app",
        new Image(
            Samples.REGISTRY,
            "slipway/dice/app",
            Samples.digest(2),
            Set.of(new Platform("linux", "amd64")),
            Optional.of(commit(2)),
            Optional.empty()));

    world.reconcile();
    world.reconcile();

    assertThat(world.statuses)
        .containsExactly(
            commit(2).substring(0, 16)
                + " slipway/dice FAILURE: slipway/dice/app is for linux/amd64, dice runs on"
                + " linux/arm64: build it for linux/arm64 (slipway/dice/app:live is"
                + " sha256:000000000000)");
    assertThat(world.registered()).hasSize(1);
  }

  @Test
  void beforeTheServiceIsThereItsFirstRevisionIsRegisteredOnceAndCloudFormationIsAnswered() {
    world.service = false;
    world.release = pending();

    world.reconcile();
    world.reconcile();

    assertThat(world.registered()).hasSize(1);
    assertThat(world.answers).containsExactly("SUCCESS");
  }

  @Test
  void aFirstReleaseWaitsForAllImages() {
    world.service = false;
    world.release = pending();
    world.behindTag.remove("slipway/dice/adot");

    assertThat(world.reconcile().text())
        .isEqualTo("no image slipway/dice/adot:live yet: goes on when a build pushes it");

    assertThat(world.answers).isEmpty();
    assertThat(world.registered()).isEmpty();
  }

  @Test
  void whatCloudFormationDeployedIsAdopted() {
    world.service = false;
    world.reconcile();
    world.service = true;
    world.deployments.add(world.deployment(Samples.ARN + "dice:1"));

    assertThat(world.reconcile()).isEqualTo(new Outcome.NothingToDo("dice:1 is being deployed"));
    assertThat(world.reconcile()).isEqualTo(new Outcome.NothingToDo("dice:1 is being deployed"));

    assertThat(world.rollouts).hasSize(1);
    assertThat(world.registered()).hasSize(1);
  }

  @Test
  void withAnEmptyTableWhatRunsIsFoundAgain() {
    runs();
    world.state = ServiceState.EMPTY;
    world.rollouts.clear();

    world.reconcile();

    assertThat(world.state.running().orElseThrow().to()).endsWith("dice:1");
    assertThat(world.registered()).hasSize(1);
  }

  @Test
  void aServiceThatTheConfigurationDoesNotHaveIsLeftAloneWithTheReason() {
    var outcome = world.rollouts().reconcile(new ServiceName("cards"), Hints.NONE);

    assertThat(outcome).isInstanceOf(Outcome.NotConfigured.class);
    assertThat(outcome.text()).startsWith("service cards is not in the configuration");
    assertThat(world.registered()).isEmpty();
  }

  static Optional<PendingRelease> pending() {
    return Optional.of(
        new PendingRelease(
            URI.create("http://127.0.0.1/answer"),
            "stack",
            "request",
            "DiceRelease",
            "slipway-release-dice"));
  }
}
