package slipway.local.signals;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import slipway.local.metrics.Metric;
import slipway.local.metrics.Queries;

/** What Application Signals answers, as JSON trees: normalised as AWS does it. */
final class Trees {
  private Trees() {}

  static Map<String, Object> objective(Objective objective, Measurements measurements) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("Arn", objective.arn());
    tree.put("Name", objective.name());
    objective.description().ifPresent(text -> tree.put("Description", text));
    tree.put("CreatedTime", time(objective.created()));
    tree.put("LastUpdatedTime", time(objective.updated()));
    putIndicator(tree, objective.indicator(), measurements);
    tree.put("EvaluationType", evaluation(objective));
    tree.put("Goal", goal(objective.goal()));
    tree.put(
        "BurnRateConfigurations",
        objective.burnRates().stream()
            .map(minutes -> Map.of("LookBackWindowMinutes", minutes))
            .toList());
    tree.put("MetricSourceType", objective.indicator().subject().sourceType());
    return tree;
  }

  static Map<String, Object> summary(Objective objective) {
    var subject = objective.indicator().subject();
    var tree = new LinkedHashMap<String, Object>();
    tree.put("Arn", objective.arn());
    tree.put("Name", objective.name());
    tree.putAll(subject.tree());
    tree.put("CreatedTime", time(objective.created()));
    tree.put("EvaluationType", evaluation(objective));
    tree.put("MetricSourceType", subject.sourceType());
    return tree;
  }

  static Map<String, Object> report(Objective objective, Budget budget, Measurements measurements) {
    var unit = objective.indicator() instanceof Indicator.PeriodBased ? "Seconds" : "Requests";
    var tree = new LinkedHashMap<String, Object>();
    tree.put("Arn", objective.arn());
    tree.put("Name", objective.name());
    tree.put("EvaluationType", evaluation(objective));
    tree.put("BudgetStatus", budget.status().name());
    budget.attainment().ifPresent(percent -> tree.put("Attainment", percent));
    tree.put("TotalBudget" + unit, budget.total());
    tree.put("Budget" + unit + "Remaining", budget.remaining());
    putIndicator(tree, objective.indicator(), measurements);
    tree.put("Goal", goal(objective.goal()));
    return tree;
  }

  static Map<String, Object> service(ServiceKey service) {
    return Map.of(
        "KeyAttributes",
        service.keyAttributes(),
        "AttributeMaps",
        List.of(),
        "MetricReferences",
        references(metric -> SignalMetrics.service(metric, service)));
  }

  static Map<String, Object> operation(ServiceKey service, String operation) {
    return Map.of(
        "Name",
        operation,
        "MetricReferences",
        references(metric -> SignalMetrics.operation(metric, service, operation)));
  }

  static BigDecimal time(Instant time) {
    return BigDecimal.valueOf(time.toEpochMilli(), 3);
  }

  static Map<String, Object> dependency(ServiceKey service, Measurements.Dependency dependency) {
    var name = dependency.remoteService();
    return Map.of(
        "OperationName",
        dependency.operation(),
        "DependencyKeyAttributes",
        Map.of("Type", name.startsWith("AWS::") ? "AWS::Service" : "RemoteService", "Name", name),
        "DependencyOperationName",
        dependency.remoteOperation(),
        "MetricReferences",
        references(
            metric ->
                SignalMetrics.dependency(
                    metric,
                    service,
                    Optional.of(dependency.operation()),
                    name,
                    dependency.remoteOperation())));
  }

  static Map<String, Object> window(ExclusionWindow window) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("Window", Map.of("DurationUnit", window.unit(), "Duration", window.units()));
    tree.put("StartTime", time(window.start()));
    window
        .recurrence()
        .ifPresent(again -> tree.put("RecurrenceRule", Map.of("Expression", again.expression())));
    window.reason().ifPresent(text -> tree.put("Reason", text));
    return tree;
  }

  private static void putIndicator(
      Map<String, Object> tree, Indicator indicator, Measurements measurements) {
    var metric = new LinkedHashMap<>(indicator.subject().tree());
    switch (indicator) {
      case Indicator.PeriodBased periods -> {
        type(periods.signal()).ifPresent(type -> metric.put("MetricType", type));
        // In place of Statistic and PeriodSeconds, which no answer has.
        metric.put("MetricDataQueries", Queries.trees(periods.queries(measurements)));
        var sli = new LinkedHashMap<String, Object>();
        sli.put("SliMetric", metric);
        sli.put("MetricThreshold", periods.threshold());
        sli.put("ComparisonOperator", periods.comparison().name());
        tree.put("Sli", sli);
      }
      case Indicator.RequestBased requests -> {
        switch (requests.counting()) {
          case Indicator.Counting.Faults() -> metric.put("MetricType", "AVAILABILITY");
          case Indicator.Counting.Bounded(_, _) -> metric.put("MetricType", "LATENCY");
          case Indicator.Counting.Counted _ -> {}
        }
        metric.put("TotalRequestCountMetric", Queries.trees(requests.total(measurements)));
        metric.put(
            "MonitoredRequestCountMetric",
            Map.of(
                requests.countsGood() ? "GoodCountMetric" : "BadCountMetric",
                Queries.trees(requests.monitored(measurements))));
        var sli = new LinkedHashMap<String, Object>();
        sli.put("RequestBasedSliMetric", metric);
        if (requests.counting() instanceof Indicator.Counting.Bounded(var bound, var comparison)) {
          sli.put("MetricThreshold", bound);
          sli.put("ComparisonOperator", comparison.name());
        }
        tree.put("RequestBasedSli", sli);
      }
    }
  }

  private static Optional<String> type(Indicator.Signal signal) {
    return switch (signal) {
      case Indicator.Signal.Availability() -> Optional.of("AVAILABILITY");
      case Indicator.Signal.Latency _ -> Optional.of("LATENCY");
      case Indicator.Signal.Named(_, _, var type) -> type;
      case Indicator.Signal.Expressed _ -> Optional.empty();
    };
  }

  private static List<Map<String, Object>> references(Function<String, Metric> metric) {
    return Stream.of(SignalMetrics.LATENCY, SignalMetrics.FAULT, SignalMetrics.ERROR)
        .map(
            name -> {
              var tree = new LinkedHashMap<>(Queries.tree(metric.apply(name)));
              tree.put("MetricType", name.toUpperCase(Locale.ROOT));
              return (Map<String, Object>) tree;
            })
        .toList();
  }

  private static Map<String, Object> goal(Goal goal) {
    var interval = new LinkedHashMap<String, Object>();
    goal.calendarStart().ifPresent(start -> interval.put("StartTime", time(start)));
    interval.put("DurationUnit", goal.unit());
    interval.put("Duration", goal.units());
    var kind = goal.calendarStart().isPresent() ? "CalendarInterval" : "RollingInterval";
    return Map.of(
        "Interval",
        Map.of(kind, interval),
        "AttainmentGoal",
        goal.attainment(),
        "WarningThreshold",
        goal.warning());
  }

  private static String evaluation(Objective objective) {
    return objective.indicator() instanceof Indicator.PeriodBased ? "PeriodBased" : "RequestBased";
  }
}
