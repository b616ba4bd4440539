package slipway.local.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import slipway.json.Json;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.FrontDoor;
import slipway.local.cloud.Place;
import slipway.local.cloud.Shape;
import slipway.local.cloud.Wire;

/** CloudWatch's API, as far as it is played: query protocol, which SDK 2.40 for Java speaks. */
public final class CloudWatch implements AwsService {
  private static final int ALARMS = 100;
  private static final int METRICS = 500;

  /** Source: PutMetricData: how old and how far ahead a timestamp may be. */
  private static final Duration OLD = Duration.ofDays(14);

  private static final Duration AHEAD = Duration.ofHours(2);
  private static final Duration RECENTLY = Duration.ofHours(3);

  private final MetricStore store;
  private final Alarms alarms;
  private final Clock clock;

  public CloudWatch(MetricStore store, Alarms alarms, Clock clock) {
    this.store = store;
    this.alarms = alarms;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "monitoring";
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    var action = "cloudwatch:" + call.operation();
    return switch (call.operation()) {
      case "DescribeAlarms" -> {
        var names = read(call, Model.DESCRIBE_ALARMS).at("AlarmNames").items();
        yield names.isEmpty()
            ? List.of(new Permission(action, alarm("*")))
            : names.stream().map(name -> new Permission(action, alarm(name.text()))).toList();
      }
      case "SetAlarmState" ->
          List.of(
              new Permission(
                  action, alarm(read(call, Model.SET_ALARM_STATE).at("AlarmName").text())));
      case "PutMetricData" ->
          List.of(
              new Permission(
                  action,
                  "*",
                  Map.of(
                      "cloudwatch:namespace",
                      read(call, Model.PUT_METRIC_DATA).at("Namespace").text())));
      default -> List.of(new Permission(action, "*"));
    };
  }

  private static String alarm(String name) {
    return Place.arn("cloudwatch", "alarm:" + name);
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    return AwsAnswer.xml(
        QueryForm.xml(
            call.operation(),
            switch (call.operation()) {
              case "DescribeAlarms" -> describeAlarms(read(call, Model.DESCRIBE_ALARMS));
              case "SetAlarmState" -> setAlarmState(read(call, Model.SET_ALARM_STATE));
              case "ListMetrics" -> listMetrics(read(call, Model.LIST_METRICS));
              case "GetMetricData" -> getMetricData(read(call, Model.GET_METRIC_DATA));
              case "PutMetricData" -> putMetricData(read(call, Model.PUT_METRIC_DATA));
              default -> throw FrontDoor.notPlayed(call);
            },
            UUID.randomUUID().toString()));
  }

  private static Json read(AwsCall call, Shape.Struct shape) {
    return QueryForm.read(Wire.form(call.headers(), call.body()), shape);
  }

  private Map<String, Object> describeAlarms(Json request) {
    alarms.look();
    var names = request.at("AlarmNames").items().stream().map(Json::text).toList();
    var prefix = request.at("AlarmNamePrefix").optionalText();
    var state = request.at("StateValue").optionalText();
    var actions = request.at("ActionPrefix").optionalText();
    var types = request.at("AlarmTypes").items().stream().map(Json::text).toList();
    if (!names.isEmpty() && prefix.isPresent())
      throw new AwsError(
          400, "ValidationError", "AlarmNames and AlarmNamePrefix cannot be given together");
    var found =
        alarms.describe().stream()
            .filter(_ -> types.isEmpty() || types.contains("MetricAlarm"))
            .filter(alarm -> names.isEmpty() || names.contains(alarm.get("AlarmName")))
            .filter(
                alarm -> prefix.stream().allMatch(alarm.get("AlarmName").toString()::startsWith))
            .filter(alarm -> state.stream().allMatch(alarm.get("StateValue")::equals))
            .filter(alarm -> actions.stream().allMatch(each -> acts(alarm, each)))
            .toList();
    var size =
        request.at("MaxRecords").missing() ? ALARMS : request.at("MaxRecords").integer(1, ALARMS);
    return page(request, "MetricAlarms", found, size, Function.identity());
  }

