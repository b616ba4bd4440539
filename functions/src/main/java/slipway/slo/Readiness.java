package slipway.slo;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import slipway.config.Service;

/** Whether Application Signals knows enough of a service to measure it. */
public sealed interface Readiness {
  /** How many services a message names. */
  int SHOWN = 20;

  /** Whether an SLO can be made now. One on metrics of CloudWatch always can. */
  boolean allows(Objective objective);

  /** The service as Application Signals reports it, or will. */
  KeyAttributes subject();

  /** Nothing must be waited for, or all of it has come. */
  record Ready(KeyAttributes subject) implements Readiness {
    @Override
    public boolean allows(Objective objective) {
      return true;
    }
  }

  /**
   * No telemetry of the service has arrived in the last day.
   *
   * @param wanted what was looked for
   * @param seen the first of the services that were there instead
   */
  record NotDiscovered(KeyAttributes wanted, List<KeyAttributes> seen) implements Readiness {
    public NotDiscovered {
      seen = List.copyOf(seen);
    }

    @Override
    public KeyAttributes subject() {
      return wanted;
    }

    @Override
    public boolean allows(Objective objective) {
      return !objective.needsTelemetry();
    }
  }

  /**
   * The service is there, but not everything that an SLO is about has happened in the last day. The
   * same is asked of what the service calls as of its operations: Application Signals refuses an
   * SLO until the metrics have been reported.
   *
   * @param operations that were not called
   * @param seen those that were
   * @param calls that the service did not make
   * @param made those that it did
   */
  record Unseen(
      KeyAttributes subject,
      Set<String> operations,
      Set<String> seen,
      Set<String> calls,
      Set<Catalog.Call> made)
      implements Readiness {
    public Unseen {
      operations = Set.copyOf(operations);
      seen = Set.copyOf(seen);
      calls = Set.copyOf(calls);
      made = Set.copyOf(made);
    }

    @Override
    public boolean allows(Objective objective) {
      return objective.operation().stream().allMatch(seen::contains)
          && objective.dependency().stream()
              .allMatch(to -> made.stream().anyMatch(call -> call.is(objective.operation(), to)));
    }
  }

  /**
   * Decides. Reads of the catalog only what is needed: an account may have many services.
   *
   * @param wanted that are to be made anew
   */
  static Readiness of(Service service, List<Objective> wanted, Catalog catalog) {
    var expected = KeyAttributes.expected(service);
    if (wanted.stream().noneMatch(Objective::needsTelemetry)) return new Ready(expected);
    var others = new ArrayList<KeyAttributes>();
    try (var services = catalog.services()) {
      for (var found : (Iterable<KeyAttributes>) services::iterator) {
        if (found.sameService(expected)) return of(found, wanted, catalog);
        if (others.size() < SHOWN) others.add(found);
      }
    }
    return new NotDiscovered(expected, others);
  }

  private static Readiness of(KeyAttributes subject, List<Objective> wanted, Catalog catalog) {
    var seen =
        wanted.stream().anyMatch(objective -> objective.operation().isPresent())
            ? catalog.operations(subject)
            : Set.<String>of();
    var made =
        wanted.stream().anyMatch(objective -> objective.dependency().isPresent())
            ? catalog.calls(subject)
            : Set.<Catalog.Call>of();
    var all = new Unseen(subject, Set.of(), seen, Set.of(), made);
    var waiting = wanted.stream().filter(objective -> !all.allows(objective)).toList();
    if (waiting.isEmpty()) return new Ready(subject);
    var operations = new TreeSet<String>();
    waiting.forEach(objective -> objective.operation().ifPresent(operations::add));
    operations.removeAll(seen);
    var calls =
        waiting.stream()
            .filter(objective -> objective.operation().stream().noneMatch(operations::contains))
            .flatMap(
                objective ->
                    objective.dependency().stream()
                        .map(
                            to ->
                                to
                                    + objective
                                        .operation()
                                        .map(operation -> " in " + operation)
                                        .orElse("")))
            .collect(Collectors.toSet());
    return new Unseen(subject, operations, seen, calls, made);
  }
}
