package slipway.slo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Application Signals in memory. It answers as the API does, not as it was asked: statistics in
 * another spelling, an account among the key attributes, hours for days, defaults left out.
 */
final class World implements Catalog, Objectives {
  final Set<KeyAttributes> discovered = new HashSet<>(Set.of(Samples.SUBJECT));
  final Set<String> operations = new HashSet<>(Set.of(Samples.ROLL));
  final Map<String, Existing> slos = new TreeMap<>();
  final List<String> calls = new ArrayList<>();

  /** What exists, but is not listed yet. */
  final Set<String> unlisted = new HashSet<>();

  @Override
  public Stream<KeyAttributes> services() {
    return discovered.stream();
  }

  @Override
  public Set<String> operations(KeyAttributes service) {
    return Set.copyOf(operations);
  }

  @Override
  public List<Existing> of(Ownership owner, Set<String> names) {
    return slos.values().stream()
        .filter(slo -> slo.owner().equals(Optional.of(owner)))
        .filter(slo -> !unlisted.contains(slo.objective().name()))
        .toList();
  }

  @Override
  public Optional<Existing> find(String name) {
    return Optional.ofNullable(slos.get(name));
  }

  @Override
  public boolean create(Objective objective, Ownership owner) {
    if (slos.containsKey(objective.name())) return false;
    if (!objective.operation().stream().allMatch(operations::contains))
      throw new IllegalArgumentException("ValidationException: no metrics of " + objective);
    calls.add("create " + objective.name());
    put(objective, Optional.of(owner));
    return true;
  }

  @Override
  public void update(String arn, Objective objective) {
    var existing = slos.get(arn.substring("arn:".length()));
    if (existing == null) throw new IllegalStateException("ResourceNotFoundException: " + arn);
    if (existing.objective().measure().kind() != objective.measure().kind()
        || !existing.objective().operation().equals(objective.operation()))
      throw new IllegalArgumentException("ValidationException: cannot change the metric");
    calls.add("update " + objective.name());
    put(objective, existing.owner());
  }

  @Override
  public void delete(String arn) {
    calls.add("delete " + arn.substring("arn:".length()));
    slos.remove(arn.substring("arn:".length()));
  }

  void put(Objective objective, Optional<Ownership> owner) {
    slos.put(
        objective.name(), new Existing("arn:" + objective.name(), owner, normalised(objective)));
  }

  private static Objective normalised(Objective asked) {
    var subject = new LinkedHashMap<>(asked.subject().values());
    subject.put("AwsAccountId", "123456789012");
    var measure = asked.measure();
    var days = ((Interval.Rolling) asked.interval()).days();
    return new Objective(
        asked.name(),
        new KeyAttributes(subject),
        asked.operation(),
        new Measure(
            measure.kind(),
            measure.statistic().map(statistic -> statistic.replaceFirst("^p(\\d+)$", "P$1.0")),
            OptionalInt.empty(),
            measure.operator(),
            measure.threshold() + 1e-12),
        days == 7 ? Interval.DEFAULT : new Interval.Rolling(Duration.ofHours(24L * days)),
        asked.goal(),
        asked.warning(),
        asked.burnWindows());
  }
}
