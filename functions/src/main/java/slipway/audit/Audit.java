package slipway.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import slipway.audit.AuditReport.Delivery;
import slipway.audit.AuditReport.Entry;
import slipway.audit.AuditReport.Freeze;
import slipway.audit.AuditReport.Known;
import slipway.audit.AuditReport.Transition;
import slipway.audit.AuditReport.Trend;
import slipway.config.Budgets.OnExhausted;
import slipway.config.Config;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.rollout.SpentBudgets.Spent;
import slipway.slo.KeyAttributes;
import slipway.slo.Objective;

/**
 * Judges what an audit has read: states and changes of state, how it goes, what differs from the
 * configuration and what is done about it.
 */
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

  /** Decides. */
  static AuditReport report(Config config, String why, Instant at, Reading read, Before before) {
    var entries = new ArrayList<Entry>();
    var changes = new ArrayList<Transition>();
    var sorted = new ArrayList<>(read.budgets());
    sorted.sort(Comparator.comparing(budget -> new Key(budget.slo())));
    for (var budget : sorted) {
      var last = Optional.ofNullable(before.known().get(budget.slo().name()));
      changed(budget, last).ifPresent(changes::add);
      entries.add(entry(budget, last, at, read, before));
    }
    var drift = drift(config, sorted);
    var quotas = Quota.of(config, read.listed(), drift);
    return new AuditReport(
        at,
        config.stack(),
        why,
        entries,
        drift,
        Repair.of(config, drift, read.readiness(), before.repairs(), at),
        config.services().stream().map(service -> telemetry(service, read)).toList(),
        quotas,
        freezes(config, entries, drift),
        config.services().stream()
            .map(service -> service.name().value())
            .filter(read.deliveries()::containsKey)
            .map(service -> new Delivery(service, read.deliveries().get(service)))
            .toList(),
        changes,
        quotas.stream()
            .filter(quota -> quota.near() && !before.near().contains(quota.of()))
            .toList());
  }

  private static Entry entry(
      Budget budget, Optional<Known> last, Instant at, Reading read, Before before) {
    var name = budget.slo().name();
    var burn =
        read.burnRates().getOrDefault(name, List.of()).stream()
            .sorted(Comparator.comparingInt(Burn::minutes))
            .toList();
    var trend = trend(budget, before);
    return new Entry(
        budget,
        known(budget, last, at),
        trend,
        burn,
        read.ringing().getOrDefault(name, List.of()),
        spentBy(budget, at, burn, trend));
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

  private static Optional<Trend> trend(Budget budget, Before before) {
    var then = Optional.ofNullable(before.figures().get(budget.slo().name()));
    if (then.isEmpty() || before.at().isEmpty() || budget.left().isEmpty()) return Optional.empty();
    var attainment =
        then.get().attainment().isPresent() && budget.attainment().isPresent()
            ? budget.attainment().getAsDouble() - then.get().attainment().getAsDouble()
            : 0;
    return Optional.of(
        new Trend(
            before.at().get(), budget.left().get().percent() - then.get().left(), attainment));
  }

  /**
   * When the budget will be spent. At a burn rate up to 1 it lasts: what burnt longest ago leaves
   * the interval as fast. Without a burn rate, what the last audit saw tells the pace.
   */
  private static Optional<Instant> spentBy(
      Budget budget, Instant at, List<Burn> burn, Optional<Trend> trend) {
    var interval = budget.interval();
    var percent = budget.left().map(Budget.Left::percent).filter(left -> left > 0);
    if (interval.isEmpty() || percent.isEmpty()) return Optional.empty();
    var length = interval.get().toSeconds();
    var rate =
        burn.stream()
            .findFirst()
            .map(Burn::rate)
            .or(() -> trend.map(it -> rate(it, at, length)))
            .filter(it -> it > 1);
    return rate.map(
        it -> at.plus(Duration.ofSeconds(Math.round(percent.get() / 100 * length / it))));
  }

  private static double rate(Trend trend, Instant at, long interval) {
    var elapsed = Duration.between(trend.since(), at).toSeconds();
    return elapsed <= 0 ? 0 : -trend.left() / 100 * interval / elapsed;
  }

  /** What exists and is not as declared, by service and name. */
  static List<Drift> drift(Config config, List<Budget> budgets) {
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

  private static Telemetry telemetry(Service service, Reading read) {
    var name = service.name().value();
    return Telemetry.of(
        service,
        read.discovered().contains(name),
        read.runtimes().contains(new Metrics.Reported(name, service.environmentName())),
        read.images().getOrDefault(name, Map.of()));
  }

  /**
   * The spent budgets of each service of the configuration. What was last known counts, so having
   * no data neither spends a budget nor brings it back; an SLO that is not declared holds nobody
   * up.
   */
  static Map<ServiceName, List<Spent>> spent(Config config, AuditReport report) {
    return spent(config, report.slos(), report.drift());
  }

  private static List<Freeze> freezes(Config config, List<Entry> entries, List<Drift> drift) {
    var spent = spent(config, entries, drift);
    return config.services().stream()
        .filter(service -> service.onExhausted() == OnExhausted.FREEZE)
        .filter(service -> !spent.get(service.name()).isEmpty())
        .map(
            service ->
                new Freeze(
                    service.name().value(),
                    spent.get(service.name()).stream().map(Spent::slo).toList(),
                    config.budgets().override()))
        .toList();
  }

  private static Map<ServiceName, List<Spent>> spent(
      Config config, List<Entry> entries, List<Drift> drift) {
    var undeclared =
        drift.stream()
            .filter(Drift.Undeclared.class::isInstance)
            .map(it -> new Key(it.service(), it.name()))
            .collect(Collectors.toSet());
    var spent = new LinkedHashMap<ServiceName, List<Spent>>();
    for (var service : config.services()) spent.put(service.name(), new ArrayList<>());
    for (var entry : entries)
      if (!undeclared.contains(new Key(entry.budget().slo())))
        entry
            .known()
            .filter(known -> known.status() == Status.EXHAUSTED)
            .ifPresent(
                known ->
                    spent
                        .get(new ServiceName(entry.service()))
                        .add(new Spent(entry.name(), known.since())));
    return spent;
  }
}
