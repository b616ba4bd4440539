package slipway.local.ecs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import slipway.json.Json;
import slipway.local.cloud.AwsService.Permission;

/** What IAM must allow for each operation, by ECS's page in the Service Authorization Reference. */
final class EcsPermissions {
  private EcsPermissions() {}

  static List<Permission> of(String operation, Json request) {
    var action = "ecs:" + operation;
    var cluster = Arns.name(request.at("cluster").optionalText().orElse("default"));
    var inCluster = Map.of("ecs:cluster", Arns.cluster(cluster));
    return switch (operation) {
      case "RegisterTaskDefinition" -> register(request);
      case "DeregisterTaskDefinition" -> {
        var name = Arns.name(request.at("taskDefinition").text());
        var colon = name.indexOf(':');
        var family = colon < 0 ? name : name.substring(0, colon);
        var revision = colon < 0 ? "*" : name.substring(colon + 1);
        yield List.of(new Permission(action, Arns.taskDefinition(family, revision)));
      }
      case "DescribeServices" ->
          request.at("services").items().stream()
              .map(s -> new Permission(action, service(cluster, s.text()), inCluster))
              .toList();
      case "CreateCluster" -> List.of(new Permission(action, "*"));
      case "CreateService" ->
          List.of(
              new Permission(
                  action, service(cluster, request.at("serviceName").text()), inCluster));
      case "UpdateService", "ListServiceDeployments" ->
          List.of(
              new Permission(action, service(cluster, request.at("service").text()), inCluster));
      case "DescribeServiceDeployments" ->
          request.at("serviceDeploymentArns").items().stream()
              .map(arn -> new Permission(action, arn.text()))
              .toList();
      case "StopServiceDeployment" ->
          List.of(new Permission(action, request.at("serviceDeploymentArn").text()));
      case "ListTasks" ->
          List.of(new Permission(action, Arns.containerInstances(cluster), inCluster));
      case "DescribeTasks" ->
          request.at("tasks").items().stream()
              .map(t -> new Permission(action, Arns.task(cluster, Arns.name(t.text())), inCluster))
              .toList();
      case "TagResource", "ListTagsForResource" ->
          List.of(new Permission(action, request.at("resourceArn").text()));
      // DescribeTaskDefinition and ListTaskDefinitions have no resource.
      default -> List.of(new Permission(action, "*"));
    };
  }

  private static List<Permission> register(Json request) {
    var arn = Arns.taskDefinition(request.at("family").text(), "*");
    var needed = new ArrayList<Permission>();
    needed.add(new Permission("ecs:RegisterTaskDefinition", arn));
    Stream.of("taskRoleArn", "executionRoleArn")
        .flatMap(role -> request.at(role).optionalText().stream())
        .distinct()
        .map(
            role ->
                new Permission(
                    "iam:PassRole", role, Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com")))
        .forEach(needed::add);
    if (!request.at("tags").items().isEmpty()) {
      needed.add(
          new Permission(
              "ecs:TagResource", arn, Map.of("ecs:CreateAction", "RegisterTaskDefinition")));
    }
    return needed;
  }

  private static String service(String cluster, String nameOrArn) {
    return Arns.service(cluster, Arns.name(nameOrArn));
  }
}
