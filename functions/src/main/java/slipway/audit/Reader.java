package slipway.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import slipway.audit.Slos.Listed;
import slipway.config.Config;
import slipway.config.Service;
import slipway.delivery.DeliveryFigures;
import slipway.json.Malformed;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.slo.Catalog;
import slipway.slo.KeyAttributes;
import slipway.slo.Objective;
import slipway.slo.Readiness;

/**
 * Reads what an audit judges, as far as its time goes. What takes longest, whose an SLO is, is kept
 * in the register on the way, so that another try goes on from there; everything else fits into one
 * try. Source of the rates: Application Signals' request quotas.
 */
final class Reader {
  static final String REGISTER = "audits/register.json";

  /** Enough to save what is known and to answer. */
  static final Duration SAVING = Duration.ofSeconds(15);

  /** Enough to judge, to write reports of thousands of SLOs and to tell of them. */
  static final Duration FINISHING = Duration.ofSeconds(60);

  /** So many tags are read again in each audit: they can be changed by hand. */
  static final int AGAIN = 50;

  /** What was read is saved after so many tags, a minute's work, in case this try dies. */
  private static final int SAVED_AFTER = 300;

  /** A list that never ends is a fault; so many pages are 50,000 SLOs. */
  private static final int MOST_PAGES = 1000;

  private final Config config;
  private final Slos slos;
  private final Catalog catalog;
  private final Metrics metrics;
  private final Deliveries deliveries;
  private final Archive archive;
  private final Clock clock;

  Reader(
      Config config,
      Slos slos,
      Catalog catalog,
      Metrics metrics,
      Deliveries deliveries,
      Archive archive,
      Clock clock) {
    this.config = config;
    this.slos = slos;
    this.catalog = catalog;
    this.metrics = metrics;
    this.deliveries = deliveries;
    this.archive = archive;
    this.clock = clock;
  }

  /** How far it came. */
  sealed interface Result {
    /** All of it. */
    record Complete(Reading reading) implements Result {}

    /**
     * The time is over; another try goes on.
     *
     * @param how far it is
     */
    record Unfinished(String how) implements Result {}
  }

  /**
   * Reads.
   *
   * @param at of the budgets
   * @param remaining how much time there still is
   */
  Result read(Instant at, Supplier<Duration> remaining, Consumer<Line> log) {
    var listed = list(remaining);
    if (listed.isEmpty()) return new Result.Unfinished("not all SLOs are listed");
    var register = register(log);
    register.keep(listed.get());
    int unknown = identify(register, listed.get(), remaining);
    if (unknown > 0)
      return new Result.Unfinished(
          "of %d SLOs the owners of %d are still to be read"
              .formatted(listed.get().size(), unknown));
    var owned = register.owned(listed.get());
    var budgets = budgets(owned, at, remaining);
    return budgets.isEmpty()
        ? new Result.Unfinished(
            "the time is too short for the budgets of " + Figures.count(owned.size(), "SLO"))
        : new Result.Complete(reading(listed.get(), budgets.get(), at));
  }

  private Optional<List<Listed>> list(Supplier<Duration> remaining) {
    var listed = new ArrayList<Listed>();
    var next = Optional.<String>empty();
    for (int pages = 0; pages < MOST_PAGES; pages++) {
      if (less(remaining, SAVING)) return Optional.empty();
      var page = slos.list(next);
      listed.addAll(page.slos());
      next = page.next();
      if (next.isEmpty()) return Optional.of(listed);
    }
    throw new IllegalStateException(
        "Application Signals lists more than " + MOST_PAGES + " pages of SLOs");
  }

  /** A register that cannot be read must not stop all audits to come; it costs reading tags. */
  private Register register(Consumer<Line> log) {
    try {
      return archive.read(REGISTER).map(Register::parse).orElseGet(Register::empty);
    } catch (Malformed e) {
      log.accept(
          Line.trouble(
              About.NOTHING,
              "kept file is unreadable",
              Map.of("file", archive.place(REGISTER), "so", "all tags are read anew"),
              e));
      return Register.empty();
    }
  }

