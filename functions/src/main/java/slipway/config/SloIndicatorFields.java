package slipway.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import slipway.json.Json;
import slipway.json.Malformed;

/** Reads and writes what an SLO measures, and what makes a period or a request a good one. */
final class SloIndicatorFields {
  private static final Set<String> COUNTS = Set.of("total", "good", "bad");
  private static final Pattern PER = Pattern.compile("period|request");
  private static final String BOUND = "a comparison and a number, such as >= 90";

  private SloIndicatorFields() {}

  static Optional<Slo.Indicator> read(Json slo, Fields fields) {
    var kinds =
        Stream.of("availability", "latency", "metric", "requests")
            .filter(kind -> !slo.at(kind).missing())
            .toList();
    if (kinds.size() != 1) {
      fields.complain(
          new Malformed(
              slo.place(),
              (kinds.isEmpty() ? "has no indicator" : "has two indicators")
                  + ": want one of availability (its goal in percent), latency, metric and"
                  + " requests"));
      return Optional.empty();
    }
    var kind = kinds.getFirst();
    var counted = kind.equals("requests");
    var per =
        fields.readOr(
            slo.at("per"), counted ? "request" : "period", Fields.text(PER, "period or request"));
    if (counted && per.equals("period") || kind.equals("metric") && per.equals("request")) {
      fields.complain(
          slo.at("per")
              .unexpected(
                  counted
                      ? "request: what is counted are requests"
                      : "period, or requests with the metrics that count them"));
      return Optional.empty();
    }
    var field = slo.at(kind);
    var requests = per.equals("request");
    return switch (kind) {
      case "availability" -> availability(slo, requests, fields);
      case "latency" -> {
        SloFields.refuse(slo, "threshold", "the limit is said in latency", fields);
        yield requests
            ? fields.find(field, json -> new Slo.Indicator.RequestLatency(SloTimes.limit(json)))
            : fields.find(field, SloIndicatorFields::latency);
      }
      case "metric" -> metric(slo, fields);
      default -> {
        SloFields.refuse(slo, "threshold", "a request is good or bad by its metric", fields);
        yield counts(field, fields);
      }
    };
  }

  private static Optional<Slo.Indicator> availability(Json slo, boolean requests, Fields fields) {
    if (requests) {
      SloFields.refuse(slo, "threshold", "a request without a fault is good", fields);
      return Optional.of(new Slo.Indicator.RequestAvailability());
    }
    var bound = fields.find(slo.at("threshold"), SloIndicatorFields::bound);
    try {
      return Optional.of(new Slo.Indicator.Availability(bound));
    } catch (IllegalArgumentException _) {
      fields.complain(slo.at("threshold").unexpected(">= or > and a percentage, such as >= 99"));
      return Optional.empty();
    }
  }

  private static Slo.Indicator latency(Json json) {
    if (!(json.value() instanceof Map<?, ?> map) || map.size() != 1)
      throw json.unexpected(
          "one statistic with its limit, such as p99: 300ms, or with per: request the limit");
    var limit = json.members().values().iterator().next();
    var threshold = SloTimes.limit(limit);
    try {
      return new Slo.Indicator.Latency((String) map.keySet().iterator().next(), threshold);
    } catch (IllegalArgumentException e) {
      throw new Malformed(limit.place(), "cannot be: " + e.getMessage());
    }
  }

  private static Optional<Slo.Indicator> metric(Json slo, Fields fields) {
    var queries = SloQueryFields.read(slo.at("metric"), fields);
    var threshold = slo.at("threshold");
    var bound = fields.attempt(Optional.<SloBound>empty(), () -> Optional.of(bound(threshold)));
    return queries.isEmpty() || bound.isEmpty()
        ? Optional.empty()
        : Optional.of(new Slo.Indicator.Metric(queries, bound.get()));
  }

  private static SloBound bound(Json field) {
    if (!(field.value() instanceof String text)) throw field.unexpected(BOUND);
    return SloBound.of(text).orElseThrow(() -> field.unexpected(BOUND));
  }

  private static Optional<Slo.Indicator> counts(Json json, Fields fields) {
    int before = fields.problems().size();
    fields.known(json, COUNTS);
    if (!(json.value() instanceof Map)) return Optional.empty();
    if (json.at("total").missing())
      fields.complain(json.at("total").unexpected("the metric that counts all requests"));
    var good = json.at("good");
    var bad = json.at("bad");
    if (good.missing() == bad.missing())
      fields.complain(
          new Malformed(
              json.place(),
              (good.missing() ? "counts neither good nor bad requests" : "counts both")
                  + ": want either good or bad"));
    if (fields.problems().size() > before) return Optional.empty();
    var total = SloQueryFields.read(json.at("total"), fields);
    var counted = SloQueryFields.read(good.missing() ? bad : good, fields);
    return fields.problems().size() > before
        ? Optional.empty()
        : Optional.of(new Slo.Indicator.Counts(total, bad.missing(), counted));
  }

  static void write(Slo slo, Map<String, Object> tree) {
    switch (slo.indicator()) {
      case Slo.Indicator.Availability(var bound) -> {
        tree.put("availability", slo.goal());
        bound.ifPresent(given -> tree.put("threshold", given.toString()));
      }
      case Slo.Indicator.Latency(var statistic, var threshold) -> {
        tree.put("latency", Map.of(statistic, SloTimes.limitText(threshold)));
        tree.put("goal", slo.goal());
      }
      case Slo.Indicator.RequestAvailability() -> {
        tree.put("availability", slo.goal());
        tree.put("per", "request");
      }
      case Slo.Indicator.RequestLatency(Duration threshold) -> {
        tree.put("latency", SloTimes.limitText(threshold));
        tree.put("per", "request");
        tree.put("goal", slo.goal());
      }
      case Slo.Indicator.Metric(var queries, var bound) -> {
        tree.put("metric", SloQueryFields.tree(queries));
        tree.put("threshold", bound.toString());
        tree.put("goal", slo.goal());
      }
      case Slo.Indicator.Counts(var total, var good, var counted) -> {
        var requests = new LinkedHashMap<String, Object>();
        requests.put("total", SloQueryFields.tree(total));
        requests.put(good ? "good" : "bad", SloQueryFields.tree(counted));
        tree.put("requests", requests);
        tree.put("goal", slo.goal());
      }
    }
  }
}
