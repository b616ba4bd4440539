package slipway.local.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import slipway.json.Json;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.Shape;

/**
 * A request of the query protocol as a tree: {@code Dimensions.member.1.Name=QueueName}. A form
 * carries text only; the shape says what is meant.
 */
final class QueryForm {
  private static final Set<String> ENVELOPE = Set.of("Action", "Version");

  private QueryForm() {}

  /**
   * @throws AwsError ValidationError that names every member that is wrong
   */
  static Json read(Map<String, String> fields, Shape.Struct shape) {
    var form = new TreeMap<>(fields);
    var known = new TreeSet<>(shape.members().keySet());
    known.addAll(ENVELOPE);
    var problems = new ArrayList<String>();
    for (var key : form.keySet())
      if (!known.contains(key.split("\\.")[0]))
        problems.add(
            "'%s' is not a member: want one of %s".formatted(key, shape.members().keySet()));
    var json = Json.of(struct(form, "", shape));
    problems.addAll(Shape.problems(shape, json));
    if (!problems.isEmpty())
      throw new AwsError(
          400,
          "ValidationError",
          "%d validation error%s detected: %s"
              .formatted(
                  problems.size(), problems.size() == 1 ? "" : "s", String.join("; ", problems)));
    return json;
  }

  private static Map<String, Object> struct(
      NavigableMap<String, String> form, String prefix, Shape.Struct shape) {
    var tree = new LinkedHashMap<String, Object>();
    shape
        .members()
        .forEach(
            (name, member) -> {
              var key = prefix + name;
              if (there(form, key)) tree.put(name, value(form, key, member));
            });
    return tree;
  }

  private static Object value(NavigableMap<String, String> form, String key, Shape shape) {
    var text = form.get(key);
    return switch (shape) {
      case Shape.Struct struct -> struct(form, key + ".", struct);
      case Shape.Items items -> {
        var list = new ArrayList<Object>();
        for (var at = 1; there(form, key + ".member." + at); at++)
          list.add(value(form, key + ".member." + at, items.item()));
        yield list;
      }
      case Shape.Whole _ when text != null && text.matches("-?\\d{1,18}") -> Long.valueOf(text);
      case Shape.Real _ when text != null -> real(text);
      case Shape.Flag _ when text != null && text.matches("true|false") -> Boolean.valueOf(text);
      default -> text;
    };
  }

  private static Object real(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException _) {
      return text;
    }
  }

  private static boolean there(NavigableMap<String, String> form, String key) {
    if (form.containsKey(key)) return true;
    var inside = form.ceilingKey(key + ".");
    return inside != null && inside.startsWith(key + ".");
  }

  /** The answer to an operation, as XML. */
  static String xml(String operation, Map<String, Object> result, String requestId) {
    var xml = new StringBuilder();
    xml.append(
        "<%sResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\">"
            .formatted(operation));
    if (!result.isEmpty()) element(xml, operation + "Result", result);
    element(xml, "ResponseMetadata", Map.of("RequestId", requestId));
    return xml.append("</%sResponse>".formatted(operation)).toString();
  }

  private static void element(StringBuilder xml, String name, Object value) {
    xml.append('<').append(name).append('>');
    switch (value) {
      case Map<?, ?> map ->
          map.forEach((member, inside) -> element(xml, String.valueOf(member), inside));
      case List<?> list -> list.forEach(item -> element(xml, "member", item));
      default -> xml.append(slipway.local.cloud.Wire.escape(String.valueOf(value)));
    }
    xml.append("</").append(name).append('>');
  }
}
