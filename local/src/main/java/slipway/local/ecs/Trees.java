package slipway.local.ecs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import slipway.json.Json;

/** JSON trees: copies, and CloudFormation's spelling made the API's. */
final class Trees {
  /** Members whose own members are the user's words, not the model's. */
  private static final Set<String> FREE = Set.of("Options", "DockerLabels", "DriverOpts", "Labels");

  private Trees() {}

  /** A deep copy that may be changed. */
  static Map<String, Object> copy(Json object) {
    var copy = new LinkedHashMap<String, Object>();
    object.members().forEach((name, value) -> copy.put(name, copyOf(value.value())));
    return copy;
  }

  private static Object copyOf(Object value) {
    return switch (value) {
      case Map<?, ?> map -> copy(Json.of(map));
      case List<?> list -> {
        var copy = new ArrayList<Object>();
        for (var item : list) copy.add(copyOf(item));
        yield copy;
      }
      case null, default -> value;
    };
  }

  /** {@code ContainerDefinitions} becomes {@code containerDefinitions}, all the way down. */
  static Map<String, Object> fromTemplate(Json object) {
    var tree = new LinkedHashMap<String, Object>();
    object
        .members()
        .forEach(
            (name, value) ->
                tree.put(
                    lower(name),
                    FREE.contains(name) ? copyOf(value.value()) : fromTemplate(value.value())));
    return tree;
  }

  private static Object fromTemplate(Object value) {
    return switch (value) {
      case Map<?, ?> map -> fromTemplate(Json.of(map));
      case List<?> list -> {
        var copy = new ArrayList<Object>();
        for (var item : list) copy.add(fromTemplate(item));
        yield copy;
      }
      case null, default -> value;
    };
  }

  /** A member's name as the API spells it. */
  static String lower(String name) {
    if (name.startsWith("EFS")) return "efs" + name.substring(3);
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /** The member as a list that may be changed; one is put in if there is none. */
  static List<Map<String, Object>> objects(Map<String, Object> tree, String member) {
    var objects = new ArrayList<Map<String, Object>>();
    Json.of(tree).at(member).items().forEach(item -> objects.add(copy(item)));
    tree.put(member, objects);
    return objects;
  }
}
