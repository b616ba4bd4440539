package slipway.slo;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

  SloSync(Config config, Catalog catalog, Objectives objectives) {
    this.config = config;
    this.catalog = catalog;
    this.objectives = objectives;
  }

  /** What came of a sync. */
  sealed interface Outcome {
    /** The SLOs are as declared. */
    record Done(SloPlan plan) implements Outcome {}

    /** Something is missing that only time can bring; what was possible already is done. */
    record NotReady(Readiness readiness) implements Outcome {}

    /** Nothing was done: the configuration does not know the service. */
    record Unknown(ServiceName service) implements Outcome {}
  }

  /** Syncs one service; throws if Application Signals refuses a change, after trying the others. */
  Outcome sync(ServiceName name) {
    var declared = config.service(name);
    return declared.isEmpty() ? new Outcome.Unknown(name) : sync(declared.get());
  }

  private Outcome sync(Service service) {
    // Without declared SLOs there is nothing to measure, only something to delete.
    var readiness =
        service.slos().isEmpty()
            ? new Readiness.Ready(KeyAttributes.expected(service), Set.of())
            : Readiness.of(service, catalog.services(), catalog::operations);
    return switch (readiness) {
      case Readiness.NotDiscovered _ -> new Outcome.NotReady(readiness);
      case Readiness.Ready(var subject, var seen) -> applied(service, subject, seen);
      case Readiness.OperationMissing(var subject, _, var seen) -> applied(service, subject, seen);
    };
  }

  private Outcome applied(Service service, KeyAttributes subject, Set<String> seen) {
    var owner = new Ownership(config.stack(), service.name());
    var declared = service.slos().stream().map(slo -> Objective.declared(slo, subject)).toList();
    var names = service.slos().stream().map(Slo::name).collect(Collectors.toSet());
    var plan = SloPlan.of(declared, objectives.of(owner, names), seen);
    apply(plan.changes(), owner);
    if (plan.waiting().isEmpty()) return new Outcome.Done(plan);
    var missing = new TreeSet<String>();
    plan.waiting().forEach(objective -> objective.operation().ifPresent(missing::add));
    return new Outcome.NotReady(new Readiness.OperationMissing(subject, missing, seen));
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
      case Change.Create(var objective) -> {
        if (!objectives.create(objective, owner)) adopt(objective, owner);
      }
      case Change.Update(var existing, var objective, _) ->
          objectives.update(existing.arn(), objective);
      case Change.Replace(var existing, var objective, _) -> replace(existing, objective, owner);
      case Change.Delete(var existing) -> objectives.delete(existing.arn());
    }
  }

  private void replace(Existing existing, Objective objective, Ownership owner) {
    objectives.delete(existing.arn());
    if (!objectives.create(objective, owner))
      throw new IllegalStateException(
          "the one to replace is deleted, but its name is still taken; the next delivery creates"
              + " it");
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
    if (!existing.owner().equals(Optional.of(owner)))
      throw new IllegalStateException(
          "the name belongs to %s, which is %s: give it another name in slipway.yaml, or delete that one"
              .formatted(
                  existing.arn(),
                  existing
                      .owner()
                      .map(o -> "of service " + o.service() + " of stack " + o.stack())
                      .orElse("not made by Slipway")));
    var again =
        SloPlan.of(
            List.of(objective),
            List.of(existing),
            objective.operation().stream().collect(Collectors.toSet()));
    for (var change : again.changes()) apply(change, owner);
  }
}
