package slipway.rollout;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import slipway.rollout.DeploymentEvent.Kind;
import slipway.rollout.Outcome.Source;
import slipway.rollout.Rollout.Brought;
import slipway.rollout.Rollout.Cause;
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
    var restored = restored(facts);
    if (restored.isPresent()) return restored.get();
    var unrecorded = unrecorded(facts);
    if (unrecorded.isPresent()) return unrecorded.get();
    var orphan = orphan(facts);
    if (orphan.isPresent()) return new Outcome.Retire(orphan.get());
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
    if (facts.course().isPresent()) return ending(facts, rollout, facts.course().get(), now);
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
    return Optional.of(
        ranBefore(facts, rollout, now)
            ? new Ending.Failed(now.reason())
            : new Ending.Replaced(now.taskDefinition()));
  }

  /**
   * How a rollout ended that shifts requests. That it completed only ECS's own account tells: an
   * event of its name may be the end of the way back.
   */
  private static Optional<Ending> ending(
      Facts facts, Rollout rollout, Course course, RunningService.Deployment now) {
    return switch (course.state()) {
      case UNDER_WAY ->
          facts
              .hints()
              .end(rollout.deployment())
              .filter(event -> event.kind() == Kind.FAILED)
              .map(Reconcile::ending);
      case DONE -> Optional.of(new Ending.Healthy());
      case GOING_BACK, WENT_BACK -> Optional.of(withdrawnOrFailed(rollout, course));
      // What ran before may run because somebody deployed the same once more, and it failed.
      case STOPPED ->
          Optional.of(
              course.foundBad()
                      || now.taskDefinition().equals(rollout.to())
                      || ranBefore(facts, rollout, now)
                  ? withdrawnOrFailed(rollout, course)
                  : new Ending.Replaced(now.taskDefinition()));
    };
  }

  private static Ending withdrawnOrFailed(Rollout rollout, Course course) {
    return rollout
        .order()
        .filter(_ -> !course.foundBad())
        .<Ending>map(Ending.Withdrawn::new)
        .orElseGet(() -> new Ending.Failed(course.reason()));
  }

  private static boolean ranBefore(
      Facts facts, Rollout rollout, RunningService.Deployment deployment) {
    return Stream.concat(rollout.from().stream(), facts.state().running().map(Rollout::to).stream())
        .anyMatch(deployment.taskDefinition()::equals);
  }

  private static Ending ending(DeploymentEvent event) {
    return event.kind() == Kind.COMPLETED
        ? new Ending.Healthy()
        : new Ending.Failed(event.reason());
  }

  /**
   * A failed rollout after which the revision that ECS went back to serves alone again. Where tasks
   * are replaced one by one that is a deployment of its own, which began after the one that failed.
   */
  private static Optional<Outcome> restored(Facts facts) {
    var failed =
        facts
            .state()
            .latest()
            .filter(latest -> latest.status() == Rollout.Status.FAILED)
            .filter(latest -> latest.restoredAt().isEmpty());
    var state = facts.course().map(Course::state);
    if (state.filter(it -> it == Course.State.WENT_BACK).isPresent())
      return failed.map(Outcome.Restored::new);
    if (state.filter(it -> it == Course.State.GOING_BACK).isPresent()) return Optional.empty();
    // What serves where requests were shifted back may be as old as ever.
    var stopped = state.filter(it -> it == Course.State.STOPPED).isPresent();
    return failed
        .filter(
            rollout ->
                facts
                    .running()
                    .flatMap(RunningService::primary)
                    .filter(now -> !now.taskDefinition().equals(rollout.to()))
                    .filter(now -> stopped || now.createdAt().isAfter(rollout.startedAt()))
                    .filter(now -> completed(facts, now))
                    .isPresent())
        .map(Outcome.Restored::new);
  }

  private static boolean completed(Facts facts, RunningService.Deployment deployment) {
    return deployment.progress() == Progress.COMPLETED
        || facts
            .hints()
            .end(deployment.id())
            .filter(event -> event.kind() == Kind.COMPLETED)
            .isPresent();
  }

  /**
   * A deployment of a revision of ours that nobody recorded: whoever began it died, or
   * CloudFormation did it by the family's name. It is recorded even if something else should run,
   * so that it is known how it ends: a revision that fails must not stay the family's newest.
   */
  private static Optional<Outcome> unrecorded(Facts facts) {
    var state = facts.state();
    return facts
        .running()
        .flatMap(RunningService::primary)
        // What is older than the latest rollout is what ECS answers from before it, for a moment.
        .filter(
            now ->
                state
                    .latest()
                    .filter(latest -> !now.createdAt().isAfter(latest.startedAt()))
                    .isEmpty())
        .flatMap(now -> facts.current().flatMap(revision -> adopt(facts, now, revision)));
  }

  private static Optional<Outcome> adopt(
      Facts facts, RunningService.Deployment deployment, Revision revision) {
    var state = facts.state();
    var fingerprint = revision.fingerprint();
    var known = fingerprint.isEmpty() || state.revision(revision.arn()).isPresent();
    if (known) return Optional.empty();
    var brought =
        switch (facts.desired()) {
          case Desired.Content content when fingerprint.get().equals(content.fingerprint()) ->
              brought(facts, content);
          case Desired.Content _, Desired.Unusable _ ->
              new Brought(
                  Stream.concat(
                          revision.commit().stream(),
                          facts.desired().commitsAmong(revision.images()).stream())
                      .distinct()
                      .toList(),
                  Optional.empty(),
                  Optional.empty(),
                  Cause.FOUND,
                  "deployed by its family's name");
        };
    return Optional.of(new Outcome.Adopt(deployment, revision, brought));
  }

  /** A newest revision that is neither wanted nor known to have been deployed. */
  private static Optional<Revision> orphan(Facts facts) {
    var state = facts.state();
    var primary =
        facts
            .running()
            .flatMap(RunningService::primary)
            .map(RunningService.Deployment::taskDefinition);
    if (primary.isEmpty() || state.latest().isEmpty()) return Optional.empty();
    var latest = Revision.number(state.latest().get().to());
    return facts
        .newest()
        .filter(newest -> newest.fingerprint().isPresent())
        .filter(newest -> !newest.fingerprint().equals(facts.target()))
        .filter(newest -> Revision.number(newest.arn()) > latest)
        .filter(newest -> !primary.get().equals(newest.arn()));
  }

  private static Outcome pinned(Facts facts, ServiceState.Pin pin) {
    var rollout = pin.rollout();
    var who = order(pin);
    var takeBack = takeBack(facts, pin);
    if (takeBack.isPresent()) return takeBack.get();
    if (runs(facts, rollout.fingerprint())) return new Outcome.NothingToDo(who + ", which runs");
    if (facts.quarantined().isPresent()) return quarantined(facts.quarantined().get(), "unpin");
    return waiting(facts, rollout.fingerprint(), rollout.commits())
        .or(
            () ->
                source(facts, rollout.fingerprint(), facts.pinned())
                    .map(
                        source ->
                            new Outcome.RollOut(
                                source,
                                rollout.fingerprint(),
                                brought(facts, pin),
                                goesBackTo(facts))))
        .orElseGet(
            () ->
                new Outcome.Refused(
                    "%s, and ECS does not know %s any more: unpin, or pin to another"
                        .formatted(who, Revision.shortName(rollout.to())),
                    List.of()));
  }

  private static String order(ServiceState.Pin pin) {
    return "pinned to rollout %s %s".formatted(pin.rollout().id(), pin.change().text());
  }

  /** A rollout on its way that a pin does not want, and that need not be waited for. */
  private static Optional<Outcome> takeBack(Facts facts, ServiceState.Pin pin) {
    return facts
        .state()
        .open()
        .filter(rollout -> !pin.rollout().fingerprint().equals(rollout.fingerprint()))
        .flatMap(
            rollout ->
                facts
                    .course()
                    .filter(course -> course.state() == Course.State.UNDER_WAY)
                    .map(course -> new Outcome.TakeBack(rollout, course, order(pin))));
  }

  /** What the pinned rollout brought, and those in it who still wait to hear that they run. */
  private static Brought brought(Facts facts, ServiceState.Pin pin) {
    var waiting = facts.state().waiting();
    return new Brought(
        Stream.concat(
                pin.rollout().commits().stream(),
                facts.desired().commitsAmong(pin.rollout().images()).stream()
                    .filter(waiting::contains))
            .distinct()
            .toList(),
        pin.rollout().author(),
        Optional.empty(),
        Cause.PIN,
        "pinned " + pin.change().text());
  }

  private static Outcome content(Facts facts, Desired.Content content) {
    var state = facts.state();
    var fingerprint = content.fingerprint();
    var brought = brought(facts, content);
    var news = content.news(facts.service(), state);
    if (runs(facts, fingerprint)) return nothingToDo(facts);
    // Before a freeze: its commits know already that it failed, and that does not change.
    if (facts.quarantined().isPresent())
      return quarantined(facts.quarantined().get(), "push a change to go on");
    if (state.frozen().isPresent() && facts.running().isPresent())
      return new Outcome.Frozen("frozen " + state.frozen().get().text(), news);
    var spent = spent(facts, content);
    if (spent.isPresent() && !content.overrides(state))
      return new Outcome.Frozen(spent.get().text(), news);
    var source = source(facts, fingerprint, Optional.of(content.revision())).orElseThrow();
    if (facts.running().isEmpty()) return new Outcome.NoServiceYet(source, fingerprint, brought);
    return waiting(facts, fingerprint, news)
        .orElseGet(() -> new Outcome.RollOut(source, fingerprint, brought, goesBackTo(facts)));
  }

  /**
   * The spent budgets that hold a content up, if no commit in it says that they do not. They hold
   * up what is new to the service: what was healthy last may come back, and before anything was
   * healthy there is nothing to keep.
   */
  private static Optional<BudgetFreeze> spent(Facts facts, Desired.Content content) {
    return facts
        .exhausted()
        .filter(_ -> facts.running().isPresent())
        .filter(
            _ ->
                facts
                    .state()
                    .running()
                    .filter(healthy -> !healthy.fingerprint().equals(content.fingerprint()))
                    .isPresent());
  }

  /** What a content brings, and in spite of what. */
  private static Brought brought(Facts facts, Desired.Content content) {
    var brought = content.brought(facts.service(), facts.state());
    return spent(facts, content)
        .filter(_ -> content.overrides(facts.state()))
        .map(budget -> brought.although(budget.what()))
        .orElse(brought);
  }

  private static boolean runs(Facts facts, String fingerprint) {
    return facts.running().isPresent()
        && facts.current().flatMap(Revision::fingerprint).filter(fingerprint::equals).isPresent();
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
        "%s and is not tried again: %s; %s"
            .formatted(
                before.rollout().map(id -> "failed in rollout " + id).orElse("was refused"),
                before.reason(),
                cure));
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
    var failed =
        facts
            .running()
            .flatMap(RunningService::primary)
            .filter(primary -> primary.progress() == Progress.FAILED);
    if (failed.isPresent()) return facts.state().running().map(Rollout::to);
    var now = facts.current().map(Revision::arn);
    return facts
        .state()
        .open()
        .filter(rollout -> now.filter(rollout.to()::equals).isPresent())
        .map(Rollout::from)
        .orElse(now);
  }

  /**
   * An unfinished deployment that a newer one must not replace. One that we began is unfinished
   * until its end is known, even if ECS answers from before it for a moment.
   */
  private static Optional<Outcome> waiting(Facts facts, String fingerprint, List<String> commits) {
    var running = facts.running().orElseThrow();
    if (running.rolling()) return Optional.empty();
    return facts
        .state()
        .open()
        .map(rollout -> waits(rollout.deployment(), rollout.to(), fingerprint, commits))
        .or(
            () ->
                running
                    .primary()
                    .filter(primary -> primary.progress() == Progress.IN_PROGRESS)
                    .map(
                        primary ->
                            waits(primary.id(), primary.taskDefinition(), fingerprint, commits)));
  }

  private static Outcome waits(
      String deployment, String taskDefinition, String fingerprint, List<String> commits) {
    return new Outcome.WaitForDeployment(
        "waits for the end of deployment %s of %s"
            .formatted(deployment, Revision.shortName(taskDefinition)),
        fingerprint,
        commits);
  }
}
