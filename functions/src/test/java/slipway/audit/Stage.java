package slipway.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import slipway.config.Config;
import slipway.config.ServiceName;
import slipway.delivery.DeliveryFigures;
import slipway.json.Json;
import slipway.rollout.SpentBudgets.Spent;
import slipway.slo.Catalog;
import slipway.slo.KeyAttributes;
import slipway.slo.Ownership;

/** What an audit reads and where it has an effect, in memory; and a clock that is moved by hand. */
final class Stage implements Slos, Metrics, Catalog, Deliveries, Archive {
  static final KeyAttributes DICE =
      new KeyAttributes(Map.of("Type", "Service", "Name", "dice", "Environment", "production"));

  Config config;
  Instant now = Instant.parse("2026-08-04T01:00:00Z");

  final Map<String, Budget> budgets = new TreeMap<>();
  final Set<String> foreign = new HashSet<>();
  final Map<String, List<Burn>> burnRates = new TreeMap<>();
  final Map<String, List<String>> ringing = new TreeMap<>();
  final Set<KeyAttributes> discovered = new HashSet<>(Set.of(DICE));
  final Set<String> operations = new HashSet<>(Set.of("GET /rolldice"));
  final Set<Reported> runtimes = new HashSet<>(Set.of(new Reported("dice", "production")));
  final Map<String, DeliveryFigures> figures = new HashMap<>();
  final Map<String, String> images = new HashMap<>();

  /** In order of their last writing. */
  final Map<String, String> kept = new LinkedHashMap<>();

  final List<String> notices = new ArrayList<>();
  final List<String> syncs = new ArrayList<>();
  final Map<String, List<Spent>> spent = new TreeMap<>();

  /** Names of the SLOs whose tags were read, and how many a question for budgets named. */
  final List<String> tagsRead = new ArrayList<>();

  final List<Integer> batches = new ArrayList<>();

  /** Nothing can be read. */
  boolean broken;

  Stage(Json... slos) {
    config = Samples.config(slos);
  }

  Auditor auditor() {
    InstantSource source = () -> now;
    var clock = source.withZone(ZoneOffset.UTC);
    return auditor(clock);
  }

  private Auditor auditor(Clock clock) {
    return new Auditor(
        config,
        new Reader(config, this, this, this, this, this, clock),
        this,
        new Auditor.Outlets(
            (service, its) -> spent.put(service.value(), its),
            service -> syncs.add(service.value()),
            (subject, text) -> notices.add(subject + "\n" + text)),
        clock);
  }

  /** A scheduled audit with all the time it needs. */
  Auditor.Outcome audit() {
    return audit(() -> Duration.ofMinutes(5));
  }

  Auditor.Outcome audit(Supplier<Duration> remaining) {
    return auditor().audit(new Auditor.Request("scheduled", Optional.empty()), remaining, _ -> {});
  }

  Json latest() {
    return Json.parse(kept.getOrDefault("audits/latest.json", "{}"));
  }

  /** An SLO of the stack has that budget, of 600 seconds. */
  void has(String name, Status status, double left) {
    has(
        new Budget(
            Samples.owned(name),
            status,
            OptionalDouble.of(99.85),
            Optional.of(new Budget.Left("seconds", 600, left)),
            Optional.of(Samples.objective(Samples.available(name, 99.9))),
            Optional.empty()));
  }

  void has(Budget budget) {
    budgets.put(budget.slo().name(), budget);
  }

  void hasNoData(String name) {
    has(Budget.unknown(Samples.owned(name), "not enough data yet"));
  }

  @Override
  public Page list(Optional<String> page) {
    if (broken) throw new IllegalStateException("AWS is away");
    var all = budgets.values().stream().map(Budget::slo).toList();
    int from = page.map(Integer::parseInt).orElse(0);
    int to = Math.min(all.size(), from + Slos.BATCH);
    return new Page(
        all.subList(from, to).stream()
            .map(slo -> new Listed(slo.arn(), slo.name(), Optional.of(DICE), Instant.EPOCH))
            .toList(),
        to < all.size() ? Optional.of(String.valueOf(to)) : Optional.empty());
  }

  @Override
  public Optional<Ownership> owner(String arn) {
    var slo =
        budgets.values().stream()
            .map(Budget::slo)
            .filter(it -> it.arn().equals(arn))
            .findFirst()
            .orElseThrow();
    tagsRead.add(slo.name());
    return Ownership.of(
        Map.of(
            "slipway:stack",
            foreign.contains(slo.name()) ? "other" : "slipway",
            "slipway:service",
            slo.service()));
  }

  @Override
  public List<Budget> budgets(List<Owned> slos, Instant at) {
    batches.add(slos.size());
    return slos.stream().map(slo -> budgets.get(slo.name())).toList();
  }

  @Override
  public Map<String, List<Burn>> burnRates(List<String> slos, Instant at) {
    return Map.copyOf(burnRates);
  }

  @Override
  public Map<String, List<String>> ringing(String prefix) {
    return Map.copyOf(ringing);
  }

  @Override
  public Set<Reported> runtimes() {
    return Set.copyOf(runtimes);
  }

  @Override
  public Stream<KeyAttributes> services() {
    return discovered.stream();
  }

  @Override
  public Set<String> operations(KeyAttributes service) {
    return Set.copyOf(operations);
  }

  @Override
  public Set<Call> calls(KeyAttributes service) {
    return Set.of();
  }

  @Override
  public Optional<DeliveryFigures> of(ServiceName service) {
    return Optional.ofNullable(figures.get(service.value()));
  }

  @Override
  public Map<String, String> images(ServiceName service) {
    return Map.copyOf(images);
  }

  @Override
  public Optional<String> read(String key) {
    return Optional.ofNullable(kept.get(key));
  }

  @Override
  public void write(String key, String contentType, String text) {
    kept.remove(key);
    kept.put(key, text);
  }

  @Override
  public String place(String key) {
    return "s3://reports/" + key;
  }
}
