package slipway.local.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import slipway.json.Json;
import slipway.local.cloud.Place;

/** Metric data queries as JSON, in the spelling of CloudWatch, its templates and its SLOs. */
public final class Queries {
  /** Source: model of Application Signals, MetricDataQuery; the same for alarms. */
  private static final int STATISTICS = 10;

  private static final int EXPRESSIONS = 10;

  private Queries() {}

  /**
   * Queries of which exactly one is returned, as an objective or an alarm watches it.
   *
   * @throws IllegalArgumentException that names the member that AWS would refuse
   * @throws UnsupportedOperationException that names what local does not play
   */
  public static List<Query> watched(Json list) {
    var queries = read(list);
    if (queries.isEmpty()) throw wrong(list, "is empty: want at least one query");
    if (queries.stream().filter(Query::returned).count() != 1)
      throw wrong(list, "must have ReturnData true for exactly one query");
    var expressions = queries.stream().filter(q -> q.source() instanceof Query.Math).count();
    if (expressions > EXPRESSIONS || queries.size() - expressions > STATISTICS)
      throw wrong(
          list,
          "has too many queries: want at most %d metrics and %d expressions"
              .formatted(STATISTICS, EXPRESSIONS));
    return queries;
  }

  /** Any queries. */
  static List<Query> read(Json list) {
    var queries = new ArrayList<Query>();
    var ids = new HashSet<String>();
    for (var json : list.items()) {
      var query = query(json);
      if (!ids.add(query.id())) throw wrong(json.at("Id"), "'" + query.id() + "' is there twice");
      queries.add(query);
    }
    for (var json : list.items())
      if (!json.at("Expression").missing())
        for (var id : Expression.parse(json.at("Expression").text()).ids())
          if (!ids.contains(id))
            throw wrong(json.at("Expression"), "uses '" + id + "', which no query has as its Id");
    return List.copyOf(queries);
  }

  private static Query query(Json json) {
    var id = json.at("Id").text();
    if (!id.matches("[a-z][A-Za-z0-9_]*"))
      throw wrong(
          json.at("Id"),
          "is '" + id + "': want a lower-case letter, then letters, digits and underscores");
    var stat = json.at("MetricStat");
    var expression = json.at("Expression");
    if (stat.missing() == expression.missing())
      throw wrong(json, "must have exactly one of MetricStat and Expression");
    var account = json.at("AccountId").optionalText();
    if (account.isPresent() && !account.get().equals(Place.ACCOUNT))
      throw new UnsupportedOperationException(
          json.at("AccountId").place() + ": other accounts are not played locally");
    var returned = json.at("ReturnData");
    return new Query(
        id,
        stat.missing()
            ? new Query.Math(
                Expression.parse(expression.text()),
                json.at("Period").missing()
                    ? OptionalInt.empty()
                    : OptionalInt.of(period(json.at("Period"))))
            : stat(stat),
        returned.missing() || flag(returned),
        json.at("Label").optionalText());
  }

  private static boolean flag(Json json) {
    return json.value() instanceof String text ? Boolean.parseBoolean(text) : json.flag();
  }

  private static Query.Stat stat(Json json) {
    return new Query.Stat(
        List.of(metric(json.at("Metric"))),
        period(json.at("Period")),
        statistic(json.at("Stat")),
        json.at("Unit").optionalText());
  }

  static Metric metric(Json json) {
    for (var member : List.of("Namespace", "MetricName"))
      if (json.at(member).missing()) throw wrong(json.at(member), "is missing");
    var dimensions = new TreeMap<String, String>();
    for (var dimension : json.at("Dimensions").items())
      dimensions.put(dimension.at("Name").text(), dimension.at("Value").text());
    return new Metric(json.at("Namespace").text(), json.at("MetricName").text(), dimensions);
  }

