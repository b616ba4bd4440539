package slipway.local.ecs;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a service tells of itself, in ECS's own words: in DescribeServices, and some of it on the
 * event bus. Thread-safe.
 */
final class ServiceEvents {
  private static final int KEPT = 100;

  private final String service;
  private final String arn;
  private final String cluster;
  private final EcsEvents bus;
  private final Deque<Map<String, Object>> newestFirst = new ArrayDeque<>();

  ServiceEvents(ServiceSettings settings, EcsEvents bus) {
    this.service = settings.name();
    this.arn = settings.arn();
    this.cluster = Arns.cluster(settings.cluster());
    this.bus = bus;
  }

  void started(List<Task> tasks) {
    if (!tasks.isEmpty()) add("has started %d tasks: %s.".formatted(tasks.size(), names(tasks)));
  }

  /** A task that ended before it ran, such as one whose image cannot be pulled. */
  void notPlaced(String reason) {
    add("was unable to place a task. Reason: %s.".formatted(reason));
  }

  /** Of the load balancer. */
  void trouble(String what) {
    add("is in trouble: " + what);
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

  void targetUnhealthy(Task task, Targets.Sick target) {
    add(
        "%s (port %d) is unhealthy in (target-group %s) due to (reason %s)."
            .formatted(
                names(List.of(task)), target.containerPort(), target.targetGroup(), target.why()));
  }

  void began(Deployment deployment) {
    told("SERVICE_DEPLOYMENT_IN_PROGRESS", deployment);
  }

  void failed(Deployment deployment, Failure why) {
    told("SERVICE_DEPLOYMENT_FAILED", deployment);
    add("(deployment %s) deployment failed: %s.".formatted(deployment.id(), why.what()));
  }

  /**
   * @param back the deployment that is the way back
   */
  void rollingBack(Deployment back) {
    add("rolling back to deployment %s.".formatted(back.id()));
  }

  void completed(Deployment deployment) {
    told("SERVICE_DEPLOYMENT_COMPLETED", deployment);
    bus.steady(arn, cluster);
    add("(deployment %s) deployment completed.".formatted(deployment.id()));
    add("has reached a steady state.");
  }

  private void told(String name, Deployment deployment) {
    bus.deployment(arn, cluster, name, deployment.id(), deployment.reason());
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
