package slipway.rollout;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import slipway.config.ServiceName;
import slipway.json.Json;

/**
 * EventBridge with a rule for each service. Best effort: what is put here may be lost, may come
 * twice, and may come late, and so in another order.
 */
final class Events {
  private final Scene scene;
  private final FifoQueue queue;
  private int put;

  Events(Scene scene, FifoQueue queue) {
    this.scene = scene;
    this.queue = queue;
  }

  void put(ServiceName service, String type, List<String> resources, Map<String, Object> detail) {
    var id = "event-" + ++put;
    var body =
        Json.write(Map.of("id", id, "detail-type", type, "resources", resources, "detail", detail));
    if (scene.fault(150)) {
      scene.tell(Happening.EVENT_LOST, "events", () -> id + " is lost: " + detail);
      return;
    }
    deliver(service, body);
    if (scene.fault(150)) {
      scene.count(Happening.EVENT_TWICE);
      deliver(service, body);
    }
  }

  private void deliver(ServiceName service, String body) {
    if (scene.fault(150)) {
      scene.count(Happening.EVENT_LATE);
      scene.in(
          Duration.ofMinutes(1), Duration.ofMinutes(30), () -> queue.send(service.value(), body));
    } else scene.in(Duration.ZERO, Duration.ofSeconds(2), () -> queue.send(service.value(), body));
  }
}
