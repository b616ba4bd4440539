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
import slipway.rollout.RunningService.Deployment;
import slipway.rollout.RunningService.Progress;
import slipway.rollout.ServiceState.Freeze;
import slipway.rollout.ServiceState.Pin;
import slipway.rollout.ServiceState.Ran;

class ReconcileTest {
  private static final Desired.Content ONE = content(1, 1);
  private static final Desired.Content TWO = content(2, 1);
  private static final Ran RAN_ONE = ran("r1", ONE, "dice:1");

  private static Ran ran(String id, Desired.Content content, String revision) {
    return new Ran(
        id, content.fingerprint(), ARN + revision, commit(1), content.revision().images());
  }

  private static ServiceState state(Ran running, Ran latest) {
    return new ServiceState(
        Optional.of(running),
        Optional.of(latest),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static RunningService service(boolean rolling, Progress progress) {
    return new RunningService(
        rolling,
        List.of(new Deployment("ecs-svc/1", true, ARN + "dice:1", progress, Instant.EPOCH)));
  }

  /** Revision 1 runs, content 2 is wanted. */
  private static Facts facts(ServiceState state, RunningService service) {
    return new Facts(
        Samples.service(),
        TWO,
        Optional.of(service),
        state.revision(ARN + "dice:1"),
        Optional.empty(),
        state,
        Optional.empty());
  }

  @Test
  void whatShouldRunAndDoesNotIsRolledOut() {
    var facts = facts(state(RAN_ONE, RAN_ONE), service(true, Progress.COMPLETED));

    assertThat(Reconcile.decide(facts))
        .isEqualTo(
            new Outcome.RollOut(
                new Source.Register(TWO.revision()),
                TWO.fingerprint(),
                List.of(commit(2)),
                Optional.of(ARN + "dice:1")));
  }

  @Test
  void aRevisionThatWasRegisteredAndNeverDeployedIsUsed() {
    var facts = facts(state(RAN_ONE, RAN_ONE), service(true, Progress.COMPLETED));
    var left =
        new Revision(
            ARN + "dice:2", Optional.of(TWO.fingerprint()), Optional.empty(), Map.of("app", "x"));
    var again =
        new Facts(
            facts.service(),
            TWO,
            facts.running(),
            facts.current(),
            Optional.of(left),
            facts.state(),
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
                "ecs-svc/1",
                "deployment ecs-svc/1 is under way and is no rolling one: waits for its end"));
  }

  @Test
  void frozenSaysWhoAndWhy() {
    var state =
        new ServiceState(
            Optional.of(RAN_ONE),
            Optional.of(RAN_ONE),
            Optional.empty(),
            Optional.of(new Freeze("error budget spent", "audit")),
            Optional.empty());

    assertThat(Reconcile.decide(facts(state, service(true, Progress.COMPLETED))))
        .isEqualTo(new Outcome.Frozen("frozen by audit: error budget spent", List.of(commit(2))));
  }

  @Test
  void aPinIsWhatShouldRunWhateverIsBehindTheTag() {
    var pin = new Pin("r0", "f0", ARN + "dice:0", commit(9), "ann");
    var state =
        new ServiceState(
            Optional.of(RAN_ONE),
            Optional.of(RAN_ONE),
            Optional.of(pin),
            Optional.empty(),
            Optional.empty());

    assertThat(Reconcile.decide(facts(state, service(true, Progress.COMPLETED))))
        .isEqualTo(
            new Outcome.RollOut(
                new Source.Reuse(ARN + "dice:0", Map.of()),
                "f0",
                List.of(commit(9)),
                Optional.of(ARN + "dice:1")));
  }

  @Test
  void whatIsPinnedAndRunsIsLeftAlone() {
    var pin = new Pin("r1", ONE.fingerprint(), ARN + "dice:1", commit(1), "ann");
    var state =
        new ServiceState(
            Optional.of(RAN_ONE),
            Optional.of(RAN_ONE),
            Optional.of(pin),
            Optional.empty(),
            Optional.empty());

    assertThat(Reconcile.decide(facts(state, service(true, Progress.COMPLETED))).text())
        .isEqualTo("pinned to rollout r1 by ann, which runs");
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
      @ForAll boolean quarantined,
      @ForAll boolean rolling,
      @ForAll Progress progress) {
    var desired = content(wanted, 1);
    var running = ran("r" + runs, content(runs, 1), "dice:" + runs);
    var facts =
        new Facts(
            Samples.service(),
            desired,
            Optional.of(
                new RunningService(
                    rolling,
                    List.of(
                        new Deployment(
                            "ecs-svc/1", true, ARN + "dice:" + runs, progress, Instant.EPOCH)))),
            Optional.of(
                new Revision(
                    running.taskDefinition(),
                    Optional.of(running.fingerprint()),
                    Optional.empty(),
                    running.images())),
            Optional.empty(),
            state(running, ran("r" + latest, content(latest, 1), "dice:" + latest)),
            quarantined
                ? Optional.of(new Ledger.Quarantine(desired.fingerprint(), "r0", "crashed"))
                : Optional.empty());

    var outcome = Reconcile.decide(facts);

    assertThat(Reconcile.decide(facts)).isEqualTo(outcome);
    assertThat(outcome.text()).isNotBlank();
    if (wanted == runs) assertThat(outcome).isInstanceOf(Outcome.NothingToDo.class);
    else if (quarantined) assertThat(outcome).isInstanceOf(Outcome.Quarantined.class);
    else if (outcome instanceof Outcome.RollOut rollOut) {
      assertThat(rollOut.fingerprint()).isEqualTo(desired.fingerprint());
      assertThat(rolling || progress != Progress.IN_PROGRESS).isTrue();
    } else assertThat(outcome).isInstanceOf(Outcome.WaitForDeployment.class);
  }
}