  private static boolean acts(Map<String, Object> alarm, String prefix) {
    return List.of("AlarmActions", "OKActions", "InsufficientDataActions").stream()
        .flatMap(member -> ((List<?>) alarm.get(member)).stream())
        .anyMatch(action -> action.toString().startsWith(prefix));
  }

  private Map<String, Object> setAlarmState(Json request) {
    var data = request.at("StateReasonData").optionalText();
    if (data.isPresent())
      try {
        Json.parse(data.get());
      } catch (slipway.json.Malformed e) {
        throw new AwsError(400, "InvalidFormat", "StateReasonData " + e.getMessage());
      }
    var name = request.at("AlarmName").text();
    var found =
        alarms.set(
            name,
            Alarms.State.valueOf(request.at("StateValue").text()),
            request.at("StateReason").text(),
            data.orElse(""));
    if (!found) throw new AwsError(404, "ResourceNotFound", "Unknown alarm: " + name);
    return Map.of();
  }

  private Map<String, Object> listMetrics(Json request) {
    var namespace = request.at("Namespace").optionalText();
    var name = request.at("MetricName").optionalText();
    var dimensions = request.at("Dimensions").items();
    var recently = !request.at("RecentlyActive").missing();
    var now = clock.instant();
    var found =
        store.metrics().stream()
            .filter(metric -> namespace.stream().allMatch(metric.namespace()::equals))
            .filter(metric -> name.stream().allMatch(metric.name()::equals))
            .filter(metric -> dimensions.stream().allMatch(wanted -> has(metric, wanted)))
            .filter(
                metric ->
                    !recently
                        || store.active(metric, now.minus(store.minutes().paced(RECENTLY)), now))
            .toList();
    return page(request, "Metrics", found, METRICS, Queries::tree);
  }

  private static boolean has(Metric metric, Json wanted) {
    var value = metric.dimensions().get(wanted.at("Name").text());
    return value != null && wanted.at("Value").optionalText().stream().allMatch(value::equals);
  }

  private Map<String, Object> getMetricData(Json request) {
    var from = Instant.parse(request.at("StartTime").text());
    var to = Instant.parse(request.at("EndTime").text());
    if (!from.isBefore(to))
      throw new AwsError(
          400, "ValidationError", "The parameter EndTime must be greater than StartTime");
    return refusing(
        () -> {
          var queries = Queries.read(request.at("MetricDataQueries"));
          var ascending =
              request.at("ScanBy").optionalText().filter("TimestampAscending"::equals).isPresent();
          var results = new ArrayList<Map<String, Object>>();
          for (var query : queries)
            if (query.returned()) results.add(result(queries, query, from, to, ascending));
          return Map.of("MetricDataResults", results);
        });
  }

  private Map<String, Object> result(
      List<Query> queries, Query query, Instant from, Instant to, boolean ascending) {
    var minutes = store.minutes();
    var grid =
        Grid.between(minutes.index(from), minutes.index(to), Queries.seconds(queries, query) / 60);
    var values = Evaluation.of(store, queries, query.id(), grid);
    var times = new ArrayList<Instant>();
    var points = new ArrayList<Double>();
    for (var at = 0; at < values.length; at++) {
      if (Double.isNaN(values[at])) continue;
      times.add(minutes.start(grid.start(at)));
      points.add(values[at]);
    }
    var tree = new LinkedHashMap<String, Object>();
    tree.put("Id", query.id());
    tree.put("Label", query.label().orElse(query.id()));
    tree.put("Timestamps", ascending ? times : times.reversed());
    tree.put("Values", ascending ? points : points.reversed());
    tree.put("StatusCode", "Complete");
    return tree;
  }

