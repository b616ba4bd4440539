package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.rollout.Samples.ARN;
import static slipway.rollout.Samples.commit;
import static slipway.rollout.Samples.content;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import slipway.rollout.Outcome.Source;
import slipway.rollout.Rollout.Brought;
import slipway.rollout.Rollout.Cause;
import slipway.rollout.RunningService.Deployment;
import slipway.rollout.RunningService.Progress;
import slipway.rollout.ServiceState.Change;
import slipway.rollout.ServiceState.Pin;
import slipway.rollout.SpentBudgets.Spent;

class ReconcileTest {
  private static final Desired.Content ONE = content(1, 1);
  private static final Desired.Content TWO = content(2, 1);
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final Rollout RAN_ONE = healthy(ONE, 1);
  private static final BudgetFreeze SPENT =
      new BudgetFreeze(List.of(new Spent("dice availability", NOON)), "[ignore budget]");
  private static final Change ANN = new Change("ann", "too slow", NOON);

  /** The n-th app, whose commit says that it ignores budgets. */
  private static Desired.Content overriding(int n) {
    var images = new HashMap<>(Samples.images(n, 1));
    var app = Samples.image("app", n);
    images.put(
        "app",
        Optional.of(
            new Image(
                app.registry(),
                app.repository(),
                app.digest(),
                app.platforms(),
                Samples.origin(n, true))));
    return (Desired.Content)
        Desired.of(Samples.service(), "live", Optional.of(Samples.template()), images);
  }

  private static Rollout started(Desired.Content content, int revision) {
    return Rollout.started(
        Samples.DICE,
        deployment(revision, Progress.IN_PROGRESS),
        Optional.empty(),
        content.fingerprint(),
        content.revision().images(),
        new Brought(
            List.of(commit(revision)),
            Optional.empty(),
            Optional.empty(),
            Cause.PUSH,
            "new image of app"),
        Optional.empty());
  }

  private static Rollout healthy(Desired.Content content, int revision) {
    return started(content, revision)
        .ended(Rollout.Status.HEALTHY, NOON, "", Optional.of(ARN + "dice:" + revision));
  }

