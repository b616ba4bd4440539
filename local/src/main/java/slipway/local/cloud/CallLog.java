package slipway.local.cloud;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Every AWS call that was made, and every delivery between services, in order of completion. */
public final class CallLog {
  private final List<Entry> entries = new CopyOnWriteArrayList<>();
  private final List<Consumer<Entry>> listeners = new CopyOnWriteArrayList<>();

  /**
   * One call.
   *
   * @param at when it came in
   * @param caller name for people, such as {@code RolloutFunction}; a delivery is from its rule,
   *     schedule or queue
   * @param service signing name, such as {@code ecs}
   * @param operation such as {@code UpdateService}
   * @param status HTTP status
   * @param error code and message of an answer that is an error; else empty
   */
  public record Entry(
      Instant at,
      String caller,
      String service,
      String operation,
      int status,
      Duration took,
      String error) {

    /** Such as {@code RolloutFunction ecs:UpdateService 200 12 ms}. */
    @Override
    public String toString() {
      return "%s %s:%s %d %d ms%s"
          .formatted(
              caller,
              service,
              operation,
              status,
              took.toMillis(),
              error.isEmpty() ? "" : " " + error);
    }
  }

  /** Adds a call that is done, and tells the listeners. */
  public void add(Entry entry) {
    entries.add(entry);
    listeners.forEach(listener -> listener.accept(entry));
  }

  /** Tells the listener of every further call, on the thread that serves it: return quickly. */
  public void listen(Consumer<Entry> listener) {
    listeners.add(listener);
  }

  /** Calls that came in at or after the instant. */
  public List<Entry> since(Instant start) {
    return entries.stream().filter(entry -> !entry.at().isBefore(start)).toList();
  }

  public List<Entry> all() {
    return List.copyOf(entries);
  }
}
