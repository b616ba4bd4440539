package slipway.slo;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import slipway.config.Service;

/** Whether Application Signals knows enough of a service to measure it. */
sealed interface Readiness {
  /** How many services a message names. */
  int SHOWN = 20;

  /**
   * Every declared operation has been seen.
   *
   * @param subject as Application Signals reports it
   */
  record Ready(KeyAttributes subject, Set<String> seen) implements Readiness {
    public Ready {
      seen = Set.copyOf(seen);
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
  }

  /** The service is there, but not every operation has been called in the last day. */
  record OperationMissing(KeyAttributes subject, Set<String> missing, Set<String> seen)
      implements Readiness {
    public OperationMissing {
      missing = Set.copyOf(missing);
      seen = Set.copyOf(seen);
    }
  }

  /**
   * Decides.
   *
   * @param discovered read only as far as needed: the account may have many
   * @param operations of a discovered service
   */
  static Readiness of(
      Service service,
      Stream<KeyAttributes> discovered,
      Function<KeyAttributes, Set<String>> operations) {
    var wanted = KeyAttributes.expected(service);
    var others = new ArrayList<KeyAttributes>();
    for (var found : (Iterable<KeyAttributes>) discovered::iterator) {
      if (found.sameService(wanted)) return of(service, found, operations.apply(found));
      if (others.size() < SHOWN) others.add(found);
    }
    return new NotDiscovered(wanted, others);
  }

  private static Readiness of(Service service, KeyAttributes subject, Set<String> seen) {
    var missing = new TreeSet<String>();
    service.slos().stream().flatMap(slo -> slo.operation().stream()).forEach(missing::add);
    missing.removeAll(seen);
    return missing.isEmpty()
        ? new Ready(subject, seen)
        : new OperationMissing(subject, missing, seen);
  }
}
