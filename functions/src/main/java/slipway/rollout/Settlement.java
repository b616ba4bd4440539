package slipway.rollout;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.config.ServiceName;
import slipway.rollout.Announcements.Stage;
import slipway.rollout.Feedback.State;
import slipway.rollout.Rollout.Status;

/**
 * Settles how a rollout ended. The ledger is written last: who dies before that is followed by one
 * who does all of it again, and nothing of it does harm twice.
 */
final class Settlement {
  private final TaskDefinitions definitions;
  private final Services services;
  private final Ledger ledger;
  private final SloRequests slos;
  private final Herald herald;
  private final Clock clock;

  Settlement(
      TaskDefinitions definitions,
      Services services,
      Ledger ledger,
      SloRequests slos,
      Herald herald,
      Clock clock) {
    this.definitions = definitions;
    this.services = services;
    this.ledger = ledger;
    this.slos = slos;
    this.herald = herald;
    this.clock = clock;
  }

  /**
   * Does what the end asks for, and returns the rollout as it is recorded. The commits' statuses
   * are the last that is said: who sees one finds all else said.
   */
  Rollout settle(Facts facts, Outcome.Settle settle) {
    var ended =
        switch (settle.ending()) {
          case Ending.Healthy _ -> healthy(facts, settle.rollout());
          case Ending.Failed(var reason) -> failed(facts, settle.rollout(), reason);
          case Ending.Replaced(var by) -> replaced(settle.rollout(), by);
          case Ending.Withdrawn(var order) -> withdrawn(facts, settle.rollout(), order);
        };
    ledger.ended(ended);
    return ended;
  }

  private Rollout healthy(Facts facts, Rollout rollout) {
    var service = rollout.service();
    slos.sync(service);
    var revision = Revision.shortName(rollout.to());
    var text = revision + " is healthy and serves";
    var page = herald.console(service, rollout.to());
    herald.announce(service, rollout.announced(), Stage.SUCCESS, text, page);
    facts
        .state()
        .running()
        .filter(before -> !before.announced().equals(rollout.announced()))
        .ifPresent(
            before ->
                herald.announce(
                    service, before.announced(), Stage.INACTIVE, revision + " runs now", page));
    herald.notice(
        service,
        "%s: %s is healthy".formatted(service, revision),
        "%s runs %s (rollout %s%s).%s"
            .formatted(
                service,
                revision,
                rollout.id(),
                commitText(rollout),
                paragraphs(warnings(facts, rollout))));
    herald.onCommits(service, rollout.commits(), State.SUCCESS, text, page);
    return rollout.ended(Status.HEALTHY, clock.instant(), "", Optional.of(rollout.to()));
  }

  private List<String> alarms(Facts facts, Rollout rollout) {
    return facts
        .course()
        .or(() -> services.course(rollout.service(), rollout.deployment(), rollout.startedAt()))
        .map(Course::alarms)
        .orElse(List.of());
  }

  private Rollout failed(Facts facts, Rollout rollout, String event) {
    var service = rollout.service();
    var stopped = services.stopped(service);
    var reason =
        StopReasons.summary(
            stopped,
            rollout.deployment(),
            StopReasons.told(stopped, rollout.deployment()) ? List.of() : alarms(facts, rollout),
            facts.running().map(RunningService::events).orElseThrow().stream()
                .filter(line -> line.at().isAfter(rollout.startedAt()))
                .toList(),
            event);
    retire(facts, rollout);
    var revision = Revision.shortName(rollout.to());
    var runs =
        facts
            .running()
            .flatMap(RunningService::primary)
            .map(RunningService.Deployment::taskDefinition)
            // The event may come before ECS has started its rollback.
            .filter(arn -> !arn.equals(rollout.to()))
            .or(rollout::from);
    var now = runs.map(arn -> Revision.shortName(arn) + " runs").orElse("nothing runs");
    var page = herald.console(service, rollout.to());
    // The reason last, as GitHub has room for 140 characters, and ARNs are long.
    var text = "%s failed, %s: %s".formatted(revision, now, reason);
    herald.announce(service, rollout.announced(), Stage.FAILURE, text, page);
    herald.notice(
        service,
        "%s: %s failed, %s".formatted(service, revision, now),
        """
        The rollout of %s failed, and %s now.

        Reason: %s
        ECS said: %s
        Rollout %s%s, deployment %s.

        This content is not tried again. Push a change to go on.%s
        """
            .formatted(
                revision,
                now,
                reason,
                event.isEmpty() ? "nothing" : event,
                rollout.id(),
                commitText(rollout),
                rollout.deployment(),
                paragraphs(
                    content(facts, rollout)
                        .map(content -> Warnings.failed(facts.service(), content, reason))
                        .orElse(List.of()))));
    herald.onCommits(
        service,
        rollout.commits(),
        runsOn(facts, rollout) ? State.SUCCESS : State.FAILURE,
        text,
        page);
    return rollout.ended(Status.FAILED, clock.instant(), reason, runs);
  }

