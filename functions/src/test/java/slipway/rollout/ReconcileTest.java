package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.rollout.Samples.ARN;
import static slipway.rollout.Samples.commit;
import static slipway.rollout.Samples.content;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import slipway.rollout.Outcome.Source;
import slipway.rollout.Rollout.Brought;
import slipway.rollout.RunningService.Deployment;
import slipway.rollout.RunningService.Progress;
import slipway.rollout.ServiceState.Change;
import slipway.rollout.ServiceState.Pin;

class ReconcileTest {
  private static final Desired.Content ONE = content(1, 1);
  private static final Desired.Content TWO = content(2, 1);
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final Rollout RAN_ONE = healthy(ONE, 1);
  private static final Change ANN = new Change("ann", "too slow", NOON);

  private static Rollout started(Desired.Content content, int revision) {
    return Rollout.started(
        Samples.DICE,
        deployment(revision, Progress.IN_PROGRESS),
        Optional.empty(),
        content.fingerprint(),
        content.revision().images(),
        new Brought(List.of(commit(revision)), Optional.empty(), "new image of app"),
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
        Optional.empty());
  }

  private static ServiceState pinned(Rollout to) {
    return new ServiceState(
        Optional.of(RAN_ONE),
        Optional.of(RAN_ONE),
        Optional.of(new Pin(to, ANN)),
        Optional.empty(),
        Optional.empty());
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
    return new Facts(
        Samples.service(),
        TWO,
        Optional.of(service),
        state.revision(ARN + "dice:1"),
        newest,
        pinned,
        state,
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
                new Brought(List.of(commit(2)), Optional.of("Ann"), "new image of app"),
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
            Optional.empty());

    assertThat(Reconcile.decide(facts(state, service(true, Progress.COMPLETED))))
        .isEqualTo(new Outcome.Frozen("frozen by audit: error budget spent", List.of(commit(2))));
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
                new Brought(List.of(commit(0)), Optional.empty(), "pinned by ann: too slow"),
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
            new Brought(List.of(), Optional.empty(), ""),
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
      @ForAll Progress progress) {
    var desired = content(wanted, 1);
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
    else if (outcome instanceof Outcome.RollOut rollOut) {
      assertThat(rollOut.fingerprint()).isEqualTo(desired.fingerprint());
      assertThat(rolling || progress != Progress.IN_PROGRESS).isTrue();
    } else assertThat(outcome).isInstanceOf(Outcome.WaitForDeployment.class);
  }
}
