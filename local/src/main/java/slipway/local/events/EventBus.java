package slipway.local.events;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import slipway.json.Json;
import slipway.local.cloud.Place;

/** The default event bus. */
public final class EventBus {
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final List<String> events = new CopyOnWriteArrayList<>();

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
    events.add(envelope);
    listeners.forEach(listener -> listener.accept(envelope));
  }

  /** Every event so far, oldest first. */
  public List<String> events() {
    return List.copyOf(events);
  }
}
