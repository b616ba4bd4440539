package slipway.local.signals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import slipway.local.metrics.Evaluation;
import slipway.local.metrics.Grid;
import slipway.local.metrics.Query;

/**
 * Works out budgets and burn rates from what was measured.
 *
 * @param longest that an interval lasts here
 */
record Reckoning(Measurements measurements, Optional<Duration> longest) {

  /**
   * What was measured in a time.
   *
   * @param measured periods or requests
   * @param bad how many of them were not good
   */
  private record Tally(double measured, double bad) {
    double errorRate() {
      return bad / measured;
    }
  }

  /** The budget at a time, from what was measured until then. */
  Budget budget(Objective objective, Instant now) {
    var goal = objective.goal();
    var stretch = goal.current(now, measurements.minutes(), longest);
    var tally = tally(objective, stretch.begin(), now);
    return switch (objective.indicator()) {
      case Indicator.PeriodBased indicator ->
          Budget.of(
              goal,
              Math.round(tally.measured()),
              Math.round(tally.bad()),
              stretch.atAws().toSeconds() * goal.allowance(),
              indicator.periodSeconds());
      case Indicator.RequestBased _ ->
          Budget.of(
              goal,
              Math.round(tally.measured()),
              Math.round(tally.bad()),
              tally.measured() * goal.allowance(),
              1);
    };
  }

  /**
   * How many times faster than the goal allows the budget is spent in a window that ends now. If
   * nothing was measured in it, that of the whole interval counts; empty if there is none either,
   * and without a budget.
   */
  OptionalDouble burnRate(Objective objective, int windowMinutes, Instant now) {
    var goal = objective.goal();
    if (goal.allowance() == 0) return OptionalDouble.empty();
    var window = measurements.minutes().paced(Duration.ofMinutes(windowMinutes));
    var interval = goal.here(measurements.minutes(), longest);
    var length = window.compareTo(interval) < 0 ? window : interval;
    var tally = tally(objective, now.minus(length), now);
    if (tally.measured() == 0)
      tally = tally(objective, goal.current(now, measurements.minutes(), longest).begin(), now);
    return tally.measured() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(tally.errorRate() / goal.allowance());
  }

  private Tally tally(Objective objective, Instant begin, Instant now) {
    var minutes = measurements.minutes();
    var from = begin.isAfter(objective.since()) ? begin : objective.since();
    if (from.isAfter(now)) return new Tally(0, 0);
    var excluded = new Exclusions(objective.windows(), minutes, from, now);
    return switch (objective.indicator()) {
      case Indicator.PeriodBased indicator -> {
        var grid = Grid.between(minutes.index(from), minutes.index(now), indicator.minutes());
        yield periods(indicator, grid, excluded);
      }
      case Indicator.RequestBased indicator -> {
        var grid = Grid.between(minutes.index(from), minutes.index(now), 1);
        yield requests(indicator, grid, excluded);
      }
    };
  }

  /** What is excluded counts as good, measured or not. */
  private Tally periods(Indicator.PeriodBased indicator, Grid grid, Exclusions excluded) {
    var values = values(indicator.queries(measurements), grid);
    var measured = 0;
    var bad = 0;
    for (var slot = 0; slot < values.length; slot++) {
      if (excluded.covers(grid.start(slot))) measured++;
      else if (!Double.isNaN(values[slot])) {
        measured++;
        if (!indicator.good(values[slot])) bad++;
      }
    }
    return new Tally(measured, bad);
  }

  /** What is excluded does not count. */
  private Tally requests(Indicator.RequestBased indicator, Grid grid, Exclusions excluded) {
    var total = values(indicator.total(measurements), grid);
    var monitored = values(indicator.monitored(measurements), grid);
    var measured = 0.0;
    var counted = 0.0;
    for (var slot = 0; slot < total.length; slot++) {
      if (excluded.covers(grid.start(slot)) || Double.isNaN(total[slot])) continue;
      measured += total[slot];
      if (!Double.isNaN(monitored[slot])) counted += monitored[slot];
    }
    return new Tally(measured, indicator.countsGood() ? measured - counted : counted);
  }

  private double[] values(List<Query> queries, Grid grid) {
    return Evaluation.of(measurements.store(), queries, grid);
  }
}
