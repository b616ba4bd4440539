package slipway.local.stack;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an update did, all by logical id.
 *
 * @param replaced another one was made in its place
 * @param deleted no longer in the template, or replaced and gone
 * @param left no longer in the template or replaced, but kept by its policy: its physical id
 * @param undeleted what could not be deleted, and why; as on AWS, the update is complete all the
 *     same
 */
public record Changes(
    List<String> made,
    List<String> changed,
    List<String> replaced,
    List<String> deleted,
    Map<String, String> left,
    Map<String, String> undeleted) {

  public Changes {
    made = sorted(made);
    changed = sorted(changed);
    replaced = sorted(replaced);
    deleted = sorted(deleted);
    left = Map.copyOf(left);
    undeleted = Map.copyOf(undeleted);
  }

  private static List<String> sorted(Collection<String> ids) {
    return ids.stream().sorted().toList();
  }

  /** Whether the template said what stood already. */
  public boolean none() {
    return made.isEmpty() && changed.isEmpty() && replaced.isEmpty() && deleted.isEmpty();
  }

  /** Such as {@code changed [Rule], deleted [Old]}; {@code nothing}. */
  @Override
  public String toString() {
    var parts = new TreeMap<String, Object>();
    if (!made.isEmpty()) parts.put("made", made);
    if (!changed.isEmpty()) parts.put("changed", changed);
    if (!replaced.isEmpty()) parts.put("replaced", replaced);
    if (!deleted.isEmpty()) parts.put("deleted", deleted);
    if (!left.isEmpty()) parts.put("left", left);
    if (!undeleted.isEmpty()) parts.put("undeleted", undeleted);
    return parts.isEmpty() ? "nothing" : parts.toString();
  }
}
