package slipway.audit;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import slipway.slo.Objective;

/**
 * The error budget of one SLO at one time.
 *
 * @param attainment in percent, if there is any data
 * @param objective what the SLO says now, if the answer told
 * @param problem why there is no data
 */
record Budget(
    Owned slo,
    Status status,
    OptionalDouble attainment,
    Optional<Left> left,
    Optional<Objective> objective,
    Optional<String> problem) {

  /**
   * What the budget is and what is left of it.
   *
   * @param unit {@code seconds} or {@code requests}
   * @param remaining negative when overspent
   */
  record Left(String unit, double total, double remaining) {
    static final String SECONDS = "seconds";
    static final String REQUESTS = "requests";

    /** In percent; a budget of nothing has nothing left. */
    double percent() {
      return total == 0 ? 0 : 100 * remaining / total;
    }

    @Override
    public String toString() {
      return "%s %% (%s of %s %s)"
          .formatted(
              Figures.brief(percent()), Figures.brief(remaining), Figures.brief(total), unit);
    }
  }

  /** Nothing is known of it. */
  static Budget unknown(Owned slo, String problem) {
    return new Budget(
        slo,
        Status.NO_DATA,
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(problem));
  }

  /** The time over which its goal is to be reached. */
  Optional<Duration> interval() {
    return objective.map(objective -> objective.interval().length());
  }

  /**
   * What is left as time: for so long everything may fail. Of a budget of requests that is so as
   * long as they come as they did.
   */
  Optional<Duration> time() {
    return left.flatMap(
        it ->
            it.unit().equals(Left.SECONDS)
                ? Optional.of(seconds(it.remaining()))
                : interval()
                    .map(
                        length ->
                            seconds(
                                it.percent()
                                    / 100
                                    * (1 - objective.orElseThrow().goal() / 100)
                                    * length.toSeconds())));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofSeconds(Math.round(seconds));
  }
}
