package slipway.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import slipway.audit.AuditReport.Drift;
import slipway.audit.AuditReport.Entry;
import slipway.audit.AuditReport.Known;
import slipway.audit.AuditReport.Transition;
import slipway.config.Config;
import slipway.slo.KeyAttributes;
import slipway.slo.Objective;

/** Judges what an audit has read: states, changes of state, and drift from the configuration. */
final class Audit {
  private Audit() {}

  /** Names an SLO: one of that name may have moved from one service to another. */
  private record Key(String service, String name) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::service).thenComparing(Key::name);

    Key(Owned slo) {
      this(slo.service(), slo.name());
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Decides.
   *
   * @param before what the last audit knew, by the SLO's name
   */
  static AuditReport report(
      Config config, String why, Instant at, List<Budget> budgets, Map<String, Known> before) {
    var entries = new ArrayList<Entry>();
    var changes = new ArrayList<Transition>();
    var sorted = new ArrayList<>(budgets);
    sorted.sort(Comparator.comparing(budget -> new Key(budget.slo())));
    for (var budget : sorted) {
      var last = Optional.ofNullable(before.get(budget.slo().name()));
      var changed = changed(budget, last);
      changed.ifPresent(changes::add);
      entries.add(new Entry(budget, known(budget, last, at)));
    }
    return new AuditReport(at, config.stack(), why, entries, drift(config, sorted), changes);
  }

  /** Having no data changes nothing that was known: the next data are compared with that. */
  private static Optional<Known> known(Budget budget, Optional<Known> last, Instant at) {
    return budget.status() == Status.NO_DATA
            || last.filter(known -> known.status() == budget.status()).isPresent()
        ? last
        : Optional.of(new Known(budget.status(), at));
  }

  /** An SLO that starts out well is no news; one that starts out badly is. */
  private static Optional<Transition> changed(Budget budget, Optional<Known> last) {
    var from = last.map(Known::status);
    return budget.status() == Status.NO_DATA || from.orElse(Status.OK) == budget.status()
        ? Optional.empty()
        : Optional.of(new Transition(budget, from));
  }

  private static List<Drift> drift(Config config, List<Budget> budgets) {
    var found = new HashMap<Key, Budget>();
    budgets.forEach(budget -> found.put(new Key(budget.slo()), budget));
    var drift = new TreeMap<Key, Drift>();
    for (var service : config.services())
      for (var slo : service.slos()) {
        var key = new Key(service.name().value(), slo.name());
        var budget = found.remove(key);
        if (budget == null) {
          drift.put(key, new Drift.Missing(key.service(), key.name()));
          continue;
        }
        var declared = Objective.declared(slo, KeyAttributes.expected(service));
        var differences = budget.objective().map(declared::differences).orElse(List.of());
        if (!differences.isEmpty())
          drift.put(key, new Drift.Differs(key.service(), key.name(), differences));
      }
    found.keySet().forEach(key -> drift.put(key, new Drift.Undeclared(key.service(), key.name())));
    return List.copyOf(drift.values());
  }
}
