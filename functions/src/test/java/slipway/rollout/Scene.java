package slipway.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What everything in a simulation shares: time, chance, weather, and who writes it all down. */
final class Scene {
  private final Agenda agenda = new Agenda();
  private final Trace trace = new Trace();
  private final Map<Happening, Integer> counts = new EnumMap<>(Happening.class);
  private final Chance chance;
  private final List<Instant> interruptions = new ArrayList<>();
  private final int weather;
  private Optional<Violation> violation = Optional.empty();
  private boolean stormy = true;

  /** A law that did not hold, and where. */
  record Violation(Law law, String where) {}

  /** The weather is the seed's, too: from a breeze to a hurricane. */
  Scene(long seed) {
    chance = new Chance(seed);
    weather = chance.between(0, 100);
  }

  Agenda agenda() {
    return agenda;
  }

  Chance chance() {
    return chance;
  }

  Trace trace() {
    return trace;
  }

  Instant now() {
    return agenda.now();
  }

  /** Whether something goes wrong: so often in a thousand cases, in mean weather. Never in calm. */
  boolean fault(int perMille) {
    return stormy && chance.between(1, 100_000) <= perMille * weather;
  }

  /** Whether a call failed or a function died right after that moment. */
  boolean interrupted(Instant moment) {
    return interruptions.stream()
        .anyMatch(it -> !it.isBefore(moment) && it.isBefore(moment.plusSeconds(30)));
  }

  void interrupt(Happening how, String who, Supplier<String> what) {
    interruptions.add(now());
    tell(how, who, what);
  }

  void calm() {
    stormy = false;
  }

  /** Enters what will happen some time between both. */
  void in(Duration soonest, Duration latest, Runnable what) {
    agenda.in(chance.between(soonest, latest), what);
  }

  void tell(String who, Supplier<String> what) {
    trace.add(agenda.now(), who, what);
  }

  void count(Happening happening) {
    counts.merge(happening, 1, Integer::sum);
  }

  void tell(Happening happening, String who, Supplier<String> what) {
    count(happening);
    tell(who, what);
  }

  /** Only the first one is kept: the others may be its fault. */
  void violated(Law law, String where) {
    tell("LAW", () -> law + " -- " + where);
    if (violation.isEmpty()) violation = Optional.of(new Violation(law, where));
  }

  Optional<Violation> violation() {
    return violation;
  }

  Map<Happening, Integer> counts() {
    return Map.copyOf(counts);
  }
}
