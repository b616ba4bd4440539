package slipway.local.synthetics;

import java.util.List;
import java.util.Optional;

/**
 * A run of a canary.
 *
 * @param ended whether its script came to its end
 * @param millis how long it took
 */
public record Visit(List<Step> steps, boolean ended, double millis) {
  public Visit {
    steps = List.copyOf(steps);
  }

  /**
   * A request of it.
   *
   * @param status of the answer; none if there was no answer
   */
  public record Step(String name, Optional<Integer> status, boolean passed, double millis) {}

  /** Whether everything was as it should be. */
  public boolean passed() {
    return ended && steps.stream().allMatch(Step::passed);
  }

  /** Answers with a status from {@code hundred} to {@code hundred + 99}. */
  long answers(int hundred) {
    return steps.stream()
        .flatMap(step -> step.status().stream())
        .filter(status -> status / 100 == hundred / 100)
        .count();
  }

  long unanswered() {
    return steps.stream().filter(step -> step.status().isEmpty()).count();
  }
}
