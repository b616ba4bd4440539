package slipway.rollout;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import slipway.config.Service;
import slipway.config.ServiceName;

/** Reads what reconcile decides on, in as few calls as it takes. */
final class Survey {
  private final String deployTag;
  private final String override;
  private final TaskDefinitions definitions;
  private final Images images;
  private final Services services;
  private final Ledger ledger;

  /**
   * @param override what the message of a commit says that a spent budget does not hold up
   */
  Survey(
      String deployTag,
      String override,
      TaskDefinitions definitions,
      Images images,
      Services services,
      Ledger ledger) {
    this.deployTag = deployTag;
    this.override = override;
    this.definitions = definitions;
    this.images = images;
    this.services = services;
    this.ledger = ledger;
  }

  /** Facts, and who waits for what comes of them. */
  record Look(Facts facts, Optional<PendingRelease> release) {}

  /** Looks at a service. */
  Look of(Service service, Hints hints) {
    var name = service.name();
    var desired = desired(service);
    var running = services.find(name);
    var reading = ledger.read(name, desired.fingerprintIfAny());
    var state = reading.state();
    var pin = state.pinned().map(ServiceState.Pin::rollout);
    var quarantined =
        pin.isPresent()
            ? ledger.read(name, pin.map(Rollout::fingerprint)).quarantined()
            : reading.quarantined();
    var current = running.flatMap(RunningService::primary).flatMap(now -> revision(state, now));
    var target = pin.map(Rollout::fingerprint).or(desired::fingerprintIfAny);
    var targetRuns = target.equals(current.flatMap(Revision::fingerprint));
    // A revision that was registered and never deployed is left only where an earlier try died,
    // before there is a service, or behind what was held back; and a pin may be older than the
    // newest. Else the call is saved.
    var newest =
        hints.again()
                || running.isEmpty()
                || state.latest().isEmpty()
                || !targetRuns && (pin.isPresent() || state.said().isPresent())
            ? newest(name)
            : Optional.<Revision>empty();
    var pinned =
        targetRuns
            ? Optional.<TaskDefinition>empty()
            : pin.flatMap(rollout -> definitions.find(rollout.to()))
                .map(definition -> definition.revisionOf(name, Map.of()));
    return new Look(
        new Facts(
            service,
            desired,
            running,
            current,
            newest,
            pinned,
            state,
            running.flatMap(now -> state.latest().flatMap(latest -> course(now, latest))),
            BudgetFreeze.of(service, override, state.spent()),
            quarantined,
            hints),
        reading.release());
  }

  /**
   * How a rollout goes or went, where that is not known yet and ECS tells it nowhere else: it is
   * open, or it failed and what it goes back to did not serve alone yet.
   */
  Optional<Course> course(RunningService service, Rollout rollout) {
    var failed = rollout.status() == Rollout.Status.FAILED && rollout.restoredAt().isEmpty();
    if (service.rolling() || !rollout.open() && !failed) return Optional.empty();
    // Somebody may have had the same revision deployed once more: its end is the rollout's.
    var again =
        service
            .primary()
            .filter(now -> now.taskDefinition().equals(rollout.to()))
            .filter(now -> now.createdAt().isAfter(rollout.startedAt()));
    return services.course(
        rollout.service(),
        again.map(RunningService.Deployment::id).orElse(rollout.deployment()),
        again.map(RunningService.Deployment::createdAt).orElse(rollout.startedAt()));
  }

  private Desired desired(Service service) {
    var template = definitions.find(service.name().templateFamily());
    var behind = new LinkedHashMap<String, Optional<Image>>();
    for (var container : service.built())
      behind.put(container.name(), images.behind(container.repository(), deployTag));
    return Desired.of(service, deployTag, template, behind);
  }

  /** The newest active revision of the service's family. */
  Optional<Revision> newest(ServiceName service) {
    return definitions.find(service.family()).map(TaskDefinition::revision);
  }

  private Optional<Revision> revision(ServiceState state, RunningService.Deployment deployment) {
    return state
        .revision(deployment.taskDefinition())
        .or(() -> definitions.find(deployment.taskDefinition()).map(TaskDefinition::revision));
  }
}
