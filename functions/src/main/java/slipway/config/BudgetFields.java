package slipway.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import slipway.config.Budgets.OnExhausted;
import slipway.json.Json;

/** Reads and writes what is done about error budgets. */
final class BudgetFields {
  private static final Set<String> KEYS =
      Set.of("onExhausted", "override", "slos", "slosPerService");
  private static final String WORDS =
      Arrays.stream(OnExhausted.values())
          .map(OnExhausted::word)
          .collect(Collectors.joining(" or "));

  private BudgetFields() {}

  static Budgets read(Json json, Fields fields) {
    fields.known(json, KEYS);
    if (!(json.value() instanceof Map)) return Budgets.DEFAULT;
    return new Budgets(
        onExhausted(json.at("onExhausted"), Budgets.DEFAULT.onExhausted(), fields),
        fields.readOr(
            json.at("override"),
            Budgets.DEFAULT.override(),
            Fields.text(
                Budgets.OVERRIDE,
                "3 to 50 printable characters of ASCII, without spaces around them, such as [ignore"
                    + " budget]")),
        quota(json.at("slos"), Budgets.DEFAULT.slos(), fields),
        quota(json.at("slosPerService"), Budgets.DEFAULT.slosPerService(), fields));
  }

  private static int quota(Json json, int otherwise, Fields fields) {
    return fields.readOr(json, otherwise, Fields.wholeNumber(1, Budgets.MOST_SLOS));
  }

  /**
   * @param otherwise if it is not said
   */
  static OnExhausted onExhausted(Json json, OnExhausted otherwise, Fields fields) {
    return fields.readOr(json, otherwise, BudgetFields::onExhausted);
  }

  private static OnExhausted onExhausted(Json field) {
    return Arrays.stream(OnExhausted.values())
        .filter(known -> known.word().equals(field.value()))
        .findFirst()
        .orElseThrow(() -> field.unexpected(WORDS));
  }

  static Map<String, Object> tree(Budgets budgets) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("onExhausted", budgets.onExhausted().word());
    tree.put("override", budgets.override());
    tree.put("slos", budgets.slos());
    tree.put("slosPerService", budgets.slosPerService());
    return tree;
  }
}
