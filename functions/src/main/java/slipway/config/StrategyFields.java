package slipway.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import slipway.json.Json;
import slipway.json.Malformed;

/** Reads and writes how a service is deployed: a word, or the word with its numbers. */
final class StrategyFields {
  private static final Duration BAKE = Duration.ofMinutes(10);

  /** By the words, in the order in which a message names them. */
  private static final Map<String, Set<String>> KEYS = keys();

  private StrategyFields() {}

  private static Map<String, Set<String>> keys() {
    var keys = new LinkedHashMap<String, Set<String>>();
    keys.put("rolling", Set.of());
    keys.put("blue-green", Set.of("bake"));
    keys.put("canary", Set.of("percent", "step", "bake"));
    keys.put("linear", Set.of("percent", "step", "bake"));
    return keys;
  }

  static Strategy read(Json json, Fields fields) {
    if (json.missing()) return new Strategy.Rolling();
    if (!(json.value() instanceof Map)) {
      var type = fields.read(json, "rolling", StrategyFields::type);
      return strategy(type, Json.of(Map.of()), fields);
    }
    fields.known(json, Set.of("type", "percent", "step", "bake"));
    int before = fields.problems().size();
    var type = fields.read(json.at("type"), "rolling", StrategyFields::type);
    if (fields.problems().size() > before) return new Strategy.Rolling();
    for (var key : List.of("percent", "step", "bake"))
      if (!json.at(key).missing() && !KEYS.get(type).contains(key))
        fields.complain(
            new Malformed(json.at(key).place(), "is not for %s: want it left out".formatted(type)));
    return strategy(type, json, fields);
  }

  private static Strategy strategy(String type, Json json, Fields fields) {
    return switch (type) {
      case "blue-green" -> new Strategy.BlueGreen(time(json, "bake", BAKE, fields));
      case "canary" -> canary(json, fields);
      case "linear" -> linear(json, fields);
      default -> new Strategy.Rolling();
    };
  }

  private static Strategy canary(Json json, Fields fields) {
    var percent = percent(json, 5, Strategy.Canary.LEAST, fields);
    var step = time(json, "step", Duration.ofMinutes(10), fields);
    var bake = time(json, "bake", BAKE, fields);
    return tooLong(json, Strategy.Canary.length(step, bake), fields)
        ? new Strategy.Rolling()
        : new Strategy.Canary(percent, step, bake);
  }

  private static Strategy linear(Json json, Fields fields) {
    var percent = percent(json, 10, Strategy.Linear.LEAST, fields);
    var step = time(json, "step", Duration.ofMinutes(6), fields);
    var bake = time(json, "bake", BAKE, fields);
    return tooLong(json, Strategy.Linear.length(percent, step, bake), fields)
        ? new Strategy.Rolling()
        : new Strategy.Linear(percent, step, bake);
  }

  private static boolean tooLong(Json json, Duration length, Fields fields) {
    if (length.compareTo(Strategy.LONGEST) <= 0) return false;
    fields.complain(
        new Malformed(
            json.at("step").place(),
            "makes a deployment of %d hours, with the bake: want %d at most, as CloudFormation waits no longer"
                .formatted(length.toHours(), Strategy.LONGEST.toHours())));
    return true;
  }

  private static String type(Json field) {
    if (!(field.value() instanceof String type) || !KEYS.containsKey(type))
      throw field.unexpected("one of " + String.join(", ", KEYS.keySet()));
    return type;
  }

  private static double percent(Json json, double fallback, double least, Fields fields) {
    Function<Json, Double> reader =
        field -> {
          if (!(field.value() instanceof Number number)
              || !Strategy.isPercent(number.doubleValue(), least))
            throw field.unexpected(
                "a percentage from %s to 100, in tenths"
                    .formatted(least == Math.rint(least) ? (long) least : (Object) least));
          return number.doubleValue();
        };
    return fields.readOr(json.at("percent"), fallback, reader);
  }

  private static Duration time(Json json, String key, Duration fallback, Fields fields) {
    var wanted = "0 minutes to 24 hours, such as 10 minutes";
    Function<Json, Duration> reader =
        field -> {
          if ("0 minutes".equals(field.value())) return Duration.ZERO;
          var time = SloTimes.span(field, wanted).length();
          if (time.compareTo(Duration.ofDays(1)) > 0) throw field.unexpected(wanted);
          return time;
        };
    return fields.readOr(json.at(key), fallback, reader);
  }

  /** As {@link #read} takes it. */
  static Object tree(Strategy strategy) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("type", strategy.word());
    switch (strategy) {
      case Strategy.Rolling _ -> {
        return strategy.word();
      }
      case Strategy.BlueGreen _ -> {}
      case Strategy.Canary(var percent, var step, _) -> {
        tree.put("percent", percent);
        tree.put("step", text(step));
      }
      case Strategy.Linear(var percent, var step, _) -> {
        tree.put("percent", percent);
        tree.put("step", text(step));
      }
    }
    if (strategy instanceof Strategy.Shifting shifting) tree.put("bake", text(shifting.bake()));
    return tree;
  }

  private static String text(Duration time) {
    return time.isZero() ? "0 minutes" : SloTimes.text(time);
  }
}
