package slipway.slo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
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

    /** Is there, and can be changed in place. */
    record Update(Existing existing, Objective objective, List<Difference> differences)
        implements Change {
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
   * @param seen the operations that Application Signals has seen
   */
  static SloPlan of(List<Objective> declared, List<Existing> existing, Set<String> seen) {
    var unclaimed = new HashMap<String, Existing>();
    existing.forEach(slo -> unclaimed.put(slo.objective().name(), slo));
    var changes = new ArrayList<Change>();
    var waiting = new ArrayList<Objective>();
    byName(declared)
        .values()
        .forEach(
            objective -> {
              var found = unclaimed.remove(objective.name());
              var possible = objective.operation().stream().allMatch(seen::contains);
              if (found == null) {
                if (possible) changes.add(new Change.Create(objective));
                else waiting.add(objective);
                return;
              }
              var differences = objective.differences(found.objective());
              if (differences.isEmpty()) return;
              if (differences.stream().noneMatch(Difference::fixed))
                changes.add(new Change.Update(found, objective, differences));
              // The old one keeps measuring until the new one can be made.
              else if (possible) changes.add(new Change.Replace(found, objective, differences));
              else waiting.add(objective);
            });
    unclaimed.values().forEach(gone -> changes.add(new Change.Delete(gone)));
    changes.sort(Comparator.comparingInt(SloPlan::turn).thenComparing(Change::name));
    return new SloPlan(changes, waiting);
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
      case Change.Create(var objective) -> "+ " + objective.name() + ": " + objective;
      case Change.Update(_, var objective, var differences) ->
          "~ " + objective.name() + lines(differences);
      case Change.Replace(_, var objective, var differences) ->
          "-/+ " + objective.name() + lines(differences);
      case Change.Delete(var existing) ->
          "- " + existing.objective().name() + ": " + existing.objective();
    };
  }

  private static String lines(List<Difference> differences) {
    return differences.stream()
        .map(difference -> "\n    " + difference)
        .collect(Collectors.joining());
  }
}