  private static ServiceState state(Rollout running, Rollout latest) {
    return new ServiceState(
        Optional.of(running),
        Optional.of(latest),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static ServiceState pinned(Rollout to) {
    return new ServiceState(
        Optional.of(RAN_ONE),
        Optional.of(RAN_ONE),
        Optional.of(new Pin(to, ANN)),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static Deployment deployment(int revision, Progress progress) {
    return new Deployment(
        "ecs-svc/" + revision,
        true,
        ARN + "dice:" + revision,
        progress,
        "",
        NOON.plusSeconds(revision));
  }

  private static RunningService service(boolean rolling, Progress progress) {
    return new RunningService(rolling, List.of(deployment(1, progress)), List.of());
  }

  /** Revision 1 runs, content 2 is wanted. */
  private static Facts facts(ServiceState state, RunningService service) {
    return facts(state, service, Optional.empty(), Optional.empty());
  }

  private static Facts facts(
      ServiceState state,
      RunningService service,
      Optional<Revision> newest,
      Optional<TaskDefinition> pinned) {
    return facts(TWO, state, service, newest, pinned, Optional.empty());
  }

  private static Facts facts(
      Desired desired,
      ServiceState state,
      RunningService service,
      Optional<Revision> newest,
      Optional<TaskDefinition> pinned,
      Optional<BudgetFreeze> exhausted) {
    return new Facts(
        Samples.service(),
        desired,
        Optional.of(service),
        state.revision(ARN + "dice:1"),
        newest,
        pinned,
        state,
        Optional.empty(),
        exhausted,
        Optional.empty(),
        Hints.NONE);
  }

  @Test
  void whatShouldRunAndDoesNotIsRolledOut() {
    var facts = facts(state(RAN_ONE, RAN_ONE), service(true, Progress.COMPLETED));

    assertThat(Reconcile.decide(facts))
        .isEqualTo(
            new Outcome.RollOut(
                new Source.Register(TWO.revision()),
                TWO.fingerprint(),
                new Brought(
                    List.of(commit(2)),
                    Optional.of("Ann"),
                    Optional.of(Samples.pushed(2)),
                    Cause.PUSH,
                    "new image of app"),
                Optional.of(ARN + "dice:1")));
  }

  @Test
  void aRevisionThatWasRegisteredAndNeverDeployedIsUsed() {
    var left =
        new Revision(
            ARN + "dice:2", Optional.of(TWO.fingerprint()), Optional.empty(), Map.of("app", "x"));
    var again =
        facts(
            state(RAN_ONE, RAN_ONE),
            service(true, Progress.COMPLETED),
            Optional.of(left),
            Optional.empty());

    assertThat(((Outcome.RollOut) Reconcile.decide(again)).source())
        .isEqualTo(new Source.Reuse(ARN + "dice:2", Map.of("app", "x")));
  }

  @Test
  void aBlueGreenDeploymentIsWaitedFor() {
    var facts = facts(state(RAN_ONE, RAN_ONE), service(false, Progress.IN_PROGRESS));

    assertThat(Reconcile.decide(facts))
        .isEqualTo(
            new Outcome.WaitForDeployment(
                "waits for the end of deployment ecs-svc/1 of dice:1",
                TWO.fingerprint(),
                List.of(commit(2))));
  }

  @Test
  void frozenSaysWhoAndWhy() {
    var state =
        new ServiceState(
            Optional.of(RAN_ONE),
            Optional.of(RAN_ONE),
            Optional.empty(),
            Optional.of(new Change("audit", "error budget spent", NOON)),
            Optional.empty(),
            List.of());

    assertThat(Reconcile.decide(facts(state, service(true, Progress.COMPLETED))))
        .isEqualTo(new Outcome.Frozen("frozen by audit: error budget spent", List.of(commit(2))));
  }

  private static Facts spent(Desired desired, ServiceState state) {
    return facts(
        desired,
        state,
        service(true, Progress.COMPLETED),
        Optional.empty(),
        Optional.empty(),
        Optional.of(SPENT));
  }

  @Test
  void aSpentBudgetHoldsUpWhatIsPushedAndSaysHowToGoOn() {
    assertThat(Reconcile.decide(spent(TWO, state(RAN_ONE, RAN_ONE))))
        .isEqualTo(
            new Outcome.Frozen(
                "frozen: the error budget of SLO 'dice availability' is spent since"
                    + " 2026-11-22T12:00:00Z; a fix whose commit message says [ignore budget] rolls"
                    + " out all the same",
                List.of(commit(2))));
  }

  @Test
  void aCommitThatIgnoresBudgetsRollsOutAndTheHistorySaysSo() {
    var outcome = Reconcile.decide(spent(overriding(2), state(RAN_ONE, RAN_ONE)));

    assertThat(((Outcome.RollOut) outcome).brought().why())
        .isEqualTo(
            "new image of app, although the error budget of SLO 'dice availability' is spent");
  }

  @Test
  void whatIgnoresBudgetsIsSaidOnlyWhereOneIsSpent() {
    var facts =
        facts(
            overriding(2),
            state(RAN_ONE, RAN_ONE),
            service(true, Progress.COMPLETED),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    assertThat(((Outcome.RollOut) Reconcile.decide(facts)).brought().why())
        .isEqualTo("new image of app");
  }

  /** The image runs: that its commit once ignored a budget is no leave for a new template. */
  @Test
  void anOverrideIsUsedUpOnceItRuns() {
    var running = healthy(overriding(1), 1);
    var images = overriding(1).built();
    var changed =
        Desired.of(
            Samples.service(),
            "live",
            Optional.of(Samples.template("other")),
            Map.of("app", Optional.of(images.get("app")), "adot", Optional.of(images.get("adot"))));

    assertThat(Reconcile.decide(spent(changed, state(running, running))))
        .isInstanceOf(Outcome.Frozen.class);
  }

  @Test
  void aPersonsFreezeHoldsUpWhatIgnoresBudgetsToo() {
    var frozen =
        new ServiceState(
            Optional.of(RAN_ONE),
            Optional.of(RAN_ONE),
            Optional.empty(),
            Optional.of(ANN),
            Optional.empty(),
            List.of());

    assertThat(Reconcile.decide(spent(overriding(2), frozen)).text())
        .isEqualTo("frozen by ann: too slow");
  }

  @Test
  void aPinGoesThroughASpentBudget() {
    var old = content(9, 9);
    var facts =
        facts(
            TWO,
            pinned(healthy(old, 0)),
            service(true, Progress.COMPLETED),
            Optional.empty(),
            Optional.of(old.revision()),
            Optional.of(SPENT));

    assertThat(Reconcile.decide(facts)).isInstanceOf(Outcome.RollOut.class);
  }

  @Test
  void whatWasHealthyLastComesBackThroughASpentBudget() {
    // Somebody deployed revision 1, and the second content is both wanted and the last healthy one.
    assertThat(Reconcile.decide(spent(TWO, state(healthy(TWO, 2), RAN_ONE))))
        .isInstanceOf(Outcome.RollOut.class);
  }

  @Test
  void beforeAnythingWasHealthyNothingIsHeldUp() {
    var failed = started(ONE, 1).ended(Rollout.Status.FAILED, NOON, "crashed", Optional.empty());
    var state =
        new ServiceState(
            Optional.empty(),
            Optional.of(failed),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    assertThat(Reconcile.decide(spent(TWO, state))).isInstanceOf(Outcome.RollOut.class);
  }

  @Test
  void contentThatFailedStaysAFailureWhateverIsFrozen() {
    var facts =
        new Facts(
            Samples.service(),
            TWO,
            Optional.of(service(true, Progress.COMPLETED)),
            state(RAN_ONE, RAN_ONE).revision(ARN + "dice:1"),
            Optional.empty(),
            Optional.empty(),
            state(RAN_ONE, RAN_ONE),
            Optional.empty(),
            Optional.of(SPENT),
            Optional.of(new Ledger.Quarantine(TWO.fingerprint(), Optional.of("r0"), "crashed")),
            Hints.NONE);

    assertThat(Reconcile.decide(facts)).isInstanceOf(Outcome.Quarantined.class);
  }

  @Test
  void itIsKnownWhenWhatEcsWentBackToServesAlone() {
    var failed = started(TWO, 0).ended(Rollout.Status.FAILED, NOON, "crashed", Optional.empty());
    var state = state(RAN_ONE, failed);

    assertThat(Reconcile.decide(facts(state, service(true, Progress.COMPLETED))))
        .isEqualTo(new Outcome.Restored(failed));
    assertThat(Reconcile.decide(facts(state, service(true, Progress.IN_PROGRESS))))
        .isNotInstanceOf(Outcome.Restored.class);
    assertThat(
            Reconcile.decide(
                facts(state(RAN_ONE, failed.restored(NOON)), service(true, Progress.COMPLETED))))
        .isNotInstanceOf(Outcome.Restored.class);
  }

  /** What ECS answers from before the rollout that failed is no restoration. */
  @Test
  void whatServedBeforeTheFailureIsNotRestored() {
    var failed = started(TWO, 2).ended(Rollout.Status.FAILED, NOON, "crashed", Optional.empty());

    assertThat(Reconcile.decide(facts(state(RAN_ONE, failed), service(true, Progress.COMPLETED))))
        .isNotInstanceOf(Outcome.Restored.class);
  }

  @Test
  void aPinIsRegisteredAnewAsTheFamilysNameMustMeanWhatRuns() {
    var old = content(9, 9);
    var state = pinned(healthy(old, 0));
    var newest =
        new Revision(ARN + "dice:1", Optional.of(ONE.fingerprint()), Optional.empty(), Map.of());

    assertThat(
            Reconcile.decide(
                facts(
                    state,
                    service(true, Progress.COMPLETED),
                    Optional.of(newest),
                    Optional.of(old.revision()))))
        .isEqualTo(
            new Outcome.RollOut(
                new Source.Register(old.revision()),
                old.fingerprint(),
                new Brought(
                    List.of(commit(0)),
                    Optional.empty(),
                    Optional.empty(),
                    Cause.PIN,
                    "pinned by ann: too slow"),
                Optional.of(ARN + "dice:1")));
  }

  @Test
  void aPinnedRevisionThatIsGoneIsRefusedWithTheWayOut() {
    var state = pinned(healthy(content(9, 9), 0));

    assertThat(Reconcile.decide(facts(state, service(true, Progress.COMPLETED))).text())
        .endsWith("ECS does not know dice:0 any more: unpin, or pin to another");
  }

  @Test
  void whatIsPinnedAndRunsIsLeftAlone() {
    assertThat(Reconcile.decide(facts(pinned(RAN_ONE), service(true, Progress.COMPLETED))).text())
        .isEqualTo("pinned to rollout %s by ann: too slow, which runs".formatted(RAN_ONE.id()));
  }

  @Test
  void whatANewerRolloutGoesBackToIsWhatRanAndNotWhatWasOnItsWay() {
    var onItsWay =
        Rollout.started(
            Samples.DICE,
            deployment(1, Progress.IN_PROGRESS),
            Optional.of(ARN + "dice:0"),
            ONE.fingerprint(),
            ONE.revision().images(),
            new Brought(List.of(), Optional.empty(), Optional.empty(), Cause.FOUND, ""),
            Optional.empty());

    var outcome =
        Reconcile.decide(
            facts(state(healthy(content(9, 9), 0), onItsWay), service(true, Progress.IN_PROGRESS)));

    assertThat(((Outcome.RollOut) outcome).from()).contains(ARN + "dice:0");
  }

  @Test
  void withoutATemplateThereIsNothingToRollOut() {
    assertThat(Desired.of(Samples.service(), "live", Optional.empty(), Map.of()))
        .isEqualTo(
            new Desired.Unusable(
                new Outcome.NoTemplate(
                    "no task definition dice-template yet: cdk deploy makes it")));
  }

  @Test
  void imagesOfOtherRegistriesKeepTheirTag() {
    assertThat(ONE.revision().images())
        .containsEntry("app", Samples.image("app", 1).pinned())
        .containsEntry("cw-agent", "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0");
  }

  @Property(tries = 500)
  void neverTriesQuarantinedContentAndNeverTouchesWhatIsRight(
      @ForAll @IntRange(min = 1, max = 3) int wanted,
      @ForAll @IntRange(min = 1, max = 3) int runs,
      @ForAll @IntRange(min = 1, max = 3) int latest,
      @ForAll boolean open,
      @ForAll boolean quarantined,
      @ForAll boolean rolling,
      @ForAll boolean spent,
      @ForAll boolean override,
      @ForAll Progress progress) {
    var desired = override ? overriding(wanted) : content(wanted, 1);
    var running = healthy(content(runs, 1), runs);
    var facts =
        new Facts(
            Samples.service(),
            desired,
            Optional.of(
                new RunningService(rolling, List.of(deployment(runs, progress)), List.of())),
            Optional.of(
                new Revision(
                    running.to(),
                    Optional.of(running.fingerprint()),
                    Optional.empty(),
                    running.images())),
            Optional.empty(),
            Optional.empty(),
            state(running, open ? started(content(latest, 1), latest) : running),
            Optional.empty(),
            spent ? Optional.of(SPENT) : Optional.empty(),
            quarantined
                ? Optional.of(
                    new Ledger.Quarantine(desired.fingerprint(), Optional.of("r0"), "crashed"))
                : Optional.empty(),
            Hints.NONE);

    var outcome = Reconcile.decide(facts);

    assertThat(Reconcile.decide(facts)).isEqualTo(outcome);
    assertThat(outcome.text()).isNotBlank();
    if (outcome instanceof Outcome.Settle settle)
      assertThat(settle.rollout()).isEqualTo(facts.state().latest().orElseThrow());
    else if (wanted == runs) assertThat(outcome).isInstanceOf(Outcome.NothingToDo.class);
    else if (quarantined) assertThat(outcome).isInstanceOf(Outcome.Quarantined.class);
    else if (spent && !override) assertThat(outcome).isInstanceOf(Outcome.Frozen.class);
    else if (outcome instanceof Outcome.RollOut rollOut) {
      assertThat(rollOut.fingerprint()).isEqualTo(desired.fingerprint());
      assertThat(rolling || progress != Progress.IN_PROGRESS).isTrue();
    } else assertThat(outcome).isInstanceOf(Outcome.WaitForDeployment.class);
  }
}
