package slipway.slo;

import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import slipway.config.Config;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.config.Slo;
import slipway.slo.SloPlan.Change;

/** Makes a service's SLOs what the configuration declares. Repeating it changes nothing. */
final class SloSync {
  private final Config config;
  private final Catalog catalog;
  private final Objectives objectives;
  private final Clock clock;

  SloSync(Config config, Catalog catalog, Objectives objectives, Clock clock) {
    this.config = config;
    this.catalog = catalog;
    this.objectives = objectives;
    this.clock = clock;
  }

  /** What came of a sync. */
  sealed interface Outcome {
    /** The SLOs are as declared. */
    record Done(SloPlan plan) implements Outcome {}

    /** Something is missing that only time can bring; what was possible already is done. */
    record NotReady(Readiness readiness) implements Outcome {}

    /** The configuration does not know the service: what it had is deleted. */
    record Removed(SloPlan plan) implements Outcome {}
  }

  /** Syncs one service; throws if Application Signals refuses a change, after trying the others. */
  Outcome sync(ServiceName name) {
    var owner = new Ownership(config.stack(), name);
    return config
        .service(name)
        .map(service -> sync(service, owner))
        .orElseGet(() -> new Outcome.Removed(removed(owner)));
  }

  private SloPlan removed(Ownership owner) {
    var plan = SloPlan.of(List.of(), objectives.of(owner, Set.of()), _ -> true, clock.instant());
    apply(plan.changes(), owner);
    return plan;
  }

  private Outcome sync(Service service, Ownership owner) {
    var names = service.slos().stream().map(Slo::name).collect(Collectors.toSet());
    var existing = objectives.of(owner, names);
    var wish =
        SloPlan.of(
            declared(service, KeyAttributes.expected(service)),
            existing,
            _ -> true,
            clock.instant());
    // Most syncs make nothing new, and then the catalog need not be read.
    if (!wish.needsTelemetry()) {
      apply(wish.changes(), owner);
      return new Outcome.Done(wish);
    }
    var readiness = Readiness.of(service, wish.made(), catalog);
    var plan =
        SloPlan.of(
            declared(service, readiness.subject()), existing, readiness::allows, clock.instant());
    apply(plan.changes(), owner);
    return plan.waiting().isEmpty() ? new Outcome.Done(plan) : new Outcome.NotReady(readiness);
  }

  private static List<Objective> declared(Service service, KeyAttributes subject) {
    return service.slos().stream().map(slo -> Objective.declared(slo, subject)).toList();
  }

  /** One refused change does not hold up the others. */
  private void apply(List<Change> changes, Ownership owner) {
    RuntimeException first = null;
    for (var change : changes) {
      try {
        apply(change, owner);
      } catch (RuntimeException e) {
        var failure =
            new IllegalStateException(
                "SLO '%s' of service %s could not be changed: %s"
                    .formatted(change.name(), owner.service(), e.getMessage()),
                e);
        if (first == null) first = failure;
        else first.addSuppressed(failure);
      }
    }
    if (first != null) throw first;
  }

  private void apply(Change change, Ownership owner) {
    switch (change) {
      case Change.Create(var objective) ->
          objectives
              .create(objective, owner)
              .ifPresentOrElse(arn -> exclude(arn, objective), () -> adopt(objective, owner));
      case Change.Update update -> update(update);
      case Change.Replace(var existing, var objective, _) -> replace(existing, objective, owner);
      case Change.Delete(var existing) -> objectives.delete(existing.arn());
    }
  }

  private void exclude(String arn, Objective objective) {
    var exclusions =
        Exclusions.between(objective.exclusions().orElse(List.of()), List.of(), clock.instant());
    if (!exclusions.isEmpty()) objectives.exclude(arn, exclusions);
  }

  private void update(Change.Update update) {
    var arn = update.existing().arn();
    if (update.itself()) objectives.update(arn, update.objective());
    if (update.tags()) tag(update);
    if (!update.exclusions().isEmpty()) objectives.exclude(arn, update.exclusions());
  }

  private void tag(Change.Update update) {
    var wanted = update.objective().tags().orElse(new TreeMap<>());
    var found = update.existing().objective().tags().orElse(new TreeMap<>());
    var values = new HashMap<>(wanted);
    values.entrySet().removeAll(found.entrySet());
    var gone = new HashSet<>(found.keySet());
    gone.removeAll(wanted.keySet());
    objectives.tag(update.existing().arn(), values, gone);
  }

  private void replace(Existing existing, Objective objective, Ownership owner) {
    objectives.delete(existing.arn());
    var arn =
        objectives
            .create(objective, owner)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the one to replace is deleted, but its name is still taken; the next"
                            + " delivery creates it"));
    exclude(arn, objective);
  }

  /** The name is taken: by an earlier try of ours that was not listed yet, or by somebody else. */
  private void adopt(Objective objective, Ownership owner) {
    var existing =
        objectives
            .find(objective.name())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "its name was taken and is free again; the next delivery creates it"));
    if (existing.owner().filter(other -> abandoned(other, objective.name())).isPresent()) {
      replace(existing, objective, owner);
      return;
    }
    if (!existing.owner().equals(Optional.of(owner)))
      throw new IllegalStateException(
          "the name belongs to %s, which is %s: give it another name in slipway.yaml, or delete that one"
              .formatted(
                  existing.arn(),
                  existing
                      .owner()
                      .map(o -> "of service " + o.service() + " of stack " + o.stack())
                      .orElse("not made by Slipway")));
    var again = SloPlan.of(List.of(objective), List.of(existing), _ -> true, clock.instant());
    for (var change : again.changes()) apply(change, owner);
  }

  /** Whether it is another service's of this stack, which does not declare it any more. */
  private boolean abandoned(Ownership other, String name) {
    return other.stack().equals(config.stack())
        && config.services().stream()
            .filter(service -> service.name().value().equals(other.service()))
            .flatMap(service -> service.slos().stream())
            .noneMatch(slo -> slo.name().equals(name));
  }
}
