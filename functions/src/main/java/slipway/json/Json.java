package slipway.json;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value inside a JSON document, together with its place in it.
 *
 * <p>Reading goes by {@link #at} and {@link #items}; a member that is absent or null is {@link
 * #missing}. The typed readers ({@link #text}, {@link #integer}, …) throw {@link Malformed} with
 * the field's path; unknown members are ignored, so a sender may add some.
 *
 * @param place path from the root, such as {@code commits[2].id}; empty for the root
 * @param value what Jackson jr makes of JSON: {@code Map}, {@code List}, {@code String}, {@code
 *     Number}, {@code Boolean} or null
 */
public record Json(String place, @Nullable Object value) {

  /** Parses a document; {@link Malformed} if the text is not JSON. */
  public static Json parse(String text) {
    try {
      return new Json("", JSON.std.anyFrom(text));
    } catch (IOException e) {
      throw new Malformed("is not JSON: " + firstLine(e.getMessage()), e);
    }
  }

  /** A document that was parsed already. */
  public static Json of(@Nullable Object value) {
    return new Json("", value);
  }

  /** Writes a tree of maps, lists and scalars as compact JSON, members in their map's order. */
  public static String write(Object tree) {
    return write(JSON.std, tree);
  }

  /** The same with a line for each member, indented. */
  public static String writeForPeople(Object tree) {
    return write(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT), tree);
  }

  private static String write(JSON writer, Object tree) {
    try {
      return writer.asString(tree);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot write as JSON: " + tree.getClass().getName(), e);
    }
  }

  /**
   * The member of this object; missing if this is missing or has no such member; {@link Malformed}
   * if no object.
   */
  public Json at(String member) {
    var path = place.isEmpty() ? member : place + "." + member;
    if (missing()) return new Json(path, null);
    if (value instanceof Map<?, ?> map) return new Json(path, map.get(member));
    throw unexpected("an object");
  }

  public boolean missing() {
    return value == null;
  }

  public String text() {
    if (value instanceof String text) return text;
    throw unexpected("text");
  }

  /** The text, or empty if missing. */
  public Optional<String> optionalText() {
    return missing() ? Optional.empty() : Optional.of(text());
  }

  public boolean flag() {
    if (value instanceof Boolean flag) return flag;
    throw unexpected("true or false");
  }

  public double number() {
    if (value instanceof Number number) return number.doubleValue();
    throw unexpected("a number");
  }

  /** A whole number within the bounds, both inclusive. */
  public int integer(int min, int max) {
    if (value instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && number.doubleValue() >= min
        && number.doubleValue() <= max) return number.intValue();
    throw unexpected("a whole number from " + min + " to " + max);
  }

  /** The items of this list, each with its place; empty if missing. */
  public List<Json> items() {
    if (missing()) return List.of();
    if (!(value instanceof List<?> list)) throw unexpected("a list");
    var items = new ArrayList<Json>(list.size());
    for (var item : list) items.add(new Json(place + "[" + items.size() + "]", item));
    return List.copyOf(items);
  }

  /** The members of this object in document order, each with its place; empty if missing. */
  public Map<String, Json> members() {
    if (missing()) return Map.of();
    if (!(value instanceof Map<?, ?> map)) throw unexpected("an object");
    var members = new LinkedHashMap<String, Json>();
    map.keySet().forEach(key -> members.put((String) key, at((String) key)));
    return members;
  }

  /**
   * The complaint that this value is not what is wanted, for a reader that knows better than the
   * types here.
   */
  public Malformed unexpected(String wanted) {
    return new Malformed(place, (missing() ? "is missing" : "is " + found()) + ": want " + wanted);
  }

  private String found() {
    return switch (value) {
      case Map<?, ?> _ -> "an object";
      case List<?> _ -> "a list";
      case String text -> "'" + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + "'";
      case null, default -> String.valueOf(value);
    };
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
  }
}
