package slipway.slo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.slo.Objective.Difference;

/**
 * What has to change so that the SLOs of one service are as declared.
 *
 * @param changes in the order to apply them: what makes room first, then by name
 * @param waiting declared, not made yet and not possible yet: their operation has not been seen,
 *     and Application Signals refuses an SLO on such a one
 */
record SloPlan(List<Change> changes, List<Objective> waiting) {

  /** One step of a plan. */
  sealed interface Change {
    String name();

    /** Is not there. */
    record Create(Objective objective) implements Change {
      @Override
      public String name() {
        return objective.name();
      }
    }

    /**
     * Is there, and can be changed in place.
     *
     * @param exclusions that are not among the differences, as they are changed by another call
     */
    record Update(
        Existing existing, Objective objective, List<Difference> differences, Exclusions exclusions)
        implements Change {
      /** Whether the SLO itself changes, and not only what hangs on it. */
      boolean itself() {
        return differences.stream().anyMatch(difference -> !tags(difference));
      }

      /** Whether its tags change. */
      boolean tags() {
        return differences.stream().anyMatch(Update::tags);
      }

      private static boolean tags(Difference difference) {
        return difference.field().equals(Objective.TAGS);
      }

      @Override
      public String name() {
        return objective.name();
      }
    }

    /** Is there, but so different that only deleting and creating helps; its history is lost. */
    record Replace(Existing existing, Objective objective, List<Difference> differences)
        implements Change {
      @Override
      public String name() {
        return objective.name();
      }
    }

    /** Is not declared any more. */
    record Delete(Existing existing) implements Change {
      @Override
      public String name() {
        return existing.objective().name();
      }
    }
  }

  SloPlan {
    changes = List.copyOf(changes);
    waiting = List.copyOf(waiting);
  }

  /**
   * Decides.
   *
   * @param declared with different names
   * @param existing only the service's own, by their tags
   * @param possible whether Application Signals would take a new one
   * @param now what is earlier cannot be excluded any more
   */
  static SloPlan of(
      List<Objective> declared,
      List<Existing> existing,
      Predicate<Objective> possible,
      Instant now) {
    var unclaimed = new HashMap<String, Existing>();
    existing.forEach(slo -> unclaimed.put(slo.objective().name(), slo));
    var changes = new ArrayList<Change>();
    var waiting = new ArrayList<Objective>();
    byName(declared)
        .values()
        .forEach(
            objective -> {
              var found = unclaimed.remove(objective.name());
              var change =
                  found == null
                      ? Optional.<Change>of(new Change.Create(objective))
                      : change(objective, found, now);
              // The old one keeps measuring until the new one can be made.
              if (change.filter(SloPlan::makes).isPresent() && !possible.test(objective))
                waiting.add(objective);
              else change.ifPresent(changes::add);
            });
    unclaimed.values().forEach(gone -> changes.add(new Change.Delete(gone)));
    changes.sort(Comparator.comparingInt(SloPlan::turn).thenComparing(Change::name));
    return new SloPlan(changes, waiting);
  }

  private static Optional<Change> change(Objective objective, Existing found, Instant now) {
    var differences = objective.differences(found.objective());
    if (differences.stream().anyMatch(Difference::fixed))
      return Optional.of(new Change.Replace(found, objective, differences));
    var exclusions =
        Exclusions.between(
            objective.exclusions().orElse(List.of()),
            found.objective().exclusions().orElse(List.of()),
            now);
    return differences.isEmpty() && exclusions.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Change.Update(
                found, objective.of(found.objective().subject()), differences, exclusions));
  }

  /** Whether a new SLO is made. */
  private static boolean makes(Change change) {
    return switch (change) {
      case Change.Create _, Change.Replace _ -> true;
      case Change.Update _, Change.Delete _ -> false;
    };
  }

  /** The SLOs that it makes anew. */
  List<Objective> made() {
    return changes.stream()
        .flatMap(
            change ->
                switch (change) {
                  case Change.Create(var objective) -> Stream.of(objective);
                  case Change.Replace(_, var objective, _) -> Stream.of(objective);
                  case Change.Update _, Change.Delete _ -> Stream.empty();
                })
        .toList();
  }

  /** Whether it makes an SLO for which the service must be known. */
  boolean needsTelemetry() {
    return made().stream().anyMatch(Objective::needsTelemetry);
  }

  boolean isEmpty() {
    return changes.isEmpty() && waiting.isEmpty();
  }

  private static TreeMap<String, Objective> byName(List<Objective> declared) {
    var byName = new TreeMap<String, Objective>();
    for (var objective : declared)
      if (byName.put(objective.name(), objective) != null)
        throw new IllegalArgumentException(
            "SLO '%s' is declared twice: want a name of its own for each"
                .formatted(objective.name()));
    return byName;
  }

  /** Deletions first: the account's quota of SLOs may be used up. */
  private static int turn(Change change) {
    return switch (change) {
      case Change.Delete _ -> 0;
      case Change.Replace _ -> 1;
      case Change.Update _ -> 2;
      case Change.Create _ -> 3;
    };
  }

  /** As a diff: {@code +} create, {@code ~} update, {@code -/+} replace, {@code -} delete. */
  @Override
  public String toString() {
    if (isEmpty()) return "no changes";
    var lines =
        changes.stream().map(SloPlan::text).collect(Collectors.toCollection(ArrayList::new));
    waiting.forEach(objective -> lines.add("? " + objective.name() + ": waits for " + objective));
    return String.join("\n", lines);
  }

  private static String text(Change change) {
    return switch (change) {
      case Change.Create(var objective) ->
          "+ " + objective.name() + ": " + objective + hanging(objective);
      case Change.Update(var existing, var objective, var differences, var exclusions) ->
          "~ "
              + objective.name()
              + lines(differences)
              + (exclusions.isEmpty() ? "" : "\n    " + line(existing, exclusions));
      case Change.Replace(_, var objective, var differences) ->
          "-/+ " + objective.name() + lines(differences);
      case Change.Delete(var existing) ->
          "- " + existing.objective().name() + ": " + existing.objective();
    };
  }

  /** What hangs on an SLO, if anything does. */
  private static String hanging(Objective objective) {
    return Stream.of(
            objective.tags().filter(tags -> !tags.isEmpty()).map(tags -> "tags: " + tags),
            objective
                .exclusions()
                .filter(exclusions -> !exclusions.isEmpty())
                .map(exclusions -> "exclusions: " + Exclusions.text(exclusions)))
        .flatMap(Optional::stream)
        .map(line -> "\n    " + line)
        .collect(Collectors.joining());
  }

  private static String line(Existing existing, Exclusions exclusions) {
    var before = existing.objective().exclusions().orElse(List.of());
    var after = new ArrayList<>(before);
    after.removeAll(exclusions.remove());
    after.addAll(exclusions.add());
    return "exclusions: " + Exclusions.text(before) + " -> " + Exclusions.text(after);
  }

  private static String lines(List<Difference> differences) {
    return differences.stream()
        .map(difference -> "\n    " + difference)
        .collect(Collectors.joining());
  }
}
