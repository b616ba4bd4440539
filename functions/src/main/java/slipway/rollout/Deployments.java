package slipway.rollout;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import slipway.notice.Log;
import slipway.rollout.Feedback.State;
import slipway.rollout.ServiceState.Ran;

/**
 * Settles how a deployment ended. Its id decides whose it is: after a failure ECS completes another
 * deployment, of what ran before, and that one is never taken for a success.
 */
final class Deployments {
  private final TaskDefinitions definitions;
  private final Services services;
  private final Ledger ledger;
  private final SloRequests slos;
  private final Herald herald;
  private final Clock clock;

  Deployments(
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

  /** Acts on an event, and says what came of it. */
  String on(DeploymentEvent event) {
    var came = settle(event);
    var facts = new LinkedHashMap<String, String>();
    facts.put("service", event.service().value());
    facts.put("deployment", event.deployment());
    facts.put("kind", event.kind().name());
    facts.put("why", came);
    Log.line("deployment event", facts);
    return came;
  }

  private String settle(DeploymentEvent event) {
    if (event.kind() == DeploymentEvent.Kind.IN_PROGRESS) return "in progress: its end will tell";
    var known = ledger.ofDeployment(event.deployment());
    if (known.isEmpty()) {
      var found = find(event);
      if (found instanceof Found.Foreign(var why)) return why;
      if (found instanceof Found.Ours(var rollout)) known = Optional.of(rollout);
    }
    var rollout = known.orElseThrow();
    if (rollout.told()) return "rollout " + rollout.id() + " was settled before: nothing to do";
    return switch (event.kind()) {
      case COMPLETED -> healthy(rollout);
      case FAILED -> failed(rollout, event);
      case IN_PROGRESS -> throw new IllegalStateException("returned above");
    };
  }

  /** What a deployment that is not recorded turns out to be. */
  private sealed interface Found {
    /** Slipway's content, deployed by CloudFormation or by a rollout that died before recording. */
    record Ours(Rollout rollout) implements Found {}

    /** None of our rollouts. */
    record Foreign(String why) implements Found {}
  }

  private Found find(DeploymentEvent event) {
    var service = event.service();
    var deployment =
        services
            .find(service)
            .flatMap(running -> running.deployment(event.deployment()))
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "deployment %s of service %s %s, is not recorded, and ECS does not know it"
                                .formatted(event.deployment(), service, event.kind())
                            + " any more: compare what runs with the service's last rollouts"));
    var revision = definitions.find(deployment.taskDefinition()).map(TaskDefinition::revision);
    var fingerprint = revision.flatMap(Revision::fingerprint);
    if (fingerprint.isEmpty())
      return new Found.Foreign(
          Revision.shortName(deployment.taskDefinition())
              + " is no revision of Slipway's: somebody else deployed it");
    var state = ledger.read(service, Optional.empty()).state();
    var running = state.running();
    if (running.map(Ran::fingerprint).equals(fingerprint))
      return new Found.Foreign(
          "%s ran before, and ECS deploys it again: a rollback, or a deployment by hand"
              .formatted(Revision.shortName(deployment.taskDefinition())));
    var rollout =
        Rollout.started(
            service,
            deployment.id(),
            running.map(Ran::taskDefinition),
            deployment.taskDefinition(),
            fingerprint.get(),
            revision.get().images(),
            revision.get().commit().map(List::of).orElse(List.of()),
            deployment.createdAt());
    ledger.started(rollout, Optional.empty());
    // Whoever recorded it first has its id.
    return new Found.Ours(ledger.ofDeployment(deployment.id()).orElse(rollout));
  }

  private String healthy(Rollout rollout) {
    ledger.healthy(rollout, clock.instant());
    var service = rollout.service();
    slos.sync(service);
    var revision = Revision.shortName(rollout.to());
    herald.onCommits(
        service,
        rollout.commits(),
        State.SUCCESS,
        revision + " is healthy and serves",
        herald.console(service, rollout.to()));
    herald.notice(
        service,
        "%s: %s is healthy".formatted(service, revision),
        "%s runs %s (rollout %s%s)."
            .formatted(service, revision, rollout.id(), commitText(rollout)));
    ledger.told(rollout);
    return "rollout " + rollout.id() + " is healthy";
  }

  private String failed(Rollout rollout, DeploymentEvent event) {
    var service = rollout.service();
    // A second try keeps the reason of the first: ECS forgets stopped tasks within the hour.
    var reason =
        rollout.status() == Rollout.Status.FAILED && !rollout.reason().isEmpty()
            ? rollout.reason()
            : StopReasons.summary(services.stopped(service), event.deployment(), event.reason());
    // Quarantine first: from here on reconcile does not try this content again.
    ledger.failed(rollout, reason, clock.instant());
    definitions.deregister(rollout.to());
    var revision = Revision.shortName(rollout.to());
    var now =
        services
            .find(service)
            .flatMap(RunningService::primary)
            .map(RunningService.Deployment::taskDefinition)
            // The event may come before ECS has started its rollback.
            .filter(arn -> !arn.equals(rollout.to()))
            .or(rollout::from)
            .map(arn -> Revision.shortName(arn) + " runs")
            .orElse("nothing runs");
    herald.onCommits(
        service,
        rollout.commits(),
        State.FAILURE,
        // The reason last, as GitHub has room for 140 characters, and ARNs are long.
        "%s failed, %s: %s".formatted(revision, now, reason),
        herald.console(service, rollout.to()));
    herald.notice(
        service,
        "%s: %s failed, %s".formatted(service, revision, now),
        """
        The rollout of %s failed, and %s now.

        Reason: %s
        ECS said: %s
        Rollout %s%s, deployment %s.

        This content is not tried again. Push a change to go on.
        """
            .formatted(
                revision,
                now,
                reason,
                event.reason(),
                rollout.id(),
                commitText(rollout),
                event.deployment()));
    ledger.told(rollout);
    return "rollout %s failed: %s; %s".formatted(rollout.id(), reason, now);
  }

  private static String commitText(Rollout rollout) {
    return rollout.commit().isEmpty() ? "" : ", commit " + rollout.commit();
  }
}
