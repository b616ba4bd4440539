package slipway.local.signals;

import java.util.OptionalDouble;

/**
 * What is left of an objective's error budget; seconds if it is period-based, else requests.
 *
 * @param total of the whole interval
 * @param remaining negative when overspent
 * @param attainment percent of what was measured that was good; empty without measurements
 */
record Budget(Status status, long total, long remaining, OptionalDouble attainment) {

  /** Names are the API's. */
  enum Status {
    OK,
    WARNING,
    BREACHED,
    INSUFFICIENT_DATA
  }

  /**
   * @param measured periods or requests
   * @param bad how many of them were not good
   * @param total budget in seconds or requests
   * @param price what a bad one takes from the budget
   */
  static Budget of(Goal goal, long measured, long bad, double total, int price) {
    var remaining = Math.round((total - (double) bad * price) * 1e6) / 1e6;
    if (measured == 0)
      return new Budget(
          Status.INSUFFICIENT_DATA,
          Math.round(total),
          Math.round(remaining),
          OptionalDouble.empty());
    var attainment = OptionalDouble.of(100.0 * (measured - bad) / measured);
    var status =
        bad == 0
            ? Status.OK
            : remaining <= 0
                ? Status.BREACHED
                : remaining / total * 100 < goal.warning() ? Status.WARNING : Status.OK;
    return new Budget(status, Math.round(total), Math.round(remaining), attainment);
  }
}