  /** Where only the task definition changed, the commit goes on running, in the revision before. */
  private static boolean runsOn(Facts facts, Rollout rollout) {
    return facts
        .state()
        .running()
        .map(Rollout::images)
        .filter(rollout.images()::equals)
        .isPresent();
  }

  /**
   * The family's name alone must never mean a revision that cannot run. So from now on it means the
   * one that runs: whatever is newer was never seen to run, and may have failed unseen.
   */
  private void retire(Facts facts, Rollout rollout) {
    definitions.deregister(rollout.to());
    int healthy = facts.state().running().map(Rollout::to).map(Revision::number).orElse(0);
    var primary =
        facts
            .running()
            .flatMap(RunningService::primary)
            .map(RunningService.Deployment::taskDefinition);
    var newest = newest(rollout.service());
    while (newest.filter(arn -> Revision.number(arn) > healthy).isPresent()
        && !newest.equals(primary)) {
      definitions.deregister(newest.get());
      newest = newest(rollout.service());
    }
  }

  private Optional<String> newest(ServiceName service) {
    return definitions.find(service.family()).map(TaskDefinition::arn);
  }

  /**
   * Its revision goes, as one does that failed: the family's name alone must mean what runs. Its
   * content is free to come back once the order is taken away.
   */
  private Rollout withdrawn(Facts facts, Rollout rollout, String order) {
    var service = rollout.service();
    retire(facts, rollout);
    var text =
        "%s was taken back before it was healthy: %s"
            .formatted(Revision.shortName(rollout.to()), order);
    var page = herald.console(service, rollout.to());
    herald.announce(service, rollout.announced(), Stage.INACTIVE, text, page);
    herald.notice(service, "%s: %s".formatted(service, text), text + ".");
    herald.onCommits(
        service,
        rollout.commits(),
        runsOn(facts, rollout) ? State.SUCCESS : State.ERROR,
        text,
        page);
    return rollout.ended(
        Status.SUPERSEDED, clock.instant(), text, facts.state().running().map(Rollout::to));
  }

  private Rollout replaced(Rollout rollout, String by) {
    var service = rollout.service();
    var text =
        "%s was replaced before it was healthy: somebody else deployed %s"
            .formatted(Revision.shortName(rollout.to()), Revision.shortName(by));
    var page = herald.console(service, by);
    herald.announce(service, rollout.announced(), Stage.INACTIVE, text, page);
    herald.notice(service, "%s: %s".formatted(service, text), text + ".");
    herald.onCommits(service, rollout.commits(), State.ERROR, text, page);
    return rollout.ended(Status.SUPERSEDED, clock.instant(), text, Optional.of(by));
  }

  /** What is fine for ECS and not for what it is measured by. */
  private static List<String> warnings(Facts facts, Rollout rollout) {
    return Stream.concat(
            Agents.tooOld(rollout.images()).stream(),
            content(facts, rollout).stream()
                .flatMap(content -> Warnings.healthy(facts.service(), content).stream()))
        .toList();
  }

  /** What the rollout brought, as long as it is what should run. */
  private static Optional<Desired.Content> content(Facts facts, Rollout rollout) {
    return switch (facts.desired()) {
      case Desired.Content content when content.fingerprint().equals(rollout.fingerprint()) ->
          Optional.of(content);
      case Desired.Content _, Desired.Unusable _ -> Optional.empty();
    };
  }

  private static String paragraphs(List<String> texts) {
    return texts.stream().map("\n\n"::concat).collect(Collectors.joining());
  }

  private static String commitText(Rollout rollout) {
    return (rollout.commit().isEmpty() ? "" : ", commit " + rollout.commit())
        + rollout.author().map(author -> " by " + author).orElse("");
  }
}
