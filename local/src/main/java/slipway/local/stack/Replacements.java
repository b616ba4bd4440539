package slipway.local.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import slipway.json.Json;

/**
 * Which changes AWS answers with another resource in place of the old one. Source: the create-only
 * properties of CloudFormation's resource type schemas, and "Update requires: Replacement" on the
 * pages of types without one.
 */
final class Replacements {
  private final Map<String, Json> types;

  private Replacements(Map<String, Json> types) {
    this.types = types;
  }

  static Replacements read() {
    try (var file = Replacements.class.getResourceAsStream("replacements.json")) {
      if (file == null)
        throw new IllegalStateException("replacements.json is not on the class path");
      return new Replacements(
          Json.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8)).members());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read replacements.json", e);
    }
  }

  /** Whether the change makes another resource; a type that is not known is an error. */
  boolean replaces(Change change) {
    // The function behind a custom resource decides, by the physical id that it answers with.
    if (change.after().type().startsWith("Custom::")) return false;
    var type = types.get(change.after().type());
    if (type == null)
      throw new UnsupportedOperationException(
          "local does not know which changes replace a " + change.after().type());
    var replaces =
        type.at("replacedBy").items().stream()
            .map(Json::text)
            .anyMatch(path -> !Objects.equals(at(change.before(), path), at(change.after(), path)));
    if (replaces) type.at("name").optionalText().ifPresent(name -> refuseIfNamed(change, name));
    return replaces;
  }

  /** Two of one name cannot stand side by side, and the new one is made first. */
  private static void refuseIfNamed(Change change, String member) {
    var name = at(change.after(), member);
    if (name.isPresent() && name.equals(at(change.before(), member)))
      throw new IllegalArgumentException(
          ("CloudFormation cannot update a stack when a custom-named resource requires replacing."
                  + " Rename %s and update the stack again.")
              .formatted(name.get()));
  }

  private static Optional<Object> at(Resource resource, String path) {
    var json = resource.properties();
    for (var member : path.split("/")) json = json.at(member);
    return Optional.ofNullable(json.value());
  }
}