  /**
   * A statistic.
   *
   * @throws IllegalArgumentException if CloudWatch has none of that name
   * @throws UnsupportedOperationException if it has, but local does not
   */
  public static String statistic(Json json) {
    if (json.missing()) throw wrong(json, "is missing");
    var statistic = json.text();
    if (Samples.knows(statistic)) return statistic;
    if (Samples.isElsewhere(statistic))
      throw new UnsupportedOperationException(
          "%s: the statistic %s is not played locally".formatted(json.place(), statistic));
    throw wrong(json, "is '" + statistic + "': want a statistic such as p99 or Average");
  }

  /** Whole minutes: metrics of a higher resolution are not kept. */
  static int period(Json json) {
    if (json.missing()) throw wrong(json, "is missing");
    var seconds =
        json.value() instanceof String text
            ? Integer.parseInt(text)
            : json.integer(1, Integer.MAX_VALUE);
    if (List.of(1, 5, 10, 20, 30).contains(seconds))
      throw new UnsupportedOperationException(
          json.place() + " is " + seconds + ": periods below a minute are not played locally");
    if (seconds % 60 != 0) throw wrong(json, "is " + seconds + ": want a multiple of 60");
    return seconds;
  }

  /** The one query whose values are asked for. */
  public static Query returned(List<Query> queries) {
    return queries.stream().filter(Query::returned).findFirst().orElseThrow();
  }

  /** Length of the periods of what is returned. */
  public static int seconds(List<Query> queries) {
    return seconds(queries, returned(queries));
  }

  static int seconds(List<Query> queries, Query query) {
    return switch (query.source()) {
      case Query.Stat stat -> stat.seconds();
      case Query.Math math when math.seconds().isPresent() -> math.seconds().getAsInt();
      case Query.Math _ ->
          queries.stream()
              .map(Query::source)
              .filter(Query.Stat.class::isInstance)
              .mapToInt(source -> ((Query.Stat) source).seconds())
              .max()
              .orElse(60);
    };
  }

  /** The metrics that the queries look at. */
  public static List<Metric> metrics(List<Query> queries) {
    return queries.stream()
        .map(Query::source)
        .filter(Query.Stat.class::isInstance)
        .flatMap(source -> ((Query.Stat) source).metrics().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** As the APIs write them; several metrics that are looked at as one are written one by one. */
  public static List<Map<String, Object>> trees(List<Query> queries) {
    var trees = new ArrayList<Map<String, Object>>();
    for (var query : queries)
      switch (query.source()) {
        case Query.Stat stat -> {
          for (var at = 0; at < stat.metrics().size(); at++) {
            var tree = new LinkedHashMap<String, Object>();
            tree.put("Id", stat.metrics().size() == 1 ? query.id() : query.id() + (at + 1));
            query.label().ifPresent(label -> tree.put("Label", label));
            tree.put("MetricStat", tree(stat, stat.metrics().get(at)));
            tree.put("ReturnData", query.returned());
            trees.add(tree);
          }
        }
        case Query.Math math -> {
          var tree = new LinkedHashMap<String, Object>();
          tree.put("Id", query.id());
          query.label().ifPresent(label -> tree.put("Label", label));
          tree.put("Expression", math.expression().text());
          math.seconds().ifPresent(seconds -> tree.put("Period", seconds));
          tree.put("ReturnData", query.returned());
          trees.add(tree);
        }
      }
    return trees;
  }

  private static Map<String, Object> tree(Query.Stat stat, Metric metric) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("Metric", tree(metric));
    tree.put("Period", stat.seconds());
    tree.put("Stat", stat.statistic());
    stat.unit().ifPresent(unit -> tree.put("Unit", unit));
    return tree;
  }

  public static Map<String, Object> tree(Metric metric) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("Namespace", metric.namespace());
    tree.put("MetricName", metric.name());
    tree.put("Dimensions", dimensions(metric));
    return tree;
  }

  static List<Map<String, String>> dimensions(Metric metric) {
    return metric.dimensions().entrySet().stream()
        .map(entry -> Map.of("Name", entry.getKey(), "Value", entry.getValue()))
        .toList();
  }

  private static IllegalArgumentException wrong(Json json, String why) {
    return new IllegalArgumentException(
        (json.place().isEmpty() ? "the query" : json.place()) + " " + why);
  }
}
