package slipway.rollout;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.rollout.DeploymentEvent.Kind;
import slipway.rollout.Outcome.Source;
import slipway.rollout.Rollout.Brought;
import slipway.rollout.RunningService.Progress;

/**
 * Decides what brings a service to what it should run. Level, not edge: the facts say everything,
 * and what made us look only adds what an event knew earlier. So the same facts always come to the
 * same outcome, and acting twice on it changes nothing more.
 */
final class Reconcile {
  private Reconcile() {}

  /** The next thing to do. */
  static Outcome decide(Facts facts) {
    var ended = facts.state().open().flatMap(rollout -> ended(facts, rollout));
    if (ended.isPresent()) return ended.get();
    if (facts.state().pinned().isPresent() && facts.running().isPresent())
      return pinned(facts, facts.state().pinned().get());
    return switch (facts.desired()) {
      case Desired.Unusable(var outcome) -> outcome;
      case Desired.Content content -> content(facts, content);
    };
  }

  private static Optional<Outcome> ended(Facts facts, Rollout rollout) {
    return facts
        .running()
        .flatMap(service -> service.primary().flatMap(now -> ending(facts, rollout, service, now)))
        .map(ending -> new Outcome.Settle(rollout, ending));
  }

  /**
   * How a rollout ended. A finished rollback ends in COMPLETED as well, but it is another
   * deployment, of another revision: that is how it is never taken for a success.
   */
  private static Optional<Ending> ending(
      Facts facts, Rollout rollout, RunningService service, RunningService.Deployment now) {
    var said = facts.hints().end(rollout.deployment());
    if (said.isPresent()) return Optional.of(ending(said.get()));
    if (now.taskDefinition().equals(rollout.to()))
      return switch (now.progress()) {
        case COMPLETED -> Optional.of(new Ending.Healthy());
        case FAILED -> Optional.of(new Ending.Failed(now.reason()));
        // Somebody may have had the same revision deployed once more: its end is the rollout's.
        case IN_PROGRESS -> facts.hints().end(now.id()).map(Reconcile::ending);
      };
    var listed = service.deployment(rollout.deployment());
    if (listed.filter(d -> d.progress() == Progress.FAILED).isPresent())
      return Optional.of(new Ending.Failed(listed.get().reason()));
    // What is older than the rollout is what ECS answers from before it, for a moment.
    if (!now.createdAt().isAfter(rollout.startedAt())) return Optional.empty();
    var ranBefore =
        rollout.from().filter(now.taskDefinition()::equals).isPresent()
            || facts
                .state()
                .running()
                .map(Rollout::to)
                .filter(now.taskDefinition()::equals)
                .isPresent();
    return Optional.of(
        ranBefore ? new Ending.Failed(now.reason()) : new Ending.Replaced(now.taskDefinition()));
  }

  private static Ending ending(DeploymentEvent event) {
    return event.kind() == Kind.COMPLETED
        ? new Ending.Healthy()
        : new Ending.Failed(event.reason());
  }

  private static Outcome pinned(Facts facts, ServiceState.Pin pin) {
    var rollout = pin.rollout();
    var who = "pinned to rollout %s %s".formatted(rollout.id(), pin.change().text());
    if (runs(facts, rollout.fingerprint()))
      return running(facts, rollout.fingerprint(), brought(pin))
          .orElseGet(() -> new Outcome.NothingToDo(who + ", which runs"));
    if (facts.quarantined().isPresent()) return quarantined(facts.quarantined().get(), "unpin");
    return waiting(facts, rollout.fingerprint(), brought(pin))
        .or(
            () ->
                source(facts, rollout.fingerprint(), facts.pinned())
                    .map(
                        source ->
                            new Outcome.RollOut(
                                source, rollout.fingerprint(), brought(pin), goesBackTo(facts))))
        .orElseGet(
            () ->
                new Outcome.Refused(
                    "%s, and ECS does not know %s any more: unpin, or pin to another"
                        .formatted(who, Revision.shortName(rollout.to())),
                    List.of()));
  }

  private static Brought brought(ServiceState.Pin pin) {
    return new Brought(
        pin.rollout().commits(), pin.rollout().author(), "pinned " + pin.change().text());
  }

