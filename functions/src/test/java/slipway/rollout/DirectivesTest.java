package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.rollout.Samples.ARN;
import static slipway.rollout.Samples.DICE;
import static slipway.rollout.Samples.commit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import slipway.rollout.Directives.Known;
import slipway.rollout.Rollout.Status;
import slipway.rollout.ServiceState.Change;
import slipway.rollout.ServiceState.Pin;
import slipway.rollout.Verdict.Accepted;
import slipway.rollout.Verdict.Already;
import slipway.rollout.Verdict.Refused;
import slipway.rollout.Verdict.Write;

class DirectivesTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final Change ANN = new Change("ann", "", NOON);
  private static final Change BOB = new Change("bob", "sale", NOON.minusSeconds(60));

  /** The n-th rollout, of the content of that letter. */
  private static Rollout rollout(int n, char content, Status status) {
    var at = NOON.minus(Duration.ofHours(1)).plusSeconds(n);
    var fingerprint = String.valueOf(content).repeat(64);
    return new Rollout(
        Rollout.id(at, fingerprint),
        DICE,
        "ecs-svc/" + n,
        Optional.empty(),
        ARN + "dice:" + n,
        fingerprint,
        Map.of(),
        List.of(commit(n)),
        Optional.of("ann"),
        Optional.empty(),
        Rollout.Cause.PUSH,
        "pushed",
        Optional.empty(),
        status,
        at,
        status == Status.IN_PROGRESS ? Optional.empty() : Optional.of(at.plusSeconds(30)),
        "",
        Optional.empty(),
        Optional.empty());
  }

  private static Rollout healthy(int n, char content) {
    return rollout(n, content, Status.HEALTHY);
  }

  /** What is known after these rollouts, the oldest first. */
  private static Known after(Rollout... rollouts) {
    var history = List.of(rollouts).reversed();
    return new Known(
        new ServiceState(
            history.stream().filter(it -> it.status() == Status.HEALTHY).findFirst(),
            history.stream().findFirst(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of()),
        Optional.empty(),
        history,
        Optional.empty(),
        Set.of());
  }

  private static Known asked(Known known, Rollout rollout) {
    return new Known(
        known.state(),
        known.exhausted(),
        known.history(),
        Optional.of(rollout),
        known.quarantined());
  }

  private static Known quarantined(Known known, Rollout rollout) {
    return new Known(
        known.state(),
        known.exhausted(),
        known.history(),
        known.asked(),
        Set.of(rollout.fingerprint()));
  }

  private static Known pinned(Known known, Rollout rollout) {
    return with(known, Optional.of(new Pin(rollout, BOB)), known.state().frozen());
  }

  private static Known frozen(Known known) {
    return with(known, known.state().pinned(), Optional.of(BOB));
  }

  private static Known with(Known known, Optional<Pin> pin, Optional<Change> freeze) {
    var state = known.state();
    return new Known(
        new ServiceState(state.running(), state.latest(), pin, freeze, state.said(), state.spent()),
        known.exhausted(),
        known.history(),
        known.asked(),
        known.quarantined());
  }

  private static Verdict rollback(Known known) {
    return Directives.decide(new Command.Rollback(DICE, ANN), known);
  }

  private static Verdict pin(Known known) {
    return Directives.decide(
        new Command.Pin(DICE, known.asked().map(Rollout::id).orElse("gone"), ANN), known);
  }

  private static Rollout target(Verdict verdict) {
    return ((Write.Pinned) ((Accepted) verdict).write()).rollout().orElseThrow();
  }

  @Test
  void aRollbackPinsTheHealthyRolloutBeforeTheOneThatRuns() {
    var first = healthy(1, 'a');
    var second = healthy(2, 'b');

    assertThat(rollback(after(first, second)))
        .isEqualTo(
            new Accepted(
                new Write.Pinned(Optional.of(first)),
                "rolled back, pinned to " + first.id(),
                "not pinned",
                "commit " + commit(1) + " rolls out, and stays whatever is pushed",
                Optional.of(second.id()),
                Map.of("service", "dice", "unpin", true, "by", "ann")));
  }

  @Test
  void anOlderPinTakesARolloutBackAndANewerOrTheSameContentDoesNot() {
    var first = healthy(1, 'a');
    var second = healthy(2, 'b');
    var known = after(first, second);

    assertThat(takesBack(pin(asked(known, first)))).contains(second.id());
    assertThat(takesBack(pin(asked(known, second)))).isEmpty();
    assertThat(takesBack(pin(asked(pinned(known, first), second)))).isEmpty();
    assertThat(takesBack(pin(asked(after(first, healthy(2, 'a')), first)))).isEmpty();
  }

  private static Optional<String> takesBack(Verdict verdict) {
    return ((Accepted) verdict).takesBack();
  }

  @Test
  void whatWillNotFollowForASpentBudgetIsSaid() {
    var fine = after(healthy(1, 'a'));
    var spent =
        new Known(
            fine.state(),
            Optional.of(
                new BudgetFreeze(List.of(new SpentBudgets.Spent("x", NOON)), "[ignore budget]")),
            fine.history(),
            fine.asked(),
            fine.quarantined());

    for (var verdict :
        List.of(
            Directives.decide(new Command.Unfreeze(DICE, ANN), frozen(spent)),
            Directives.decide(new Command.Unpin(DICE, ANN), pinned(spent, healthy(1, 'a')))))
      assertThat(((Accepted) verdict).next())
          .startsWith("frozen: the error budget of SLO 'x' is spent since 2026-11-22T12:00:00Z");
  }

  @Test
  void aRollbackPassesOverWhatFailedWhatNeverEndedAndTheSameContent() {
    var fine = healthy(1, 'a');
    var failedLater = healthy(2, 'b');

    var known =
        quarantined(
            after(
                fine,
                failedLater,
                rollout(3, 'c', Status.FAILED),
                rollout(4, 'd', Status.SUPERSEDED),
                healthy(5, 'e'),
                healthy(6, 'e')),
            failedLater);

    assertThat(target(rollback(known))).isEqualTo(fine);
  }

  @Test
  void aRollbackOfARolloutOnItsWayGoesBackToWhatRan() {
    var runs = healthy(2, 'b');

    assertThat(target(rollback(after(healthy(1, 'a'), runs, rollout(3, 'c', Status.IN_PROGRESS)))))
        .isEqualTo(runs);
  }

  @Test
  void aSecondRollbackGoesOneFurtherAndNotForthAgain() {
    var oldest = healthy(1, 'a');
    var older = healthy(2, 'b');
    var known = pinned(after(oldest, older, healthy(3, 'c'), healthy(4, 'b')), older);

    var verdict = rollback(known);

    assertThat(target(verdict)).isEqualTo(oldest);
    assertThat(((Accepted) verdict).before())
        .isEqualTo("pinned to %s since 2026-11-22T11:59:00Z by bob: sale".formatted(older.id()));
    assertThat(((Accepted) verdict).undo())
        .isEqualTo(Map.of("service", "dice", "pin", older.id(), "by", "ann"));
  }

  @Test
  void withNothingToGoBackToARollbackIsRefusedAndSaysWhatCouldBePinned() {
    var only = healthy(1, 'a');

    assertThat(rollback(after(only)))
        .isEqualTo(
            new Refused(
                "no healthy rollout of other content before %s, in the last 1".formatted(only.id()),
                List.of(only.id())));
    assertThat(rollback(after()))
        .isEqualTo(new Refused("dice has nothing to go back from", List.of()));
  }

  @Test
  void aPinToWhatRunsHoldsIt() {
    var runs = healthy(2, 'b');

    assertThat(pin(asked(after(healthy(1, 'a'), runs), runs)))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> {
              assertThat(accepted.what()).isEqualTo("pinned to " + runs.id());
              assertThat(accepted.next())
                  .isEqualTo("it runs already, and stays whatever is pushed");
            });
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.class,
      names = {"HEALTHY"},
      mode = EnumSource.Mode.EXCLUDE)
  void onlyAHealthyRolloutCanBePinned(Status status) {
    var runs = healthy(1, 'a');
    var other = rollout(2, 'b', status);

    assertThat(pin(asked(after(runs, other), other)))
        .isEqualTo(
            new Refused(
                "rollout %s was never healthy: it is %s"
                    .formatted(other.id(), status.name().toLowerCase().replace('_', ' ')),
                List.of(runs.id())));
  }

  @Test
  void whatFailedSinceCannotBePinned() {
    var once = healthy(1, 'a');
    var runs = healthy(2, 'b');

    assertThat(pin(quarantined(asked(after(once, runs), once), once)))
        .isEqualTo(
            new Refused(
                "the content of rollout %s failed when it was rolled out again"
                    .formatted(once.id()),
                List.of(runs.id())));
  }

  @Test
  void aRolloutThatNeverWasCannotBePinned() {
    var runs = healthy(1, 'a');

    assertThat(pin(after(runs)))
        .isEqualTo(new Refused("dice had no rollout gone", List.of(runs.id())));
  }

  @Test
  void theSamePinAgainIsNothing() {
    var older = healthy(1, 'a');

    assertThat(pin(asked(pinned(after(older, healthy(2, 'b')), older), older)))
        .isEqualTo(
            new Already(
                "pinned to %s since 2026-11-22T11:59:00Z by bob: sale".formatted(older.id())));
  }

  @Test
  void anUnpinSaysWhatWasPinnedAndHowToHaveItBack() {
    var older = healthy(1, 'a');
    var unpin = new Command.Unpin(DICE, ANN);
    var known = pinned(after(older, healthy(2, 'b')), older);

    assertThat(Directives.decide(unpin, known))
        .isEqualTo(
            new Accepted(
                new Write.Pinned(Optional.empty()),
                "unpinned",
                "pinned to %s since 2026-11-22T11:59:00Z by bob: sale".formatted(older.id()),
                "the newest content that was pushed rolls out, if it does not run",
                Map.of("service", "dice", "pin", older.id(), "by", "ann")));
    assertThat(((Accepted) Directives.decide(unpin, frozen(known))).next())
        .isEqualTo(
            "nothing is rolled out, as it is frozen since 2026-11-22T11:59:00Z by bob: sale");
    assertThat(Directives.decide(unpin, after(older))).isEqualTo(new Already("not pinned"));
  }

  @Test
  void aFreezeStopsWhatIsPushed() {
    var blackFriday = new Change("ann", "Black Friday", NOON);

    assertThat(Directives.decide(new Command.Freeze(DICE, blackFriday), after()))
        .isEqualTo(
            new Accepted(
                new Write.Frozen(true),
                "frozen",
                "not frozen",
                "nothing that is pushed rolls out; a rollout on its way goes on, and pins and"
                    + " rollbacks still work",
                Map.of("service", "dice", "unfreeze", true, "by", "ann")));
  }

  @Test
  void aFreezeForTheSameReasonIsNothingAndForAnotherReplacesIt() {
    var same = new Command.Freeze(DICE, new Change("ann", "sale", NOON));
    var other = new Command.Freeze(DICE, new Change("ann", "Black Friday", NOON));

    assertThat(Directives.decide(same, frozen(after())))
        .isEqualTo(new Already("frozen since 2026-11-22T11:59:00Z by bob: sale"));
    assertThat(((Accepted) Directives.decide(other, frozen(after()))).undo())
        .isEqualTo(Map.of("service", "dice", "freeze", "sale", "by", "ann"));
  }

  @Test
  void anUnfreezeLetsGoOfWhatIsNotPinned() {
    var unfreeze = new Command.Unfreeze(DICE, ANN);
    var older = healthy(1, 'a');

    assertThat(Directives.decide(unfreeze, frozen(after(older))))
        .isEqualTo(
            new Accepted(
                new Write.Frozen(false),
                "unfrozen",
                "frozen since 2026-11-22T11:59:00Z by bob: sale",
                "the newest content that was pushed rolls out, if it does not run",
                Map.of("service", "dice", "freeze", "sale", "by", "ann")));
    assertThat(((Accepted) Directives.decide(unfreeze, pinned(frozen(after(older)), older))).next())
        .startsWith("it stays pinned to " + older.id());
    assertThat(Directives.decide(unfreeze, after(older))).isEqualTo(new Already("not frozen"));
  }
}
