package slipway.local.events;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import slipway.json.Json;
import slipway.local.cloud.Place;

/** The default event bus. */
public final class EventBus {
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<Loss> losses = new CopyOnWriteArrayList<>();
  private final List<Predicate<Json>> repeated = new CopyOnWriteArrayList<>();

  /** Tells the listener of every further event, as the JSON of its envelope. */
  public void listen(Consumer<String> listener) {
    listeners.add(listener);
  }

  /**
   * Puts an event on the bus; returns when every rule has seen it (deliveries go on).
   *
   * @param source such as {@code aws.ecs}
   * @param detailType such as {@code ECS Deployment State Change}
   * @param resources ARNs
   */
  public void put(
      String source, String detailType, List<String> resources, Map<String, Object> detail) {
    var event = new LinkedHashMap<String, Object>();
    event.put("version", "0");
    event.put("id", UUID.randomUUID().toString());
    event.put("detail-type", detailType);
    event.put("source", source);
    event.put("account", Place.ACCOUNT);
    event.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    event.put("region", Place.REGION);
    event.put("resources", resources);
    event.put("detail", detail);
    put(Json.write(event));
  }

  /** Puts an event as it is, for events of yesterday, of an odd shape, or again. */
  public void put(String envelope) {
    if (losses.stream().anyMatch(loss -> loss.takes(envelope))) return;
    deliver(envelope);
    if (repeated.stream().anyMatch(each -> each.test(Json.parse(envelope)))) deliver(envelope);
  }

  private void deliver(String envelope) {
    events.add(envelope);
    listeners.forEach(listener -> listener.accept(envelope));
  }

  /**
   * For tests: from now on events of this kind get lost, until what is given back is closed. AWS
   * promises some of its events on a best-effort basis only, and loses some; local loses none by
   * itself.
   *
   * @param which asked of each event's envelope
   */
  public Loss lose(Predicate<Json> which) {
    var loss = new Loss(which, losses::remove);
    losses.add(loss);
    return loss;
  }

  /**
   * For tests: from now on events of this kind come twice, with the same id, until what is given
   * back is closed. EventBridge promises at least once, not exactly once.
   *
   * @param which asked of each event's envelope
   */
  public Repetition repeat(Predicate<Json> which) {
    repeated.add(which);
    return () -> repeated.remove(which);
  }

  /** Events that come twice, as long as it is open. */
  @FunctionalInterface
  public interface Repetition extends AutoCloseable {
    @Override
    void close();
  }

  /** Every event that came so far, oldest first. */
  public List<String> events() {
    return List.copyOf(events);
  }
}
