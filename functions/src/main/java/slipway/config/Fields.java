package slipway.config;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.json.Malformed;

/** Reads fields and collects what is wrong with them, instead of stopping at the first. */
final class Fields {
  private final List<Malformed> problems = new ArrayList<>();
  private final Optional<Instant> now;

  /** Where any time will do. */
  Fields() {
    this(Optional.empty());
  }

  /**
   * @param now what is later is the future
   */
  Fields(Optional<Instant> now) {
    this.now = now;
  }

  Optional<Instant> now() {
    return now;
  }

  List<Malformed> problems() {
    return List.copyOf(problems);
  }

  void complain(Malformed problem) {
    problems.add(problem);
  }

  /** The field read, or the stand-in if it is wrong: then the whole is refused in the end. */
  <T> T read(Json field, T standIn, Function<Json, T> reader) {
    return attempt(standIn, () -> reader.apply(field));
  }

  /** The field read, or its default if it is not there. */
  <T> T readOr(Json field, T fallback, Function<Json, T> reader) {
    return field.missing() ? fallback : read(field, fallback, reader);
  }

  /** The field read, if it is there and right. */
  <T> Optional<T> find(Json field, Function<Json, T> reader) {
    return field.missing()
        ? Optional.empty()
        : attempt(Optional.empty(), () -> Optional.of(reader.apply(field)));
  }

  <T> T attempt(T standIn, Supplier<T> read) {
    try {
      return read.get();
    } catch (Malformed problem) {
      problems.add(problem);
      return standIn;
    }
  }

  /** A value made of fields that are each right; its own complaint is about the whole of them. */
  <T> Optional<T> make(Json place, Supplier<T> constructor) {
    try {
      return Optional.of(constructor.get());
    } catch (IllegalArgumentException problem) {
      problems.add(new Malformed(place.place(), "cannot be: " + problem.getMessage()));
      return Optional.empty();
    }
  }

  /** The members of an object, complaining of each that is not known here. */
  Map<String, Json> known(Json object, Set<String> keys) {
    return attempt(
        Map.of(),
        () -> {
          var members = object.members();
          members.forEach(
              (key, member) -> {
                if (!keys.contains(key)) problems.add(unknown(key, member, keys));
              });
          return members;
        });
  }

  /** The members of an object whose keys the user chooses; at least one. */
  Map<String, Json> named(Json object, String wanted) {
    return attempt(
        Map.of(),
        () -> {
          if (object.missing()) throw object.unexpected(wanted);
          var members = new LinkedHashMap<>(object.members());
          if (members.isEmpty()) throw new Malformed(object.place(), "is empty: want " + wanted);
          return members;
        });
  }

  private static Malformed unknown(String key, Json member, Set<String> keys) {
    var nearest =
        keys.stream()
            .min(
                Comparator.<String>comparingInt(known -> distance(key, known))
                    .thenComparing(k -> k))
            .filter(known -> distance(key, known) <= Math.max(2, known.length() / 2));
    return new Malformed(
        member.place(),
        "is not known"
            + nearest.map(" (did you mean %s?)"::formatted).orElse("")
            + ": want one of "
            + String.join(", ", new TreeSet<>(keys)));
  }

  /** Reader of text of a form. */
  static Function<Json, String> text(Pattern form, String wanted) {
    return field -> {
      if (!(field.value() instanceof String text) || !form.matcher(text).matches())
        throw field.unexpected(wanted);
      return text;
    };
  }

  static Function<Json, Integer> wholeNumber(int min, int max) {
    return field -> field.integer(min, max);
  }

  /** Reader of a percentage above 0 and below 100. */
  static double percentage(Json field) {
    if (!(field.value() instanceof Number number)
        || !(number.doubleValue() > 0 && number.doubleValue() < 100))
      throw field.unexpected("a percentage above 0 and below 100");
    return number.doubleValue();
  }

  /** Levenshtein's: how many letters to put in, take out or change. */
  private static int distance(String a, String b) {
    var row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) row[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int same =
            Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1))
                ? diagonal
                : diagonal + 1;
        row[j] = Math.min(same, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