  private static Outcome content(Facts facts, Desired.Content content) {
    var state = facts.state();
    var fingerprint = content.fingerprint();
    var brought =
        content.brought(facts.service(), state.latest().map(Rollout::images).orElse(Map.of()));
    if (runs(facts, fingerprint))
      return running(facts, fingerprint, brought).orElseGet(() -> nothingToDo(facts));
    if (state.frozen().isPresent() && facts.running().isPresent())
      return new Outcome.Frozen("frozen " + state.frozen().get().text(), brought.commits());
    if (facts.quarantined().isPresent())
      return quarantined(facts.quarantined().get(), "push a change to go on");
    var source = source(facts, fingerprint, Optional.of(content.revision())).orElseThrow();
    if (facts.running().isEmpty()) return new Outcome.NoServiceYet(source, fingerprint, brought);
    return waiting(facts, fingerprint, brought)
        .orElseGet(() -> new Outcome.RollOut(source, fingerprint, brought, goesBackTo(facts)));
  }

  private static boolean runs(Facts facts, String fingerprint) {
    return facts.running().isPresent()
        && facts.current().flatMap(Revision::fingerprint).filter(fingerprint::equals).isPresent();
  }

  /** What should run is deployed, and nobody recorded that. */
  private static Optional<Outcome> running(Facts facts, String fingerprint, Brought brought) {
    var revision = facts.current().orElseThrow();
    var state = facts.state();
    var known =
        state.revision(revision.arn()).isPresent()
            || state.running().map(Rollout::fingerprint).filter(fingerprint::equals).isPresent();
    return known
        ? Optional.empty()
        : Optional.of(
            new Outcome.Adopt(
                facts.running().orElseThrow().primary().orElseThrow(), revision, brought));
  }

  private static Outcome nothingToDo(Facts facts) {
    var primary = facts.running().orElseThrow().primary().orElseThrow();
    var revision = Revision.shortName(primary.taskDefinition());
    return new Outcome.NothingToDo(
        switch (primary.progress()) {
          case IN_PROGRESS -> revision + " is being deployed";
          case COMPLETED -> revision + " runs";
          case FAILED -> revision + " was deployed and failed; ECS keeps it";
        });
  }

  private static Outcome quarantined(Ledger.Quarantine before, String cure) {
    return new Outcome.Quarantined(
        before.fingerprint(),
        "failed in rollout %s and is not tried again: %s; %s"
            .formatted(before.rollout(), before.reason(), cure));
  }

  /**
   * The revision to deploy: the newest of the family if that has the content, so that making
   * another is not needed; else a new one, even if an older one has it. So the family's name alone,
   * which is what CloudFormation deploys, always means what should run.
   */
  private static Optional<Source> source(
      Facts facts, String fingerprint, Optional<TaskDefinition> definition) {
    var newest =
        facts
            .newest()
            .or(
                () ->
                    facts.state().latest().flatMap(latest -> facts.state().revision(latest.to())));
    return newest
        .filter(revision -> revision.fingerprint().filter(fingerprint::equals).isPresent())
        .<Source>map(revision -> new Source.Reuse(revision.arn(), revision.images()))
        .or(() -> definition.map(Source.Register::new));
  }

  /** What ECS goes back to if a new deployment fails: the one that ran, not one on its way. */
  private static Optional<String> goesBackTo(Facts facts) {
    var now = facts.current().map(Revision::arn);
    return facts
        .state()
        .open()
        .filter(rollout -> now.filter(rollout.to()::equals).isPresent())
        .map(Rollout::from)
        .orElse(now);
  }

  /** An unfinished deployment that a newer one must not replace. */
  private static Optional<Outcome> waiting(Facts facts, String fingerprint, Brought brought) {
    var running = facts.running().orElseThrow();
    if (running.rolling()) return Optional.empty();
    return running
        .primary()
        .filter(primary -> primary.progress() == Progress.IN_PROGRESS)
        .map(
            primary ->
                new Outcome.WaitForDeployment(
                    "waits for the end of deployment %s of %s"
                        .formatted(primary.id(), Revision.shortName(primary.taskDefinition())),
                    fingerprint,
                    brought.commits()));
  }
}