  /** Reads whose the SLOs are; tells of how many that is still not known. */
  private int identify(Register register, List<Listed> listed, Supplier<Duration> remaining) {
    var unknown = register.unknown(listed);
    int read = 0;
    for (var slo : unknown) {
      if (less(remaining, SAVING)) break;
      identify(register, slo);
      if (++read % SAVED_AFTER == 0) save(register);
    }
    // Where something was unknown, what is known was mostly read just now.
    if (unknown.isEmpty())
      for (var slo : register.oldest(listed, AGAIN)) {
        if (less(remaining, FINISHING)) break;
        identify(register, slo);
      }
    save(register);
    return unknown.size() - read;
  }

  private void identify(Register register, Listed slo) {
    var owner = slos.owner(slo.arn()).filter(it -> it.stack().equals(config.stack()));
    register.put(slo, owner.map(it -> it.service()), clock.instant());
  }

  private void save(Register register) {
    archive.write(REGISTER, "application/json", register.write());
  }

  private Optional<List<Budget>> budgets(
      List<Owned> owned, Instant at, Supplier<Duration> remaining) {
    var budgets = new ArrayList<Budget>();
    for (var batch : batches(owned, Slos.BATCH)) {
      if (less(remaining, FINISHING)) return Optional.empty();
      budgets.addAll(slos.budgets(batch, at));
    }
    return less(remaining, FINISHING) ? Optional.empty() : Optional.of(budgets);
  }

  private static <T> List<List<T>> batches(List<T> all, int size) {
    return all.stream().gather(Gatherers.windowFixed(size)).toList();
  }

  private static boolean less(Supplier<Duration> remaining, Duration than) {
    return remaining.get().compareTo(than) < 0;
  }

  private Reading reading(List<Listed> listed, List<Budget> budgets, Instant at) {
    var burnRates = new HashMap<String, List<Burn>>();
    var names = budgets.stream().map(budget -> budget.slo().name()).toList();
    for (var batch : batches(names, Metrics.BATCH)) burnRates.putAll(metrics.burnRates(batch, at));
    var discovered = discovered();
    var images = new TreeMap<String, Map<String, String>>();
    var figures = new TreeMap<String, DeliveryFigures>();
    for (var service : config.services()) {
      images.put(service.name().value(), deliveries.images(service.name()));
      deliveries.of(service.name()).ifPresent(its -> figures.put(service.name().value(), its));
    }
    return new Reading(
        listed,
        budgets,
        burnRates,
        metrics.ringing(config.stack()),
        discovered.keySet(),
        readiness(budgets, discovered),
        metrics.runtimes(),
        images,
        figures);
  }

  /** The services of the configuration that were seen, as they were reported. */
  private Map<String, KeyAttributes> discovered() {
    var wanted = new HashMap<String, Service>();
    config.services().forEach(service -> wanted.put(service.name().value(), service));
    var discovered = new TreeMap<String, KeyAttributes>();
    try (var services = catalog.services()) {
      services.forEach(
          found ->
              found
                  .name()
                  .map(wanted::get)
                  .filter(service -> found.sameService(KeyAttributes.expected(service)))
                  .ifPresent(service -> discovered.put(service.name().value(), found)));
    }
    return discovered;
  }

  /** Whether what is missing can be made: Application Signals must have seen what it measures. */
  private Map<String, Readiness> readiness(
      List<Budget> budgets, Map<String, KeyAttributes> discovered) {
    var missing = new TreeMap<String, Set<String>>();
    for (var drift : Audit.drift(config, budgets))
      if (drift instanceof Drift.Missing(var service, var name))
        missing.computeIfAbsent(service, _ -> new HashSet<>()).add(name);
    var readiness = new TreeMap<String, Readiness>();
    for (var service : config.services()) {
      var names = missing.getOrDefault(service.name().value(), Set.of());
      var wanted =
          service.slos().stream()
              .filter(slo -> names.contains(slo.name()))
              .map(slo -> Objective.declared(slo, KeyAttributes.expected(service)))
              .toList();
      if (!wanted.isEmpty())
        readiness.put(service.name().value(), Readiness.of(service, wanted, new Seen(discovered)));
    }
    return readiness;
  }

  /** The services are listed already, once for all. */
  private final class Seen implements Catalog {
    private final Map<String, KeyAttributes> discovered;

    Seen(Map<String, KeyAttributes> discovered) {
      this.discovered = discovered;
    }

    @Override
    public Stream<KeyAttributes> services() {
      return discovered.values().stream();
    }

    @Override
    public Set<String> operations(KeyAttributes service) {
      return catalog.operations(service);
    }

    @Override
    public Set<Call> calls(KeyAttributes service) {
      return catalog.calls(service);
    }
  }
}
