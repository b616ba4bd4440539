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
    rollout.shift.ifPresent(shift -> tree.put("lifecycleStage", shift.stage().name()));
    tree.put(
        "targetServiceRevision",
        revision(revision, deployment, rollout.shift.map(TrafficShift::percent)));
    tree.put(
        "sourceServiceRevisions",
        rollout.source.stream()
            .map(
                source ->
                    revision(
                        Arns.serviceRevision(cluster, settings.name(), source.digits()),
                        source,
                        rollout.shift.map(shift -> 100 - shift.percent())))
            .toList());
    rollout.rollback.ifPresent(
        why ->
            tree.put(
                "rollback",
                Map.of(
                    "reason",
                    why,
                    "serviceRevisionArn",
                    rollout
                        .source
                        .map(it -> Arns.serviceRevision(cluster, settings.name(), it.digits()))
                        .orElse(""))));
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

  private static Map<String, Object> revision(
      String arn, Deployment deployment, Optional<Double> percent) {
    var running = deployment.tasks.stream().filter(Task::running).count();
    var tree = new LinkedHashMap<String, Object>();
    tree.put("arn", arn);
    tree.put("requestedTaskCount", deployment.live().size());
    tree.put("runningTaskCount", running);
    tree.put(
        "pendingTaskCount",
        deployment.live().stream().filter(task -> !task.running() && !task.stopped()).count());
    percent.ifPresent(share -> tree.put("requestedProductionTrafficWeight", share));
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
                "lifecycleStage",
                "targetServiceRevision"));
    tree.put(
        "targetServiceRevisionArn", ((Map<?, ?>) rollout.get("targetServiceRevision")).get("arn"));
    return tree;
  }
}
