package slipway.local.iam;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import slipway.json.Json;

/**
 * One statement of a policy.
 *
 * @param principals whom a resource's policy speaks of, as {@code kind:value}; empty in a role's
 *     policy
 */
record Statement(
    boolean allow,
    List<String> actions,
    List<String> notActions,
    List<String> resources,
    List<String> notResources,
    List<String> principals,
    List<Condition> conditions) {

  Statement {
    actions = List.copyOf(actions);
    notActions = List.copyOf(notActions);
    resources = List.copyOf(resources);
    notResources = List.copyOf(notResources);
    principals = List.copyOf(principals);
    conditions = List.copyOf(conditions);
  }

  /**
   * Who asks.
   *
   * @param kind {@code AWS}, {@code Service} or {@code Public}
   * @param value ARN, or such as {@code events.amazonaws.com}
   */
  record Principal(String kind, String value) {
    String text() {
      return kind + ":" + value;
    }
  }

  static Statement parse(Json json) {
    var effect = json.at("Effect").text();
    if (!json.at("NotPrincipal").missing())
      throw json.at("NotPrincipal").unexpected("no NotPrincipal: local does not play it");
    return new Statement(
        switch (effect) {
          case "Allow" -> true;
          case "Deny" -> false;
          default -> throw json.at("Effect").unexpected("Allow or Deny");
        },
        texts(json.at("Action")),
        texts(json.at("NotAction")),
        texts(json.at("Resource")),
        texts(json.at("NotResource")),
        principals(json.at("Principal")),
        Condition.parse(json.at("Condition")));
  }

  private static List<String> principals(Json json) {
    if (json.missing()) return List.of();
    if (json.value() instanceof String text) return List.of("*:" + text);
    var principals = new ArrayList<String>();
    json.members()
        .forEach((kind, values) -> texts(values).forEach(v -> principals.add(kind + ":" + v)));
    return List.copyOf(principals);
  }

  static List<String> texts(Json json) {
    return json.value() instanceof String text
        ? List.of(text)
        : json.items().stream().map(Json::text).toList();
  }

  /** Whether it speaks of this request, its conditions aside. */
  boolean speaksOf(Optional<Principal> principal, String action, String resource) {
    // Action names are not case-sensitive; resources are.
    var lower = action.toLowerCase(Locale.ROOT);
    var acts =
        actions.isEmpty()
            ? notActions.stream().noneMatch(a -> like(a.toLowerCase(Locale.ROOT), lower))
            : actions.stream().anyMatch(a -> like(a.toLowerCase(Locale.ROOT), lower));
    var on =
        resources.isEmpty()
            ? notResources.stream().noneMatch(r -> like(r, resource))
            : resources.stream().anyMatch(r -> like(r, resource));
    return acts && on && principal.map(this::names).orElse(true);
  }

  /** Whether it is a key's statement that has the account's own policies decide. */
  boolean leavesItToTheAccount() {
    return allow
        && principals.stream().allMatch(p -> p.startsWith("AWS:") && p.endsWith(":root"))
        && !principals.isEmpty();
  }

  /** The rest without an action, if there is one. */
  Optional<Statement> without(String action) {
    var rest = actions.stream().filter(other -> !other.equals(action)).toList();
    return rest.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Statement(
                allow, rest, notActions, resources, notResources, principals, conditions));
  }

  private boolean names(Principal principal) {
    return principals.stream()
        .anyMatch(
            p ->
                p.equals("*:*")
                    || p.equals("AWS:*")
                    || p.equals(principal.text())
                    || (principal.kind().equals("AWS")
                        && p.startsWith("AWS:arn:aws:iam::")
                        && p.endsWith(":root")));
  }

  /** {@code *} stands for any text, {@code ?} for one character. */
  static boolean like(String pattern, String text) {
    if (pattern.equals("*") || pattern.equals(text)) return true;
    if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) return false;
    var regex = new StringBuilder();
    for (var c : pattern.toCharArray())
      regex.append(
          switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(String.valueOf(c));
          });
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }

  /** For reading the context of a request by any case of the key. */
  static Optional<String> valueOf(Map<String, String> context, String key) {
    return context.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(key))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
