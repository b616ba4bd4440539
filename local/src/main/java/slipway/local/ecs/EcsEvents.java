package slipway.local.ecs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import slipway.local.cloud.Events;

/**
 * What ECS tells the event bus, in its own words and in order. A thread of its own delivers, so
 * that nothing waits for the bus while it holds a service's lock.
 */
final class EcsEvents implements AutoCloseable {
  private final Events events;
  private final ExecutorService courier =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("ecs events").factory());

  EcsEvents(Events events) {
    this.events = events;
  }

  void task(String arn, Map<String, Object> detail) {
    put("aws.ecs", "ECS Task State Change", List.of(arn), detail);
  }

  void deployment(String service, String cluster, String name, String id, String reason) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("eventType", name.endsWith("_FAILED") ? "ERROR" : "INFO");
    detail.put("eventName", name);
    detail.put("clusterArn", cluster);
    detail.put("deploymentId", id);
    detail.put("updatedAt", now());
    detail.put("reason", reason);
    put("aws.ecs", "ECS Deployment State Change", List.of(service), detail);
  }

  void steady(String service, String cluster) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("eventType", "INFO");
    detail.put("eventName", "SERVICE_STEADY_STATE");
    detail.put("clusterArn", cluster);
    detail.put("createdAt", now());
    put("aws.ecs", "ECS Service Action", List.of(service), detail);
  }

  private void put(String source, String type, List<String> resources, Map<String, Object> detail) {
    try {
      courier.execute(() -> events.put(source, type, resources, detail));
    } catch (RejectedExecutionException _) {
      // Local is closing: the last tasks end unheard.
    }
  }

  /** Lets go of what was not told yet. */
  @Override
  public void close() {
    courier.shutdownNow();
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
