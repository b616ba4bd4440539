package slipway.local.stack;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import slipway.json.Json;

/**
 * A resource that stands, and what it should become without being replaced.
 *
 * @param before as it was made or last changed
 * @param made what it is known by
 * @param after as the template wants it now
 */
public record Change(Resource before, Provisioner.Made made, Resource after) {

  /** The properties as they should be. */
  public Json properties() {
    return after.properties();
  }

  /** Names of the properties that differ. */
  public Set<String> differing() {
    var names = new LinkedHashSet<>(before.properties().members().keySet());
    names.addAll(after.properties().members().keySet());
    names.removeIf(
        name ->
            Objects.equals(
                before.properties().at(name).value(), after.properties().at(name).value()));
    return names;
  }

  /** Refuses a change of any property that is not among these. */
  public void only(Set<String> played) {
    var others = new TreeSet<>(differing());
    others.removeAll(played);
    if (!others.isEmpty())
      throw new UnsupportedOperationException(
          "local does not play a change of " + String.join(", ", others));
  }
}
