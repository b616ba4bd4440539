package slipway.local.ecs;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a service tells of itself in DescribeServices, in ECS's own words. Thread-safe. */
final class ServiceEvents {
  private static final int KEPT = 100;

  private final String service;
  private final Deque<Map<String, Object>> newestFirst = new ArrayDeque<>();

  ServiceEvents(String service) {
    this.service = service;
  }

  void started(List<Task> tasks) {
    if (!tasks.isEmpty()) add("has started %d tasks: %s.".formatted(tasks.size(), names(tasks)));
  }

  /** A task that ended before it ran, such as one whose image cannot be pulled. */
  void notPlaced(String reason) {
    add("was unable to place a task. Reason: %s.".formatted(reason));
  }

  void registered(String targetGroup) {
    add("registered 1 targets in (target-group %s)".formatted(targetGroup));
  }

  /**
   * @param deployment whose task it is
   */
  void deregistered(String targetGroup, String deployment) {
    add("deregistered 1 targets in (target-group %s)".formatted(targetGroup));
    tell(
        "(service %s, taskSet %s) has begun draining connections on 1 tasks."
            .formatted(service, deployment));
  }

  void stopped(Task task) {
    if (task.running()) add("has stopped 1 running tasks: %s.".formatted(names(List.of(task))));
    else add("stopped 1 pending tasks.");
  }

  void containersUnhealthy(Task task) {
    add("%s failed container health checks.".formatted(names(List.of(task))));
  }

  /**
   * @param port of the container
   * @param why such as {@code Health checks failed with these codes: [503]}
   */
  void targetUnhealthy(Task task, int port, String targetGroup, String why) {
    add(
        "%s (port %d) is unhealthy in (target-group %s) due to (reason %s)."
            .formatted(names(List.of(task)), port, targetGroup, why));
  }

  void failed(Deployment deployment) {
    add("(deployment %s) deployment failed: tasks failed to start.".formatted(deployment.id()));
  }

  /**
   * @param back the deployment that is the way back
   */
  void rollingBack(Deployment back) {
    add("rolling back to deployment %s.".formatted(back.id()));
  }

  void completed(Deployment deployment) {
    add("(deployment %s) deployment completed.".formatted(deployment.id()));
    add("has reached a steady state.");
  }

  private void add(String what) {
    tell("(service %s) %s".formatted(service, what));
  }

  private synchronized void tell(String message) {
    newestFirst.addFirst(
        Map.of(
            "id", UUID.randomUUID().toString(),
            "createdAt", Views.seconds(Instant.now()),
            "message", message));
    if (newestFirst.size() > KEPT) newestFirst.removeLast();
  }

  /** The last hundred, newest first. */
  synchronized List<Map<String, Object>> all() {
    return List.copyOf(newestFirst);
  }

  private static String names(List<Task> tasks) {
    return tasks.stream()
        .map(task -> "(task %s)".formatted(Arns.name(task.arn())))
        .collect(Collectors.joining(" "));
  }
}
