package slipway.local.stack;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.local.cloud.Place;

/** Resolves a template's intrinsic functions with what is made so far. */
final class Intrinsics {
  private static final Object NO_VALUE = new Object();
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(!?)([^}]+)}");
  private static final Pattern DYNAMIC = Pattern.compile("\\{\\{resolve:secretsmanager:(.+?)}}");
  private final Template template;
  private final Map<String, Provisioner.Made> made = new ConcurrentHashMap<>();
  private final UnaryOperator<String> secret;

  /**
   * @param secret value of a secret by name or ARN, for dynamic references
   */
  Intrinsics(Template template, UnaryOperator<String> secret) {
    this.template = template;
    this.secret = secret;
  }

  void made(String logicalId, Provisioner.Made resource) {
    made.put(logicalId, resource);
  }

  Map<String, Provisioner.Made> made() {
    return made;
  }

  /** The tree with every function replaced by its value; {@link StackFailure} says which cannot. */
  Json resolve(Json tree) {
    var value = resolved(tree.value());
    return Json.of(value == NO_VALUE ? null : value);
  }

  boolean condition(String name) {
    var condition = template.conditions().get(name);
    if (condition == null)
      throw new StackFailure("condition '" + name + "' is not in the template");
    return truth(condition.value());
  }

  private Object resolved(Object tree) {
    return switch (tree) {
      case Map<?, ?> map when map.size() == 1 && function(map) != null -> call(map);
      case Map<?, ?> map -> {
        var result = new LinkedHashMap<String, Object>();
        map.forEach(
            (key, value) -> {
              var r = resolved(value);
              if (r != NO_VALUE) result.put((String) key, r);
            });
        yield result;
      }
      case List<?> list ->
          new ArrayList<>(
              list.stream().map(this::resolved).filter(item -> item != NO_VALUE).toList());
      case String text when text.contains("{{resolve:") -> dynamic(text);
      case null -> NO_VALUE;
      default -> tree;
    };
  }

  private static String function(Map<?, ?> map) {
    var key = (String) map.keySet().iterator().next();
    return key.equals("Ref") || key.startsWith("Fn::") || key.equals("Condition") ? key : null;
  }

  private Object call(Map<?, ?> map) {
    var function = (String) map.keySet().iterator().next();
    var argument = map.get(function);
    return switch (function) {
      case "Ref" -> ref((String) argument);
      case "Fn::GetAtt" -> attribute(argument);
      case "Fn::Join" -> {
        var parts = (List<?>) argument;
        yield String.join((String) parts.get(0), texts(resolved(parts.get(1))));
      }
      case "Fn::Sub" -> substitute(argument);
      case "Fn::Select" -> {
        var parts = (List<?>) argument;
        var index = Integer.parseInt(String.valueOf(resolved(parts.get(0))));
        yield ((List<?>) resolved(parts.get(1))).get(index);
      }
      case "Fn::Split" -> {
        var parts = (List<?>) argument;
        yield List.of(
            String.valueOf(resolved(parts.get(1))).split(Pattern.quote((String) parts.get(0)), -1));
      }
      case "Fn::GetAZs" -> List.of(Place.REGION + "a", Place.REGION + "c", Place.REGION + "d");
      case "Fn::Base64" ->
          Base64.getEncoder()
              .encodeToString(
                  String.valueOf(resolved(argument))
                      .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      case "Fn::If" -> {
        var parts = (List<?>) argument;
        yield resolved(parts.get(condition((String) parts.get(0)) ? 1 : 2));
      }
      case "Fn::FindInMap" -> {
        var parts = texts(resolved(argument));
        var mapping = template.mappings().get(parts.get(0));
        if (mapping == null) throw new StackFailure("mapping " + parts + " is not in the template");
        yield mapping.at(parts.get(1)).at(parts.get(2)).value();
      }
      case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not" -> truth(map);
      // Not a function outside conditions: policies have a member of this name.
      case "Condition" ->
          argument instanceof String name && template.conditions().containsKey(name)
              ? truth(map)
              : Map.of("Condition", resolved(argument));
      default -> throw new StackFailure("local does not play the function " + function);
    };
  }

  private boolean truth(Object condition) {
    if (!(condition instanceof Map<?, ?> map))
      return Boolean.parseBoolean(String.valueOf(resolved(condition)));
    var function = (String) map.keySet().iterator().next();
    var argument = map.get(function);
    return switch (function) {
      case "Condition" -> condition((String) argument);
      case "Fn::Equals" -> {
        var parts = (List<?>) argument;
        yield Objects.equals(resolved(parts.get(0)), resolved(parts.get(1)));
      }
      case "Fn::And" -> ((List<?>) argument).stream().allMatch(this::truth);
      case "Fn::Or" -> ((List<?>) argument).stream().anyMatch(this::truth);
      case "Fn::Not" -> !truth(((List<?>) argument).getFirst());
      default -> throw new StackFailure("local does not play the condition " + function);
    };
  }

  private Object ref(String name) {
    return switch (name) {
      case "AWS::Region" -> Place.REGION;
      case "AWS::AccountId" -> Place.ACCOUNT;
      case "AWS::Partition" -> "aws";
      case "AWS::URLSuffix" -> "amazonaws.com";
      case "AWS::StackName" -> template.stack();
      case "AWS::StackId" -> stackId(template.stack());
      case "AWS::NotificationARNs" -> List.of();
      case "AWS::NoValue" -> NO_VALUE;
      default -> {
        var parameter = template.parameters().get(name);
        if (parameter != null) {
          var value = parameter.at("Default");
          if (value.missing()) throw new StackFailure("parameter '" + name + "' has no default");
          yield value.value();
        }
        yield find(name).ref();
      }
    };
  }

  static String stackId(String stack) {
    return Place.arn("cloudformation", "stack/" + stack + "/10ca1000-0000-4000-8000-000000000001");
  }

  private Provisioner.Made find(String logicalId) {
    var resource = made.get(logicalId);
    if (resource == null)
      throw new StackFailure(
          template.resources().containsKey(logicalId)
              ? logicalId + " is not made yet"
              : "'" + logicalId + "' is neither a resource nor a parameter of the template");
    return resource;
  }

  private Object attribute(Object argument) {
    var parts =
        argument instanceof String text ? List.of(text.split("\\.", 2)) : texts(resolved(argument));
    var value = find(parts.get(0)).attributes().get(parts.get(1));
    if (value == null)
      throw new StackFailure(
          "%s (%s) has no attribute %s; local knows %s"
              .formatted(
                  parts.get(0),
                  template.resources().get(parts.get(0)).at("Type").text(),
                  parts.get(1),
                  find(parts.get(0)).attributes().keySet()));
    return value;
  }

  private String substitute(Object argument) {
    var text = argument instanceof List<?> list ? (String) list.get(0) : (String) argument;
    Map<?, ?> variables = argument instanceof List<?> list ? (Map<?, ?>) list.get(1) : Map.of();
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> java.util.regex.Matcher.quoteReplacement(value(match, variables)));
  }

  private String value(MatchResult match, Map<?, ?> variables) {
    var name = match.group(2);
    if (!match.group(1).isEmpty()) return "${" + name + "}";
    if (variables.containsKey(name)) return String.valueOf(resolved(variables.get(name)));
    return String.valueOf(name.contains(".") ? attribute(name) : ref(name));
  }

  /** {@code {{resolve:secretsmanager:<id>:SecretString:<key>:<stage>:<version>}}}. */
  private String dynamic(String text) {
    return DYNAMIC
        .matcher(text)
        .replaceAll(
            match -> {
              var parts = match.group(1).split(":SecretString:?", 2);
              var value = secret.apply(parts[0].replaceAll(":+$", ""));
              var key = parts.length < 2 ? "" : parts[1].split(":", 2)[0];
              return java.util.regex.Matcher.quoteReplacement(
                  key.isEmpty() ? value : Json.parse(value).at(key).text());
            });
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }

  /** Logical ids that a tree refers to. */
  static Set<String> references(Object tree) {
    var names = new LinkedHashSet<String>();
    collect(tree, names);
    return names;
  }

  private static void collect(Object tree, Set<String> names) {
    switch (tree) {
      case Map<?, ?> map ->
          map.forEach(
              (key, value) -> {
                switch ((String) key) {
                  case "Ref" -> names.add(String.valueOf(value));
                  case "Fn::GetAtt" ->
                      names.add(
                          value instanceof List<?> list
                              ? String.valueOf(list.get(0))
                              : String.valueOf(value).split("\\.", 2)[0]);
                  case "Fn::Sub" -> {
                    var text = value instanceof List<?> list ? list.get(0) : value;
                    PLACEHOLDER
                        .matcher(String.valueOf(text))
                        .results()
                        .forEach(match -> names.add(match.group(2).split("\\.", 2)[0]));
                    collect(value, names);
                  }
                  default -> collect(value, names);
                }
              });
      case List<?> list -> list.forEach(item -> collect(item, names));
      case null, default -> {}
    }
  }
}
