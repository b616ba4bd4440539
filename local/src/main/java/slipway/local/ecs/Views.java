package slipway.local.ecs;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the API answers about services. */
final class Views {
  private Views() {}

  static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }

  static Map<String, Object> service(
      ServiceSettings settings,
      List<Deployment> deployments,
      Optional<Deployment> underWay,
      List<Map<String, Object>> events,
      Instant created) {
    var primary = deployments.getLast();
    var newestFirst =
        deployments.reversed().stream()
            .map(deployment -> deployment.describe(deployment == primary, settings.desired()))
            .toList();
    var tree = new LinkedHashMap<>(settings.carried());
    tree.put("serviceArn", settings.arn());
    tree.put("serviceName", settings.name());
    tree.put("clusterArn", Arns.cluster(settings.cluster()));
    tree.put("status", "ACTIVE");
    tree.put("desiredCount", settings.desired());
    tree.put("runningCount", sum(newestFirst, "runningCount"));
    tree.put("pendingCount", sum(newestFirst, "pendingCount"));
    tree.put("launchType", "FARGATE");
    tree.put("taskDefinition", primary.definition().arn());
    tree.put("deployments", newestFirst);
    underWay.ifPresent(
        deployment ->
            tree.put(
                "currentServiceDeployment",
                Arns.serviceDeployment(settings.cluster(), settings.name(), deployment.digits())));
    tree.put("events", events);
    tree.put("createdAt", seconds(created));
    tree.put("schedulingStrategy", "REPLICA");
    tree.put("deploymentController", Map.of("type", "ECS"));
    tree.remove("cluster");
    return tree;
  }

  private static long sum(List<Map<String, Object>> deployments, String member) {
    return deployments.stream().mapToLong(d -> ((Number) d.get(member)).longValue()).sum();
  }

  static Map<String, Object> rollout(ServiceSettings settings, Deployment deployment) {
    var rollout = deployment.rollout();
    var cluster = settings.cluster();
    var revision = Arns.serviceRevision(cluster, settings.name(), deployment.digits());
    var tree = new LinkedHashMap<String, Object>();
    tree.put(
        "serviceDeploymentArn",
        Arns.serviceDeployment(cluster, settings.name(), deployment.digits()));
    tree.put("serviceArn", settings.arn());
    tree.put("clusterArn", Arns.cluster(cluster));
    tree.put("createdAt", seconds(deployment.created()));
    tree.put("startedAt", seconds(deployment.created()));
    rollout.finished.ifPresent(at -> tree.put("finishedAt", seconds(at)));
    tree.put("status", rollout.status);
    tree.put("statusReason", rollout.rollback.orElse(""));
    tree.put("targetServiceRevision", Map.of("arn", revision));
    tree.put(
        "sourceServiceRevisions",
        rollout.source.stream()
            .map(id -> Map.of("arn", Arns.serviceRevision(cluster, settings.name(), id)))
            .toList());
    rollout.rollback.ifPresent(
        why ->
            tree.put(
                "rollback",
                Map.of(
                    "reason",
                    why,
                    "serviceRevisionArn",
                    Arns.serviceRevision(cluster, settings.name(), rollout.source.orElse("")))));
    var over = rollout.finished.isPresent() || rollout.rollback.isPresent();
    tree.put(
        "deploymentCircuitBreaker",
        Map.of(
            "status",
            monitor(settings.breaker(), rollout.broke, over),
            "failureCount",
            rollout.failures,
            "threshold",
            settings.threshold()));
    tree.put(
        "alarms",
        Map.of(
            "status",
            monitor(!rollout.watched.isEmpty(), !rollout.triggered.isEmpty(), over),
            "alarmNames",
            rollout.watched,
            "triggeredAlarmNames",
            rollout.triggered));
    return tree;
  }

  private static String monitor(boolean on, boolean triggered, boolean over) {
    if (!on) return "DISABLED";
    if (triggered) return "TRIGGERED";
    return over ? "MONITORING_COMPLETE" : "MONITORING";
  }

  /** The shorter form of ListServiceDeployments. */
  static Map<String, Object> brief(Map<String, Object> rollout) {
    var tree = new LinkedHashMap<>(rollout);
    tree.keySet()
        .removeAll(
            List.of(
                "sourceServiceRevisions",
                "rollback",
                "deploymentCircuitBreaker",
                "alarms",
                "targetServiceRevision"));
    tree.put(
        "targetServiceRevisionArn", ((Map<?, ?>) rollout.get("targetServiceRevision")).get("arn"));
    return tree;
  }
}
