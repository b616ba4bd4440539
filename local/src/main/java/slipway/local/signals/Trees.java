package slipway.local.signals;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Application Signals answers, as JSON trees: normalised as AWS does it. */
final class Trees {
  private Trees() {}

  static Map<String, Object> objective(Objective objective) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("Arn", objective.arn());
    tree.put("Name", objective.name());
    objective.description().ifPresent(text -> tree.put("Description", text));
    tree.put("CreatedTime", time(objective.created()));
    tree.put("LastUpdatedTime", time(objective.updated()));
    putIndicator(tree, objective.indicator());
    tree.put("EvaluationType", evaluation(objective));
    tree.put("Goal", goal(objective.goal()));
    tree.put(
        "BurnRateConfigurations",
        objective.burnRates().stream()
            .map(minutes -> Map.of("LookBackWindowMinutes", minutes))
            .toList());
    tree.put("MetricSourceType", "ServiceOperation");
    return tree;
  }

  static Map<String, Object> summary(Objective objective) {
    var target = objective.indicator().target();
    var tree = new LinkedHashMap<String, Object>();
    tree.put("Arn", objective.arn());
    tree.put("Name", objective.name());
    tree.put("KeyAttributes", target.service().keyAttributes());
    tree.put("OperationName", target.operation());
    tree.put("CreatedTime", time(objective.created()));
    tree.put("EvaluationType", evaluation(objective));
    tree.put("MetricSourceType", "ServiceOperation");
    return tree;
  }

  static Map<String, Object> report(Objective objective, Budget budget) {
    var unit = objective.indicator() instanceof Indicator.PeriodBased ? "Seconds" : "Requests";
    var tree = new LinkedHashMap<String, Object>();
    tree.put("Arn", objective.arn());
    tree.put("Name", objective.name());
    tree.put("EvaluationType", evaluation(objective));
    tree.put("BudgetStatus", budget.status().name());
    budget.attainment().ifPresent(percent -> tree.put("Attainment", percent));
    tree.put("TotalBudget" + unit, budget.total());
    tree.put("Budget" + unit + "Remaining", budget.remaining());
    putIndicator(tree, objective.indicator());
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
        metrics(Map.of("Environment", service.environment(), "Service", service.name())));
  }

  static Map<String, Object> operation(ServiceKey service, String operation) {
    return Map.of("Name", operation, "MetricReferences", metrics(dimensions(service, operation)));
  }

  static BigDecimal time(Instant time) {
    return BigDecimal.valueOf(time.toEpochMilli(), 3);
  }

  private static void putIndicator(Map<String, Object> tree, Indicator indicator) {
    var target = indicator.target();
    var metric = new LinkedHashMap<String, Object>();
    metric.put("KeyAttributes", target.service().keyAttributes());
    metric.put("OperationName", target.operation());
    metric.put("MetricType", target.metric());
    switch (indicator) {
      case Indicator.PeriodBased periods -> {
        metric.put("MetricDataQueries", queries(periods));
        var sli = new LinkedHashMap<String, Object>();
        sli.put("SliMetric", metric);
        sli.put("MetricThreshold", periods.threshold());
        sli.put("ComparisonOperator", periods.comparison().name());
        tree.put("Sli", sli);
      }
      case Indicator.RequestBased requests -> {
        metric.put(
            "TotalRequestCountMetric",
            List.of(query("total", target, "Latency", 60, "SampleCount", true)));
        metric.put(
            "MonitoredRequestCountMetric",
            Map.of("BadCountMetric", List.of(query("bad", target, "Fault", 60, "Sum", true))));
        var sli = new LinkedHashMap<String, Object>();
        sli.put("RequestBasedSliMetric", metric);
        requests
            .bound()
            .ifPresent(
                bound -> {
                  sli.put("MetricThreshold", bound.threshold());
                  sli.put("ComparisonOperator", bound.comparison().name());
                });
        tree.put("RequestBasedSli", sli);
      }
    }
  }

  /** In place of Statistic and PeriodSeconds, which no answer has. */
  private static List<Map<String, Object>> queries(Indicator.PeriodBased periods) {
    var target = periods.target();
    var seconds = periods.periodSeconds();
    return periods
        .statistic()
        .map(text -> List.of(query("latency", target, "Latency", seconds, text, true)))
        .orElseGet(
            () ->
                List.of(
                    query("fault", target, "Fault", seconds, "Average", false),
                    Map.of(
                        "Id",
                        "availability",
                        "Expression",
                        "(1 - fault) * 100",
                        "Period",
                        seconds,
                        "ReturnData",
                        true)));
  }

  private static Map<String, Object> query(
      String id,
      Indicator.Target target,
      String metric,
      int seconds,
      String statistic,
      boolean returned) {
    return Map.of(
        "Id",
        id,
        "MetricStat",
        Map.of(
            "Metric",
            metric(metric, dimensions(target.service(), target.operation())),
            "Period",
            seconds,
            "Stat",
            statistic),
        "ReturnData",
        returned);
  }

  private static Map<String, Object> metric(String name, Map<String, String> dimensions) {
    return Map.of(
        "Namespace",
        "ApplicationSignals",
        "MetricName",
        name,
        "Dimensions",
        new java.util.TreeMap<>(dimensions)
            .entrySet().stream()
                .map(entry -> Map.of("Name", entry.getKey(), "Value", entry.getValue()))
                .toList());
  }

  private static List<Map<String, Object>> metrics(Map<String, String> dimensions) {
    return java.util.stream.Stream.of("Latency", "Fault", "Error")
        .map(
            name -> {
              var tree = new LinkedHashMap<>(metric(name, dimensions));
              tree.put("MetricType", name.toUpperCase(java.util.Locale.ROOT));
              return (Map<String, Object>) tree;
            })
        .toList();
  }

  private static Map<String, String> dimensions(ServiceKey service, String operation) {
    return Map.of(
        "Environment", service.environment(), "Service", service.name(), "Operation", operation);
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
