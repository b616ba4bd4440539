package slipway.local.ecs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.json.Json;
import slipway.local.cloud.AwsError;

/**
 * What a service is told to do.
 *
 * @param bindings where tasks take requests; of what shifts them, before anything is shifted
 * @param grace health check grace period, at AWS's pace
 * @param breaker whether the deployment circuit breaker is on
 * @param rollback whether it then rolls back
 * @param alarms that may fail a deployment
 */
record ServiceSettings(
    String cluster,
    String name,
    int desired,
    int maximumPercent,
    int minimumHealthyPercent,
    boolean breaker,
    boolean rollback,
    Alarms alarms,
    Duration grace,
    List<Task.Binding> bindings,
    Optional<Shifting> shifting,
    Map<String, Object> carried) {

  /**
   * Deployment alarms.
   *
   * @param names none unless they are enabled
   * @param rollback whether ECS rolls back when one of them goes off
   */
  record Alarms(List<String> names, boolean rollback) {
    static Alarms of(Json json) {
      if (json.missing() || !json.at("enable").flag()) return new Alarms(List.of(), false);
      return new Alarms(
          json.at("alarmNames").items().stream().map(Json::text).toList(),
          json.at("rollback").flag());
    }
  }

  /** From the members of CreateService, as the API spells them. */
  static ServiceSettings of(String cluster, String name, Map<String, Object> tree) {
    var json = Json.of(tree);
    var configuration = json.at("deploymentConfiguration");
    var breaker = configuration.at("deploymentCircuitBreaker");
    return new ServiceSettings(
        cluster,
        name,
        integer(json.at("desiredCount"), 1),
        integer(configuration.at("maximumPercent"), 200),
        integer(configuration.at("minimumHealthyPercent"), 100),
        !breaker.missing() && breaker.at("enable").flag(),
        !breaker.missing() && breaker.at("rollback").flag(),
        Alarms.of(configuration.at("alarms")),
        Duration.ofSeconds(integer(json.at("healthCheckGracePeriodSeconds"), 0)),
        json.at("loadBalancers").items().stream()
            .map(
                balancer ->
                    new Task.Binding(
                        balancer.at("containerName").text(),
                        integer(balancer.at("containerPort"), 80),
                        balancer.at("targetGroupArn").text()))
            .toList(),
        Shifting.of(configuration, json.at("loadBalancers").items()),
        tree);
  }

  /** With what UpdateService names replaced, the rest as it was. */
  ServiceSettings with(Map<String, Object> changes) {
    var tree = new java.util.LinkedHashMap<>(carried);
    tree.putAll(changes);
    return of(cluster, name, tree);
  }

  /** What ECS refuses: a target group for a port that the task definition does not have. */
  void checkFits(TaskDefinition definition) {
    for (var binding : bindings)
      if (definition.containers().stream()
          .filter(container -> container.at("name").text().equals(binding.container()))
          .flatMap(container -> container.at("portMappings").items().stream())
          .noneMatch(port -> integer(port.at("containerPort"), 0) == binding.containerPort()))
        throw new AwsError(
            400,
            "InvalidParameterException",
            "The container %s did not have a container port %d defined."
                .formatted(binding.container(), binding.containerPort()));
  }

  /** The same with all tasks in one target group. */
  List<Task.Binding> bindings(String targetGroup) {
    return bindings.stream()
        .map(it -> new Task.Binding(it.container(), it.containerPort(), targetGroup))
        .toList();
  }

  String arn() {
    return Arns.service(cluster, name);
  }

  /** Failed tasks at which the circuit breaker opens. */
  int threshold() {
    return Math.clamp((desired + 1) / 2, 3, 200);
  }

  int maximum() {
    return desired * maximumPercent / 100;
  }

  int minimumHealthy() {
    return (desired * minimumHealthyPercent + 99) / 100;
  }

  private static int integer(Json value, int otherwise) {
    return value.missing() ? otherwise : value.integer(0, 100_000);
  }
}
