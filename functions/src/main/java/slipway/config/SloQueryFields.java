package slipway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.json.Malformed;

/** Reads and writes metrics of CloudWatch: one, or several by name with expressions over them. */
final class SloQueryFields {
  private static final Set<String> ALONE =
      Set.of("namespace", "name", "dimensions", "statistic", "unit", "expression", "account");
  private static final Set<String> NAMED =
      Set.of(
          "namespace",
          "name",
          "dimensions",
          "statistic",
          "unit",
          "expression",
          "account",
          "returned");
  private static final Pattern NAMESPACE = Pattern.compile("(?=.{1,255}$)[ -~]*[ -9;-~][ -~]*");
  private static final Pattern NAME = Pattern.compile("(?=.{1,255}$)[ -~]*[!-~][ -~]*");
  private static final Pattern VALUE = Pattern.compile("(?=.{1,1024}$)[ -~]*[!-~][ -~]*");
  private static final Pattern EXPRESSION = Pattern.compile("(?s)(?=.*\\S).{1,2048}");

  /** Source: Application Signals' service model, StandardUnit. */
  static final Pattern UNIT =
      Pattern.compile(
          "Microseconds|Milliseconds|Seconds|(Bytes|Kilobytes|Megabytes|Gigabytes|Terabytes|Bits|Kilobits|Megabits|Gigabits|Terabits|Count)(/Second)?|Percent|None");

  private static final int MOST_DIMENSIONS = 30;

  /** What an expression names: text in quotes and names of functions are none of it. */
  private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");

  private static final Pattern NAMES = Pattern.compile("(?<![A-Za-z0-9_.])[a-z][A-Za-z0-9_]*");

  private SloQueryFields() {}

  /** Empty if anything is wrong. */
  static List<SloQuery> read(Json json, Fields fields) {
    int before = fields.problems().size();
    var members = fields.attempt(Map.<String, Json>of(), json::members);
    if (!(json.value() instanceof Map)) return List.of();
    var queries = new ArrayList<SloQuery>();
    if (members.isEmpty())
      fields.complain(
          new Malformed(json.place(), "is empty: want a metric, or several queries by name"));
    else if (members.values().stream().allMatch(member -> member.value() instanceof Map))
      members.forEach((id, query) -> named(id, query, members, fields).ifPresent(queries::add));
    else {
      fields.known(json, ALONE);
      source(json, fields)
          .ifPresent(
              source -> queries.add(new SloQuery("m1", source, account(json, fields), true)));
    }
    var returned = queries.stream().filter(SloQuery::returned).count();
    if (fields.problems().size() == before && returned != 1)
      fields.complain(
          new Malformed(
              json.place(),
              (returned == 0 ? "returns nothing" : "returns " + returned + " values")
                  + ": want returned: true at exactly one query"));
    return fields.problems().size() > before ? List.of() : List.copyOf(queries);
  }

  private static Optional<SloQuery> named(
      String id, Json json, Map<String, Json> all, Fields fields) {
    int before = fields.problems().size();
    if (!SloQuery.ID.matcher(id).matches())
      fields.complain(
          new Malformed(
              json.place(),
              "is no name for a query: want a lower-case letter, then letters, digits and _"));
    fields.known(json, NAMED);
    var source = source(json, fields);
    source
        .filter(SloQuery.Source.Expression.class::isInstance)
        .map(expression -> ((SloQuery.Source.Expression) expression).text())
        .ifPresent(text -> refuseUnknown(text, json, all, fields));
    var account = account(json, fields);
    var returned = fields.readOr(json.at("returned"), all.size() == 1, Json::flag);
    return source.isEmpty() || fields.problems().size() > before
        ? Optional.empty()
        : fields.make(json, () -> new SloQuery(id, source.get(), account, returned));
  }

