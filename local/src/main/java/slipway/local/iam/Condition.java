package slipway.local.iam;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import slipway.json.Json;

/** One test of a statement: an operator on a key of the request. */
record Condition(String operator, String key, List<String> values) {

  /** Whether a statement's conditions are met. */
  sealed interface Outcome {
    record Holds() implements Outcome {}

    record Fails(String why) implements Outcome {}

    /** The operator is none that local plays. */
    record Unknown(String why) implements Outcome {}
  }

  static List<Condition> parse(Json json) {
    var conditions = new ArrayList<Condition>();
    json.members()
        .forEach(
            (operator, keys) ->
                keys.members()
                    .forEach(
                        (key, values) ->
                            conditions.add(new Condition(operator, key, texts(values)))));
    return List.copyOf(conditions);
  }

  private static List<String> texts(Json json) {
    return switch (json.value()) {
      case List<?> list -> list.stream().map(String::valueOf).toList();
      case null -> List.of();
      default -> List.of(String.valueOf(json.value()));
    };
  }

  static Outcome all(List<Condition> conditions, Map<String, String> context) {
    for (var condition : conditions) {
      var outcome = condition.test(context);
      if (!(outcome instanceof Outcome.Holds)) return outcome;
    }
    return new Outcome.Holds();
  }

  private Outcome test(Map<String, String> context) {
    var ifExists = operator.endsWith("IfExists");
    var name = ifExists ? operator.substring(0, operator.length() - 8) : operator;
    var anyValue = name.startsWith("ForAnyValue:");
    var allValues = name.startsWith("ForAllValues:");
    if (anyValue || allValues) name = name.substring(name.indexOf(':') + 1);
    var actual = Statement.valueOf(context, key);
    if (name.equals("Null"))
      return outcome(actual.isEmpty() == Boolean.parseBoolean(values.getFirst()), actual);
    BiPredicate<String, String> matches =
        switch (name) {
          case "StringEquals", "StringNotEquals" -> String::equals;
          case "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase" -> String::equalsIgnoreCase;
          // ARN operators take wildcards too, in each part; parts have no colon of their own here.
          case "StringLike",
              "StringNotLike",
              "ArnEquals",
              "ArnLike",
              "ArnNotEquals",
              "ArnNotLike" ->
              Statement::like;
          case "Bool" -> String::equalsIgnoreCase;
          case "NumericEquals" -> (want, have) -> number(want) == number(have);
          case "NumericLessThanEquals" -> (want, have) -> number(have) <= number(want);
          case "NumericGreaterThanEquals" -> (want, have) -> number(have) >= number(want);
          default -> null;
        };
    if (matches == null)
      return new Outcome.Unknown("condition operator " + operator + " is none that local plays");
    var negated = name.contains("Not");
    if (actual.isEmpty()) {
      // AWS: a missing key fails a positive operator, and meets a negated one.
      return outcome(ifExists || negated || allValues, actual);
    }
    var met = values.stream().anyMatch(value -> matches.test(value, actual.get()));
    return outcome(met != negated, actual);
  }

  private Outcome outcome(boolean met, Optional<String> actual) {
    return met
        ? new Outcome.Holds()
        : new Outcome.Fails(
            "%s %s is %s, but it is %s"
                .formatted(operator, key, values, actual.orElse("not in this request")));
  }

  private static double number(String text) {
    return Double.parseDouble(text);
  }
}
