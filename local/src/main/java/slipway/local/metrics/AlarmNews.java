package slipway.local.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import slipway.json.Json;
import slipway.local.cloud.Place;

/** What is told of an alarm, in CloudWatch's shapes. */
final class AlarmNews {
  /** SNS takes no longer subjects. */
  private static final int SUBJECT = 100;

  private static final String REGION = "Asia Pacific (Tokyo)";

  private AlarmNews() {}

  /** The reason's data, as JSON in a text. */
  static String data(Alarm alarm, Alarm.Finding finding) {
    var recent = new ArrayList<Double>();
    for (var value : finding.values()) if (!Double.isNaN(value)) recent.add(value);
    var tree = new LinkedHashMap<String, Object>();
    tree.put("version", "1.0");
    tree.put("period", alarm.seconds());
    tree.put("recentDatapoints", recent);
    tree.put("threshold", alarm.threshold());
    return Json.write(tree);
  }

  /** Detail of the event. */
  static Map<String, Object> event(Alarms.Told told) {
    var configuration = new LinkedHashMap<String, Object>();
    told.alarm().description().ifPresent(text -> configuration.put("description", text));
    configuration.put("metrics", metrics(told.alarm()));
    var detail = new LinkedHashMap<String, Object>();
    detail.put("alarmName", told.alarm().name());
    detail.put("configuration", configuration);
    detail.put("previousState", state(told.before()));
    detail.put("state", state(told.after()));
    return detail;
  }

  private static List<Map<String, Object>> metrics(Alarm alarm) {
    var trees = new ArrayList<Map<String, Object>>();
    for (var query : alarm.queries()) {
      var tree = new LinkedHashMap<String, Object>();
      tree.put("id", query.id());
      switch (query.source()) {
        case Query.Stat stat -> {
          var metric = stat.metrics().getFirst();
          tree.put(
              "metricStat",
              Map.of(
                  "metric",
                  Map.of(
                      "namespace",
                      metric.namespace(),
                      "name",
                      metric.name(),
                      "dimensions",
                      metric.dimensions()),
                  "period",
                  stat.seconds(),
                  "stat",
                  stat.statistic()));
        }
        case Query.Math math -> tree.put("expression", math.expression().text());
      }
      tree.put("returnData", query.returned());
      trees.add(tree);
    }
    return trees;
  }

  private static Map<String, Object> state(Alarms.Condition condition) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("value", condition.state().name());
    tree.put("reason", condition.reason());
    if (!condition.reasonData().isEmpty()) tree.put("reasonData", condition.reasonData());
    tree.put("timestamp", condition.updated().toString());
    return tree;
  }

  /** Of the notification. */
  static String subject(Alarms.Told told) {
    var subject =
        "%s: \"%s\" in %s"
            .formatted(told.after().state(), told.alarm().name(), REGION)
            .replaceAll("[^\\x20-\\x7e]", "?");
    return subject.length() > SUBJECT ? subject.substring(0, SUBJECT) : subject;
  }

  /** The notification. */
  static Map<String, Object> message(Alarms.Told told) {
    var alarm = told.alarm().describe();
    var tree = new LinkedHashMap<String, Object>();
    tree.put("AlarmName", told.alarm().name());
    tree.put("AlarmDescription", told.alarm().description().orElse(null));
    tree.put("AWSAccountId", Place.ACCOUNT);
    tree.put("NewStateValue", told.after().state().name());
    tree.put("NewStateReason", told.after().reason());
    tree.put("StateChangeTime", told.after().updated().toString());
    tree.put("Region", REGION);
    tree.put("AlarmArn", told.alarm().arn());
    tree.put("OldStateValue", told.before().state().name());
    for (var actions : List.of("OKActions", "AlarmActions", "InsufficientDataActions"))
      tree.put(actions, alarm.get(actions));
    var trigger = new LinkedHashMap<String, Object>();
    for (var member :
        List.of(
            "MetricName",
            "Namespace",
            "Statistic",
            "ExtendedStatistic",
            "Dimensions",
            "Metrics",
            "Period",
            "EvaluationPeriods",
            "DatapointsToAlarm",
            "ComparisonOperator",
            "Threshold",
            "TreatMissingData"))
      if (alarm.containsKey(member)) trigger.put(member, alarm.get(member));
    tree.put("Trigger", trigger);
    return tree;
  }
}
