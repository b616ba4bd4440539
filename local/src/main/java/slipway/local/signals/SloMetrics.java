package slipway.local.signals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import slipway.local.metrics.Computed;
import slipway.local.metrics.Metric;

/** What Application Signals itself sends to CloudWatch: of each objective, once a minute. */
record SloMetrics(Objectives objectives, Reckoning reckoning) implements Computed {
  static final String NAMESPACE = "AWS/ApplicationSignals";
  private static final String SLO = "SloName";
  private static final String WINDOW = "BurnRateWindowMinutes";

  @Override
  public List<Metric> metrics() {
    var metrics = new ArrayList<Metric>();
    for (var one : objectives.all()) {
      metrics.add(Metric.of(NAMESPACE, "AttainmentRate", Map.of(SLO, one.name())));
      metrics.add(Metric.of(NAMESPACE, "BreachedCount", Map.of(SLO, one.name())));
      for (var window : one.burnRates())
        metrics.add(
            Metric.of(
                NAMESPACE, "BurnRate", Map.of(SLO, one.name(), WINDOW, String.valueOf(window))));
    }
    return metrics;
  }

  @Override
  public OptionalDouble value(Metric metric, long minute) {
    var known = metric.name().equals("BurnRate") ? Set.of(SLO, WINDOW) : Set.of(SLO);
    if (!metric.dimensions().keySet().equals(known)) return OptionalDouble.empty();
    var found = objectives.find(metric.dimensions().get(SLO));
    if (found.isEmpty()) return OptionalDouble.empty();
    var objective = found.get();
    var end = reckoning.measurements().minutes().start(minute + 1);
    if (!end.isAfter(objective.created())) return OptionalDouble.empty();
    return switch (metric.name()) {
      case "AttainmentRate" -> reckoning.budget(objective, end).attainment();
      case "BreachedCount" -> {
        var budget = reckoning.budget(objective, end);
        yield budget.status() == Budget.Status.INSUFFICIENT_DATA
            ? OptionalDouble.empty()
            : OptionalDouble.of(budget.status() == Budget.Status.BREACHED ? 1 : 0);
      }
      case "BurnRate" -> {
        var window = metric.dimensions().get(WINDOW);
        yield objective.burnRates().stream()
            .filter(minutes -> window.equals(String.valueOf(minutes)))
            .findFirst()
            .map(minutes -> reckoning.burnRate(objective, minutes, end))
            .orElse(OptionalDouble.empty());
      }
      default -> OptionalDouble.empty();
    };
  }
}
