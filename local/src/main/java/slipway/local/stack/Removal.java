package slipway.local.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import slipway.json.Json;

/** Takes resources down, what depends on others first. */
final class Removal {
  private final Map<String, Standing> doomed;
  private final Predicate<Standing> stays;
  private final Makers makers;
  private final Consumer<Progress> progress;
  private final Map<String, String> left = new ConcurrentHashMap<>();
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();

  /**
   * @param doomed by logical id
   * @param stays by its policy
   */
  Removal(
      Map<String, Standing> doomed,
      Predicate<Standing> stays,
      Makers makers,
      Consumer<Progress> progress) {
    this.doomed = Map.copyOf(doomed);
    this.stays = stays;
    this.makers = makers;
    this.progress = progress;
  }

  Removal run() {
    var templates = new LinkedHashMap<String, Json>();
    doomed.forEach((id, standing) -> templates.put(id, standing.template()));
    var first = Dependencies.of(templates).reversed();
    first.inOrder(
        id -> {
          // As long as what needs it stands, it must.
          if (first.before().get(id).stream().noneMatch(failures::containsKey)) delete(id);
          else failures.put(id, "something that could not be deleted depends on it");
        });
    return this;
  }

  private void delete(String id) {
    var standing = doomed.get(id);
    var start = Instant.now();
    try {
      if (stays.test(standing)) {
        left.put(id, standing.made().ref());
        return;
      }
      makers.of(standing.resource().type()).delete(standing.resource(), standing.made());
      deleted.add(id);
      tell(standing, start, Optional.empty());
    } catch (RuntimeException e) {
      var why = StackFailure.reason(e);
      failures.put(id, why);
      tell(standing, start, Optional.of("cannot delete %s: %s".formatted(standing.name(), why)));
    }
  }

  private void tell(Standing standing, Instant start, Optional<String> failure) {
    progress.accept(
        new Progress(
            Progress.Action.DELETED,
            standing.resource().logicalId(),
            standing.resource().type(),
            Duration.between(start, Instant.now()),
            failure));
  }

  Set<String> deleted() {
    return Set.copyOf(deleted);
  }

  /** What its policy keeps: the physical id by logical id. */
  Map<String, String> left() {
    return Map.copyOf(left);
  }

  /** Why not, by logical id. */
  Map<String, String> failures() {
    return Map.copyOf(failures);
  }
}
