package slipway.local.events;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import slipway.json.Json;

/** Events that do not come, as long as it is open: no rule and no listener sees them. */
public final class Loss implements AutoCloseable {
  private final Predicate<Json> which;
  private final Consumer<Loss> end;
  private final List<Json> events = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Json> first = new CompletableFuture<>();

  Loss(Predicate<Json> which, Consumer<Loss> end) {
    this.which = which;
    this.end = end;
  }

  boolean takes(String envelope) {
    var event = Json.parse(envelope);
    if (!which.test(event)) return false;
    events.add(event);
    first.complete(event);
    return true;
  }

  /** Every event that was lost so far, oldest first. */
  public List<Json> events() {
    return List.copyOf(events);
  }

  /** The first event that gets lost, when it does: a test that waits for it knows its event was. */
  public CompletableFuture<Json> first() {
    return first;
  }

  /** What comes from now on arrives. */
  @Override
  public void close() {
    end.accept(this);
  }
}
