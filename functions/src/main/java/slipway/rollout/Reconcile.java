package slipway.rollout;

import java.util.Map;
import java.util.Optional;
import slipway.rollout.Outcome.Source;

/**
 * Decides what brings a service to what it should run. Level, not edge: the facts say everything,
 * and what made us look says nothing. So the same facts always come to the same outcome, and acting
 * twice on it changes nothing more.
 */
final class Reconcile {
  private Reconcile() {}

  /** The decision. */
  static Outcome decide(Facts facts) {
    if (facts.state().pinned().isPresent() && facts.running().isPresent())
      return pinned(facts, facts.state().pinned().get());
    return switch (facts.desired()) {
      case Desired.Unusable(var outcome) -> outcome;
      case Desired.Content content -> content(facts, content);
    };
  }

  private static Outcome pinned(Facts facts, ServiceState.Pin pin) {
    var who = "pinned to rollout %s by %s".formatted(pin.rollout(), pin.by());
    if (runs(facts, pin.fingerprint())) return new Outcome.NothingToDo(who + ", which runs");
    return waiting(facts)
        .orElseGet(
            () ->
                new Outcome.RollOut(
                    new Source.Reuse(pin.taskDefinition(), Map.of()),
                    pin.fingerprint(),
                    Optional.of(pin.commit()).filter(c -> !c.isEmpty()).stream().toList(),
                    facts.current().map(Revision::arn)));
  }

  private static Outcome content(Facts facts, Desired.Content content) {
    var state = facts.state();
    var fingerprint = content.fingerprint();
    var commits =
        content.commits(
            facts.service(), state.latest().map(ServiceState.Ran::images).orElse(Map.of()));
    if (runs(facts, fingerprint)) return running(facts, content);
    if (state.frozen().isPresent() && facts.running().isPresent())
      return new Outcome.Frozen(
          "frozen by %s: %s".formatted(state.frozen().get().by(), state.frozen().get().reason()),
          commits);
    if (facts.quarantined().isPresent()) {
      var before = facts.quarantined().get();
      return new Outcome.Quarantined(
          fingerprint,
          "failed in rollout %s and is not tried again: %s; push a change to go on"
              .formatted(before.rollout(), before.reason()));
    }
    var source = source(facts, content);
    if (facts.running().isEmpty()) return new Outcome.NoServiceYet(source, fingerprint, commits);
    return takenBack(facts, fingerprint)
        .or(() -> waiting(facts))
        .orElseGet(
            () ->
                new Outcome.RollOut(
                    source, fingerprint, commits, facts.current().map(Revision::arn)));
  }

  private static boolean runs(Facts facts, String fingerprint) {
    return facts.running().isPresent()
        && facts.current().flatMap(Revision::fingerprint).filter(fingerprint::equals).isPresent();
  }

  private static Outcome running(Facts facts, Desired.Content content) {
    var revision = facts.current().orElseThrow();
    var primary = facts.running().orElseThrow().primary().orElseThrow();
    var known =
        facts.state().revision(revision.arn()).isPresent()
            || facts
                .state()
                .running()
                .filter(ran -> ran.fingerprint().equals(content.fingerprint()))
                .isPresent();
    if (!known)
      return new Outcome.Adopt(
          primary,
          revision,
          content.commits(
              facts.service(),
              facts.state().latest().map(ServiceState.Ran::images).orElse(Map.of())));
    return new Outcome.NothingToDo(
        switch (primary.progress()) {
          case IN_PROGRESS -> Revision.shortName(revision.arn()) + " is being deployed";
          case COMPLETED -> Revision.shortName(revision.arn()) + " runs";
          case FAILED ->
              Revision.shortName(revision.arn()) + " was deployed and failed; ECS keeps it";
        });
  }

  /**
   * A revision with this content that is registered already, where making another would not be
   * needed: the newest of the family, so that the family's name alone means it, too.
   */
  private static Source source(Facts facts, Desired.Content content) {
    var newest =
        facts
            .newest()
            .or(
                () ->
                    facts
                        .state()
                        .latest()
                        .flatMap(ran -> facts.state().revision(ran.taskDefinition())));
    return newest
        .filter(
            revision -> revision.fingerprint().filter(content.fingerprint()::equals).isPresent())
        .<Source>map(revision -> new Source.Reuse(revision.arn(), revision.images()))
        .orElseGet(() -> new Source.Register(content.revision()));
  }

  /**
   * This content is what was rolled out last, nobody knows yet how that ended, and ECS works on
   * another revision: ECS took it back. Trying again before its event says so would try a failure
   * twice.
   */
  private static Optional<Outcome> takenBack(Facts facts, String fingerprint) {
    return facts
        .state()
        .latest()
        .filter(last -> facts.state().unsettled() && last.fingerprint().equals(fingerprint))
        .map(
            last ->
                new Outcome.WaitForDeployment(
                    last.rollout(),
                    "%s of rollout %s is not what ECS deploys now: waits for the event that says how"
                            .formatted(Revision.shortName(last.taskDefinition()), last.rollout())
                        + " it ended"));
  }

  /** An unfinished deployment that a newer one must not replace. */
  private static Optional<Outcome> waiting(Facts facts) {
    var running = facts.running().orElseThrow();
    if (running.rolling()) return Optional.empty();
    return running
        .primary()
        .filter(primary -> primary.progress() == RunningService.Progress.IN_PROGRESS)
        .map(
            primary ->
                new Outcome.WaitForDeployment(
                    primary.id(),
                    "deployment %s is under way and is no rolling one: waits for its end"
                        .formatted(primary.id())));
  }
}
