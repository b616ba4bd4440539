package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.rollout.Samples.commit;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.config.ServiceName;
import slipway.rollout.SpentBudgets.Spent;

class RolloutsTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private final World world = new World();
  private final List<String> asked = new ArrayList<>();

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

  private void budgets(String... spent) {
    new TableSpentBudgets(world, (_, why) -> asked.add(why), Clock.fixed(NOON, ZoneOffset.UTC))
        .replace(Samples.DICE, Stream.of(spent).map(slo -> new Spent(slo, NOON)).toList());
  }

  @Test
  void aSpentBudgetHoldsUpAPushOnceSaidUntilItRecovers() {
    runs();
    budgets("dice availability");
    world.push(2, 1);

    assertThat(world.reconcile()).isInstanceOf(Outcome.Frozen.class);
    assertThat(world.reconcile()).isInstanceOf(Outcome.Frozen.class);

    assertThat(world.primary()).isEqualTo("dice:1");
    assertThat(world.statuses)
        .containsExactly(
            commit(2).substring(0, 16)
                + " slipway/dice PENDING: frozen: the error budget of SLO 'dice availability' is"
                + " spent since 2026-11-22T12:00:00Z; a fix whose commit message says [ignore"
                + " budget] rolls out all the same");
    assertThat(world.notices).hasSize(2).last().asString().startsWith("dice is not rolled out: ");

    budgets();

    assertThat(world.reconcile()).isInstanceOf(Outcome.RollOut.class);
    assertThat(world.rollouts.getLast().why()).isEqualTo("new image of app");
    assertThat(world.rollouts.getLast().commits()).containsExactly(commit(2));
  }

  @Test
  void aFixThatSaysSoRollsOutThroughASpentBudgetAndTakesTheWaitingOnesPlace() {
    runs();
    budgets("dice availability");
    world.push(2, 1);
    world.reconcile();
    var fix = Samples.image("app", 3);
    world.behindTag.put(
        fix.repository(),
        new Image(
            fix.registry(),
            fix.repository(),
            fix.digest(),
            fix.platforms(),
            Samples.origin(3, true)));

    assertThat(world.reconcile()).isInstanceOf(Outcome.RollOut.class);

    assertThat(world.rollouts.getLast().why())
        .isEqualTo(
            "new image of app, although the error budget of SLO 'dice availability' is spent");
    assertThat(world.statuses)
        .contains(commit(2).substring(0, 16) + " slipway/dice ERROR: dice:2 is rolled out instead");
  }

  @Test
  void aBudgetOfAnSloThatIsNotDeclaredAnyMoreHoldsUpNothing() {
    runs();
    budgets("an old one");
    world.push(2, 1);

    assertThat(world.reconcile()).isInstanceOf(Outcome.RollOut.class);
  }

  @Test
  void aChangeOfSpentBudgetsIsWrittenAndLookedAtOnce() {
    budgets();
    budgets("one");
    new TableSpentBudgets(world, (_, why) -> asked.add(why), Clock.systemUTC())
        .replace(Samples.DICE, List.of(new Spent("one", NOON.plusSeconds(3600))));
    budgets("two", "one");
    budgets("one", "two");
    budgets();

    assertThat(asked)
        .containsExactly(
            "spent error budgets: one at 2026-11-22T12:00:00Z",
            "spent error budgets: one, two at 2026-11-22T12:00:00Z",
            "all error budgets have recovered at 2026-11-22T12:00:00Z");
    assertThat(world.calls.stream().filter("dynamodb:PutItem"::equals)).hasSize(3);
    assertThat(world.state.spent()).isEmpty();
  }

  /** The audit may forget when it saw it first; people then still read the same. */
  @Test
  void sinceWhenABudgetIsSpentStays() {
    budgets("one");
    new TableSpentBudgets(world, (_, _) -> {}, Clock.systemUTC())
        .replace(
            Samples.DICE,
            List.of(
                new Spent("two", NOON.plusSeconds(3600)),
                new Spent("one", NOON.plusSeconds(3600))));

    assertThat(world.state.spent())
        .containsExactly(new Spent("one", NOON), new Spent("two", NOON.plusSeconds(3600)));
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
            Samples.origin(2, false)));

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
