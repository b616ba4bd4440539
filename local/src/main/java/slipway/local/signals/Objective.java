package slipway.local.signals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A service level objective.
 *
 * @param since from when measurements count: its creation, or the last change of what is measured
 * @param burnRates look-back windows in minutes
 * @param windows that do not count
 */
record Objective(
    String name,
    String arn,
    Optional<String> description,
    Instant created,
    Instant updated,
    Instant since,
    Indicator indicator,
    Goal goal,
    List<Integer> burnRates,
    List<ExclusionWindow> windows) {

  Objective with(List<ExclusionWindow> changed) {
    return new Objective(
        name,
        arn,
        description,
        created,
        updated,
        since,
        indicator,
        goal,
        burnRates,
        List.copyOf(changed));
  }
}
