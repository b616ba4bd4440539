package slipway.local.cloud;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import slipway.json.Json;

/**
 * What a member of a request may be, as the service's model says it; problems are worded as AWS
 * words them.
 */
public sealed interface Shape {

  /** Adds what is wrong with the value, each problem with the member's place. */
  void check(Json value, List<String> problems);

  /**
   * @param pattern that the whole text matches
   */
  record Text(int min, int max, Pattern pattern) implements Shape {
    public Text(int min, int max) {
      this(min, max, Pattern.compile(".*", Pattern.DOTALL));
    }

    public Text(int min, int max, String pattern) {
      this(min, max, Pattern.compile(pattern));
    }

    @Override
    public void check(Json value, List<String> problems) {
      if (!(value.value() instanceof String text)) {
        problems.add(failed(value, "Member must be a string"));
        return;
      }
      if (text.length() < min)
        problems.add(failed(value, "Member must have length greater than or equal to " + min));
      if (text.length() > max)
        problems.add(failed(value, "Member must have length less than or equal to " + max));
      if (!pattern.matcher(text).matches())
        problems.add(failed(value, "Member must satisfy regular expression pattern: " + pattern));
    }
  }

  /** One of the words. */
  record OneOf(Set<String> words) implements Shape {
    public OneOf(String... words) {
      this(new java.util.TreeSet<>(List.of(words)));
    }

    @Override
    public void check(Json value, List<String> problems) {
      if (!(value.value() instanceof String text) || !words.contains(text))
        problems.add(failed(value, "Member must satisfy enum value set: " + words));
    }
  }

  record Whole(long min, long max) implements Shape {
    @Override
    public void check(Json value, List<String> problems) {
      if (!(value.value() instanceof Number number)
          || number.doubleValue() != Math.rint(number.doubleValue())) {
        problems.add(failed(value, "Member must be a whole number"));
        return;
      }
      if (number.doubleValue() < min)
        problems.add(failed(value, "Member must have value greater than or equal to " + min));
      if (number.doubleValue() > max)
        problems.add(failed(value, "Member must have value less than or equal to " + max));
    }
  }

  record Real() implements Shape {
    @Override
    public void check(Json value, List<String> problems) {
      if (!(value.value() instanceof Number))
        problems.add(failed(value, "Member must be a number"));
    }
  }

  record Flag() implements Shape {
    @Override
    public void check(Json value, List<String> problems) {
      if (!(value.value() instanceof Boolean))
        problems.add(failed(value, "Member must be true or false"));
    }
  }

  /** Epoch seconds in a body, ISO 8601 in a query. */
  record Time() implements Shape {
    @Override
    public void check(Json value, List<String> problems) {
      if (value.value() instanceof Number) return;
      try {
        Instant.parse(String.valueOf(value.value()));
      } catch (DateTimeParseException e) {
        problems.add(failed(value, "Member must be a timestamp"));
      }
    }
  }

  record Items(Shape item, int min, int max) implements Shape {
    @Override
    public void check(Json value, List<String> problems) {
      if (!(value.value() instanceof List<?> list)) {
        problems.add(failed(value, "Member must be a list"));
        return;
      }
      size(value, list.size(), min, max, problems);
      value.items().forEach(json -> member(json, item, problems));
    }
  }

  /** A map with free keys. */
  record Entries(Text key, Shape entry, int min, int max) implements Shape {
    @Override
    public void check(Json value, List<String> problems) {
      if (!(value.value() instanceof Map<?, ?> map)) {
        problems.add(failed(value, "Member must be a map"));
        return;
      }
      size(value, map.size(), min, max, problems);
      value
          .members()
          .forEach(
              (name, json) -> {
                key.check(new Json(value.place() + ".key", name), problems);
                member(json, entry, problems);
              });
    }
  }

  /**
   * A structure. AWS ignores members that it does not know; here they are refused, because they are
   * typing errors.
   *
   * @param required names of members that must be there
   * @param union whether exactly one member must be there
   */
  record Struct(Map<String, Shape> members, Set<String> required, boolean union) implements Shape {

    /** Without members. */
    public static Struct empty() {
      return new Struct(Map.of(), Set.of(), false);
    }

    public Struct needs(String name, Shape shape) {
      var more = new java.util.TreeSet<>(required);
      more.add(name);
      return new Struct(with(name, shape), more, union);
    }

    public Struct takes(String name, Shape shape) {
      return new Struct(with(name, shape), required, union);
    }

    public Struct oneOnly() {
      return new Struct(members, required, true);
    }

    private Map<String, Shape> with(String name, Shape shape) {
      var all = new LinkedHashMap<>(members);
      all.put(name, shape);
      return all;
    }

    @Override
    public void check(Json value, List<String> problems) {
      if (!(value.value() instanceof Map<?, ?>)) {
        problems.add(failed(value, "Member must be a structure"));
        return;
      }
      for (var name : required)
        if (value.at(name).missing())
          problems.add(failed(value.at(name), "Member must not be null"));
      var present = 0;
      for (var entry : value.members().entrySet()) {
        if (entry.getValue().missing()) continue;
        present++;
        var shape = members.get(entry.getKey());
        if (shape == null)
          problems.add(
              "'%s' is not a member: want one of %s"
                  .formatted(entry.getValue().place(), new java.util.TreeSet<>(members.keySet())));
        else shape.check(entry.getValue(), problems);
      }
      if (union && present != 1)
        problems.add(failed(value, "Exactly one member must be set, of " + members.keySet()));
    }
  }

  /** Everything that is wrong with a request. */
  static List<String> problems(Shape shape, Json request) {
    var problems = new ArrayList<String>();
    shape.check(request, problems);
    return problems;
  }

  private static void member(Json value, Shape shape, List<String> problems) {
    if (value.missing()) problems.add(failed(value, "Member must not be null"));
    else shape.check(value, problems);
  }

  private static void size(Json value, int size, int min, int max, List<String> problems) {
    if (size < min)
      problems.add(failed(value, "Member must have length greater than or equal to " + min));
    if (size > max)
      problems.add(failed(value, "Member must have length less than or equal to " + max));
  }

  private static String failed(Json value, String constraint) {
    var found = value.missing() ? "null" : "'" + value.value() + "'";
    return "Value %s at '%s' failed to satisfy constraint: %s"
        .formatted(found, value.place().isEmpty() ? "the request" : value.place(), constraint);
  }
}
