package slipway.local.signals;

import java.time.Instant;
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

  /** The budget at a time, from what was measured until then. */
  static Budget of(Objective objective, Measurements measurements, Instant now) {
    var goal = objective.goal();
    var begin = goal.begin(now, measurements.paced(goal.interval()));
    var from = begin.isAfter(objective.since()) ? begin : objective.since();
    var target = objective.indicator().target();
    return switch (objective.indicator()) {
      case Indicator.PeriodBased indicator -> {
        var periods =
            measurements.periods(
                target.service(), target.operation(), indicator.minutes(), from, now);
        var good = periods.stream().filter(indicator::good).count();
        yield of(
            goal,
            periods.size(),
            periods.size() - good,
            goal.interval().toSeconds() * goal.allowance(),
            indicator.periodSeconds());
      }
      case Indicator.RequestBased indicator -> {
        var periods = measurements.periods(target.service(), target.operation(), 1, from, now);
        var requests = periods.stream().mapToLong(Period::requests).sum();
        var good = periods.stream().mapToLong(indicator::good).sum();
        yield of(goal, requests, requests - good, requests * goal.allowance(), 1);
      }
    };
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
