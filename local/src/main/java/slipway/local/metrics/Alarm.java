package slipway.local.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import slipway.json.Json;
import slipway.local.cloud.Place;
import slipway.local.stack.Properties;

/**
 * A metric alarm as it is declared.
 *
 * @param queries one is returned; its values are compared
 * @param single whether it was declared with a metric of its own, not with queries
 * @param periods evaluation periods
 * @param datapoints of these periods that must be breaching
 */
record Alarm(
    String name,
    Optional<String> description,
    List<Query> queries,
    boolean single,
    int periods,
    int datapoints,
    double threshold,
    Comparison comparison,
    Missing missing,
    boolean actionsEnabled,
    Map<Alarms.State, List<String>> actions) {

  /** How much farther back it looks if data are missing. Source: CloudWatch's example of 3 of 5. */
  private static final int FURTHER = 2;

  /** What a period without a value counts as; names are the API's. */
  enum Missing {
    missing,
    ignore,
    breaching,
    notBreaching
  }

  Alarm {
    queries = List.copyOf(queries);
    actions = Map.copyOf(actions);
    if (datapoints < 1 || datapoints > periods)
      throw new IllegalArgumentException(
          "alarm '%s': DatapointsToAlarm %d: want 1 to %d".formatted(name, datapoints, periods));
  }

  /** From a template's properties. */
  static Alarm of(String name, Json properties) {
    for (var odd : List.of("ThresholdMetricId", "EvaluateLowSampleCountPercentile"))
      if (!properties.at(odd).missing())
        throw properties.at(odd).unexpected("none: local does not play it");
    var periods = Properties.integer(properties.at("EvaluationPeriods"), 1);
    var single = properties.at("Metrics").missing();
    return new Alarm(
        name,
        properties.at("AlarmDescription").optionalText(),
        single ? List.of(single(properties)) : Queries.watched(properties.at("Metrics")),
        single,
        periods,
        Properties.integer(properties.at("DatapointsToAlarm"), periods),
        number(properties.at("Threshold")),
        choice(Comparison.class, properties.at("ComparisonOperator"), Optional.empty()),
        choice(Missing.class, properties.at("TreatMissingData"), Optional.of(Missing.missing)),
        Properties.flag(properties.at("ActionsEnabled"), true),
        Map.of(
            Alarms.State.ALARM,
            texts(properties.at("AlarmActions")),
            Alarms.State.OK,
            texts(properties.at("OKActions")),
            Alarms.State.INSUFFICIENT_DATA,
            texts(properties.at("InsufficientDataActions"))));
  }

  private static Query single(Json properties) {
    var statistic =
        properties.at("ExtendedStatistic").missing()
            ? properties.at("Statistic")
            : properties.at("ExtendedStatistic");
    return new Query(
        "m1",
        new Query.Stat(
            List.of(Queries.metric(properties)),
            Queries.period(properties.at("Period")),
            Queries.statistic(statistic),
            properties.at("Unit").optionalText()),
        true,
        Optional.empty());
  }

  private static double number(Json json) {
    return json.value() instanceof String text ? Double.parseDouble(text) : json.number();
  }

  private static <E extends Enum<E>> E choice(Class<E> words, Json json, Optional<E> otherwise) {
    if (json.missing() && otherwise.isPresent()) return otherwise.get();
    return Arrays.stream(words.getEnumConstants())
        .filter(word -> word.name().equals(json.optionalText().orElse("")))
        .findFirst()
        .orElseThrow(() -> json.unexpected("one of " + Arrays.toString(words.getEnumConstants())));
  }

  private static List<String> texts(Json list) {
    return list.items().stream().map(Json::text).toList();
  }

  String arn() {
    return Place.arn("cloudwatch", "alarm:" + name);
  }

  int seconds() {
    return Queries.seconds(queries);
  }

  /** All that it looks at to decide, in AWS's time. */
  Duration span() {
    return Duration.ofSeconds((long) seconds() * periods);
  }

  /**
   * What it finds.
   *
   * @param state empty: stays as it is
   * @param values of the periods, newest last; gaps are no numbers
   */
  record Finding(Optional<Alarms.State> state, String reason, double[] values) {}

  /**
   * Decides on the periods that end with the minute before {@code minute}.
   *
   * <p>As CloudWatch does: gaps count as {@link Missing} says only if also a look a little farther
   * back does not find enough values.
   */
  Finding evaluate(MetricStore store, long minute) {
    var length = seconds() / 60;
    var slots = periods + FURTHER;
    var values =
        Evaluation.of(store, queries, new Grid(minute - (long) length * slots, length, slots));
    var found = new ArrayList<Double>();
    for (var at = slots - 1; at >= 0 && found.size() < periods; at--)
      if (!Double.isNaN(values[at])) found.addFirst(values[at]);
    var breaching = (int) found.stream().filter(v -> comparison.holds(v, threshold)).count();
    var gaps = periods - found.size();
    return new Finding(
        state(breaching, found.size(), gaps), reason(breaching, found, gaps), values);
  }

  private Optional<Alarms.State> state(int breaching, int found, int gaps) {
    if (gaps == 0) return Optional.of(judged(breaching));
    return switch (missing) {
      case breaching -> Optional.of(judged(breaching + gaps));
      case notBreaching -> Optional.of(judged(breaching));
      case ignore -> {
        if (breaching >= datapoints) yield Optional.of(Alarms.State.ALARM);
        yield found > breaching ? Optional.of(Alarms.State.OK) : Optional.empty();
      }
      case missing -> {
        if (found == 0) yield Optional.of(Alarms.State.INSUFFICIENT_DATA);
        yield Optional.of(
            breaching >= Math.min(datapoints, found) ? Alarms.State.ALARM : Alarms.State.OK);
      }
    };
  }

  private Alarms.State judged(int breaching) {
    return breaching >= datapoints ? Alarms.State.ALARM : Alarms.State.OK;
  }

  private String reason(int breaching, List<Double> found, int gaps) {
    if (found.isEmpty())
      return switch (missing) {
        case missing, ignore -> "Insufficient Data: %d datapoints were unknown.".formatted(gaps);
        case breaching, notBreaching ->
            "Threshold Crossed: no datapoints were received for %d periods and %d missing datapoints were treated as [%s]."
                .formatted(
                    periods, gaps, missing == Missing.breaching ? "Breaching" : "NonBreaching");
      };
    var crossed = breaching >= Math.min(datapoints, found.size());
    return "Threshold Crossed: %d out of the last %d datapoints [%s] %s %s the threshold (%s)."
        .formatted(
            crossed ? breaching : found.size() - breaching,
            periods,
            found.stream()
                .map(value -> String.format(Locale.ROOT, "%.4g", value))
                .collect(Collectors.joining(", ")),
            crossed ? "was" : "was not",
            comparison.words(),
            threshold);
  }

  /** What DescribeAlarms says of the declaration. */
  Map<String, Object> describe() {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("AlarmName", name);
    tree.put("AlarmArn", arn());
    description.ifPresent(text -> tree.put("AlarmDescription", text));
    tree.put("ActionsEnabled", actionsEnabled);
    tree.put("OKActions", actions.getOrDefault(Alarms.State.OK, List.of()));
    tree.put("AlarmActions", actions.getOrDefault(Alarms.State.ALARM, List.of()));
    tree.put(
        "InsufficientDataActions", actions.getOrDefault(Alarms.State.INSUFFICIENT_DATA, List.of()));
    if (single) tree.putAll(metric());
    else tree.put("Metrics", Queries.trees(queries));
    tree.put("EvaluationPeriods", periods);
    tree.put("DatapointsToAlarm", datapoints);
    tree.put("Threshold", threshold);
    tree.put("ComparisonOperator", comparison.name());
    tree.put("TreatMissingData", missing.name());
    return tree;
  }

  private Map<String, Object> metric() {
    var stat = (Query.Stat) queries.getFirst().source();
    var tree = new LinkedHashMap<>(Queries.tree(stat.metrics().getFirst()));
    var simple = stat.statistic().matches("[A-Z][A-Za-z]+");
    tree.put(simple ? "Statistic" : "ExtendedStatistic", stat.statistic());
    tree.put("Period", stat.seconds());
    stat.unit().ifPresent(unit -> tree.put("Unit", unit));
    return tree;
  }
}