  private Map<String, Object> putMetricData(Json request) {
    var namespace = request.at("Namespace").text();
    if (namespace.startsWith("AWS/"))
      throw new AwsError(
          400,
          "InvalidParameterValue",
          "The value AWS/ for parameter Namespace is invalid: namespaces of AWS's own begin so");
    var checked = new ArrayList<Runnable>();
    for (var datum : request.at("MetricData").items()) checked.add(put(namespace, datum));
    // All or nothing, as at AWS.
    checked.forEach(Runnable::run);
    return Map.of();
  }

  private Runnable put(String namespace, Json datum) {
    var named = new LinkedHashMap<String, Object>();
    named.put("Namespace", namespace);
    named.put("MetricName", datum.at("MetricName").text());
    named.put("Dimensions", datum.at("Dimensions").value());
    var metric = Queries.metric(Json.of(named));
    var now = clock.instant();
    var at = datum.at("Timestamp").optionalText().map(Instant::parse).orElse(now);
    if (at.isBefore(now.minus(OLD)) || at.isAfter(now.plus(AHEAD)))
      throw invalid(datum.at("Timestamp"), "must be of the last two weeks or the next two hours");
    var samples = samples(datum);
    return () -> store.addAll(metric, at, samples);
  }

  private static Samples samples(Json datum) {
    var given =
        List.of("Value", "StatisticValues", "Values").stream()
            .filter(member -> !datum.at(member).missing())
            .toList();
    if (given.size() != 1)
      throw new AwsError(
          400,
          given.isEmpty() ? "MissingParameter" : "InvalidParameterCombination",
          datum.place() + " must have exactly one of Value, Values and StatisticValues");
    var samples = new Samples();
    switch (given.getFirst()) {
      case "Value" -> samples.add(number(datum.at("Value")));
      case "StatisticValues" -> {
        var set = datum.at("StatisticValues");
        samples.add(
            number(set.at("SampleCount")),
            number(set.at("Sum")),
            number(set.at("Minimum")),
            number(set.at("Maximum")));
      }
      default -> {
        var values = datum.at("Values").items();
        var counts = datum.at("Counts").items();
        if (!counts.isEmpty() && counts.size() != values.size())
          throw invalid(datum.at("Counts"), "must have as many entries as Values");
        for (var at = 0; at < values.size(); at++)
          samples.add(number(values.get(at)), counts.isEmpty() ? 1 : number(counts.get(at)));
      }
    }
    return samples;
  }

  /** Source: PutMetricData: no NaN, no infinity, nothing beyond 2^360. */
  private static double number(Json json) {
    var number = json.number();
    if (!(Math.abs(number) <= Math.pow(2, 360)))
      throw invalid(json, "is " + number + ": want a number from -2^360 to 2^360");
    return number;
  }

  private static AwsError invalid(Json json, String why) {
    return new AwsError(400, "InvalidParameterValue", json.place() + " " + why);
  }

  private static <T> T refusing(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (UnsupportedOperationException e) {
      throw new AwsError(501, "NotPlayed", e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new AwsError(400, "ValidationError", e.getMessage());
    }
  }

  private static <T> Map<String, Object> page(
      Json request, String member, List<T> all, int size, Function<T, Map<String, Object>> tree) {
    var start =
        request
            .at("NextToken")
            .optionalText()
            .map(
                token -> {
                  if (!token.matches("from-\\d{1,6}"))
                    throw new AwsError(400, "InvalidNextToken", "NextToken '" + token + "'");
                  return Integer.parseInt(token.substring("from-".length()));
                })
            .orElse(0);
    var end = Math.min(all.size(), start + size);
    var page = new LinkedHashMap<String, Object>();
    page.put(
        member, start >= end ? List.of() : all.subList(start, end).stream().map(tree).toList());
    if (end < all.size()) page.put("NextToken", "from-" + end);
    return page;
  }
}