  /** Names in a query of Metrics Insights are those of metrics and labels. */
  private static void refuseUnknown(String text, Json json, Map<String, Json> all, Fields fields) {
    if (text.stripLeading().regionMatches(true, 0, "SELECT", 0, 6)) return;
    NAMES
        .matcher(QUOTED.matcher(text).replaceAll("''"))
        .results()
        .map(name -> name.group())
        .filter(name -> !all.containsKey(name))
        .findFirst()
        .ifPresent(
            name ->
                fields.complain(
                    new Malformed(
                        json.at("expression").place(),
                        "names %s, which is no query here: want one of %s"
                            .formatted(name, String.join(", ", all.keySet())))));
  }

  private static Optional<String> account(Json json, Fields fields) {
    return fields.find(
        json.at("account"), Fields.text(SloQuery.ACCOUNT, "an account's 12 digits, in quotes"));
  }

  private static Optional<SloQuery.Source> source(Json json, Fields fields) {
    int before = fields.problems().size();
    if (!json.at("expression").missing()) {
      for (var key : List.of("namespace", "name", "dimensions", "statistic", "unit"))
        SloFields.refuse(json, key, "the query is an expression", fields);
      return fields.find(
          json.at("expression"),
          field ->
              new SloQuery.Source.Expression(
                  Fields.text(EXPRESSION, "metric math of 1 to 2048 characters").apply(field)));
    }
    var namespace =
        fields.read(
            json.at("namespace"), "?", Fields.text(NAMESPACE, "a namespace such as AWS/ECS"));
    var name = fields.read(json.at("name"), "?", Fields.text(NAME, "the name of a metric there"));
    var statistic =
        fields.read(
            json.at("statistic"),
            "?",
            Fields.text(
                SloQuery.Source.Metric.STATISTIC, "a statistic of CloudWatch such as Sum or p99"));
    var unit =
        fields.find(json.at("unit"), Fields.text(UNIT, "a unit of CloudWatch such as Percent"));
    var dimensions = dimensions(json.at("dimensions"), fields);
    return fields.problems().size() > before
        ? Optional.empty()
        : Optional.of(new SloQuery.Source.Metric(namespace, name, dimensions, statistic, unit));
  }

  private static TreeMap<String, String> dimensions(Json json, Fields fields) {
    var dimensions = new TreeMap<String, String>();
    var members = fields.attempt(Map.<String, Json>of(), json::members);
    members.forEach(
        (name, value) -> {
          if (!NAME.matcher(name).matches())
            fields.complain(
                new Malformed(
                    value.place(), "is no name of a dimension: want 1 to 255 plain characters"));
          else
            fields
                .attempt(
                    Optional.<String>empty(),
                    () ->
                        Optional.of(
                            Fields.text(VALUE, "text of 1 to 1024 characters; put it in quotes")
                                .apply(value)))
                .ifPresent(text -> dimensions.put(name, text));
        });
    if (members.size() > MOST_DIMENSIONS)
      fields.complain(
          new Malformed(
              json.place(),
              "has %d dimensions: want %d at most".formatted(members.size(), MOST_DIMENSIONS)));
    return dimensions;
  }

  /** One as itself, several by their names. */
  static Map<String, Object> tree(List<SloQuery> queries) {
    var only = queries.getFirst();
    if (queries.size() == 1 && only.id().equals("m1")) return tree(only);
    var tree = new LinkedHashMap<String, Object>();
    for (var query : queries) {
      var named = tree(query);
      if (query.returned()) named.put("returned", true);
      tree.put(query.id(), named);
    }
    return tree;
  }

  private static Map<String, Object> tree(SloQuery query) {
    var tree = new LinkedHashMap<String, Object>();
    switch (query.source()) {
      case SloQuery.Source.Expression(var text) -> tree.put("expression", text);
      case SloQuery.Source.Metric(
              var namespace,
              var name,
              var dimensions,
              var statistic,
              var unit) -> {
        tree.put("namespace", namespace);
        tree.put("name", name);
        if (!dimensions.isEmpty()) tree.put("dimensions", dimensions);
        tree.put("statistic", statistic);
        unit.ifPresent(given -> tree.put("unit", given));
      }
    }
    query.account().ifPresent(account -> tree.put("account", account));
    return tree;
  }
}
