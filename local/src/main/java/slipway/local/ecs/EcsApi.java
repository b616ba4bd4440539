package slipway.local.ecs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import slipway.json.Json;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.Caller;

/** The operations of ECS's API that local plays. */
final class EcsApi {
  private static final Set<String> UPDATABLE =
      Set.of(
          "deploymentConfiguration",
          "desiredCount",
          "enableECSManagedTags",
          "enableExecuteCommand",
          "healthCheckGracePeriodSeconds",
          "propagateTags");

  private final TaskDefinitions definitions;
  private final Map<String, EcsService> services;
  private final AlarmWatch alarms;

  EcsApi(TaskDefinitions definitions, Map<String, EcsService> services, AlarmWatch alarms) {
    this.definitions = definitions;
    this.services = services;
    this.alarms = alarms;
  }

  Map<String, Object> answer(String operation, Json request, Caller caller) {
    return switch (operation) {
      case "RegisterTaskDefinition" -> {
        var made = definitions.register(Trees.copy(request), caller.roleArn());
        yield Map.of("taskDefinition", definitions.describe(made), "tags", definitions.tags(made));
      }
      case "DescribeTaskDefinition" -> describeTaskDefinition(request);
      case "DeregisterTaskDefinition" ->
          Map.of(
              "taskDefinition",
              definitions.describe(definitions.deregister(request.at("taskDefinition").text())));
      case "ListTaskDefinitions" -> {
        var active = !request.at("status").optionalText().equals(Optional.of("INACTIVE"));
        var found = definitions.list(request.at("familyPrefix").optionalText(), active);
        var newestFirst = request.at("sort").optionalText().equals(Optional.of("DESC"));
        yield Map.of("taskDefinitionArns", newestFirst ? found.reversed() : found);
      }
      case "DescribeServices" -> describeServices(request);
      case "UpdateService" -> updateService(request);
      case "ListTasks" -> listTasks(request);
      case "DescribeTasks" -> describeTasks(request);
      case "ListServiceDeployments" -> {
        var wanted = request.at("status").items().stream().map(Json::text).toList();
        yield Map.of(
            "serviceDeployments",
            service(request, request.at("service").text()).rollouts().stream()
                .filter(r -> wanted.isEmpty() || wanted.contains(r.get("status")))
                .map(Views::brief)
                .toList());
      }
      case "DescribeServiceDeployments" -> describeServiceDeployments(request);
      case "StopServiceDeployment" -> stopServiceDeployment(request);
      case "TagResource" -> {
        definitions.tag(tagged(request), Trees.objects(Trees.copy(request), "tags"));
        yield Map.of();
      }
      case "ListTagsForResource" -> Map.of("tags", definitions.tags(tagged(request)));
      default ->
          throw new AwsError(400, "UnsupportedOperation", "local does not play ecs:" + operation);
    };
  }

  private Map<String, Object> describeTaskDefinition(Json request) {
    var found = definitions.get(request.at("taskDefinition").text());
    var answer = new LinkedHashMap<String, Object>();
    answer.put("taskDefinition", definitions.describe(found));
    if (request.at("include").items().stream().anyMatch(item -> item.text().equals("TAGS")))
      answer.put("tags", definitions.tags(found));
    return answer;
  }

  private Map<String, Object> describeServices(Json request) {
    var found = new ArrayList<Map<String, Object>>();
    var failures = new ArrayList<Map<String, Object>>();
    for (var name : request.at("services").items()) {
      var arn = arn(request, name.text());
      var service = services.get(arn);
      if (service == null) failures.add(Map.of("arn", arn, "reason", "MISSING"));
      else found.add(service.describe());
    }
    return Map.of("services", found, "failures", failures);
  }

  private Map<String, Object> updateService(Json request) {
    var service = service(request, request.at("service").text());
    var changes = new LinkedHashMap<String, Object>();
    for (var member : request.members().keySet()) {
      if (UPDATABLE.contains(member)) changes.put(member, request.at(member).value());
      else if (!Set.of("cluster", "service", "taskDefinition", "forceNewDeployment")
          .contains(member))
        throw new AwsError(
            400, "InvalidParameterException", "local does not play UpdateService with " + member);
    }
    for (var name : request.at("deploymentConfiguration").at("alarms").at("alarmNames").items())
      if (!alarms.known(name.text()))
        throw new AwsError(
            400,
            "InvalidParameterException",
            "The deployment alarm '" + name.text() + "' does not exist");
    var definition = request.at("taskDefinition").optionalText().map(this::updatable);
    var force =
        !request.at("forceNewDeployment").missing() && request.at("forceNewDeployment").flag();
    service.update(changes, definition, force);
    return Map.of("service", service.describe());
  }

  private TaskDefinition updatable(String reference) {
    return definitions
        .find(reference)
        .filter(definitions::active)
        .orElseThrow(() -> new AwsError(400, "ClientException", "TaskDefinition is inactive"));
  }

  private Map<String, Object> listTasks(Json request) {
    var status = request.at("desiredStatus").optionalText().orElse("RUNNING");
    var service = request.at("serviceName").optionalText();
    var family = request.at("family").optionalText();
    var startedBy = request.at("startedBy").optionalText();
    var arns =
        (service.isPresent() ? service(request, service.get()).tasks().stream() : allTasks())
            .filter(task -> status.equals("STOPPED") == task.stopping())
            .filter(task -> family.isEmpty() || family.get().equals(task.definition().family()))
            .filter(task -> startedBy.isEmpty() || startedBy.get().equals(task.startedBy()))
            .map(Task::arn)
            .toList();
    return Map.of("taskArns", arns);
  }

  private Map<String, Object> describeTasks(Json request) {
    var found = new ArrayList<Map<String, Object>>();
    var failures = new ArrayList<Map<String, Object>>();
    for (var wanted : request.at("tasks").items()) {
      var id = Arns.name(wanted.text());
      var task = allTasks().filter(t -> Arns.name(t.arn()).equals(id)).findFirst();
      task.ifPresentOrElse(
          t -> found.add(t.describe(Views::seconds)),
          () -> failures.add(Map.of("arn", wanted.text(), "reason", "MISSING")));
    }
    return Map.of("tasks", found, "failures", failures);
  }

  private Map<String, Object> describeServiceDeployments(Json request) {
    var all = services.values().stream().flatMap(service -> service.rollouts().stream()).toList();
    var found = new ArrayList<Map<String, Object>>();
    var failures = new ArrayList<Map<String, Object>>();
    for (var arn : request.at("serviceDeploymentArns").items()) {
      all.stream()
          .filter(rollout -> arn.text().equals(rollout.get("serviceDeploymentArn")))
          .findFirst()
          .ifPresentOrElse(
              found::add, () -> failures.add(Map.of("arn", arn.text(), "reason", "MISSING")));
    }
    return Map.of("serviceDeployments", found, "failures", failures);
  }

  private Map<String, Object> stopServiceDeployment(Json request) {
    var arn = request.at("serviceDeploymentArn").text();
    var type = request.at("stopType").optionalText().orElse("ROLLBACK");
    if (!type.equals("ROLLBACK"))
      throw new AwsError(
          400, "UnsupportedOperation", "local does not play StopServiceDeployment with " + type);
    for (var service : services.values())
      for (var rollout : service.rollouts())
        if (arn.equals(rollout.get("serviceDeploymentArn"))) {
          if (!service.takeBack(arn))
            throw new AwsError(
                400,
                "ConflictException",
                "The service deployment %s is %s".formatted(arn, rollout.get("status")));
          return Map.of("serviceDeploymentArn", arn);
        }
    throw new AwsError(
        400, "ServiceDeploymentNotFoundException", "Service deployment not found: " + arn);
  }

  private Stream<Task> allTasks() {
    return services.values().stream().flatMap(service -> service.tasks().stream());
  }

  private TaskDefinition tagged(Json request) {
    var arn = request.at("resourceArn").text();
    if (!arn.contains(":task-definition/"))
      throw new AwsError(
          400,
          "InvalidParameterException",
          "local keeps tags of task definitions only, not of " + arn);
    return definitions.get(arn);
  }

  private static String arn(Json request, String nameOrArn) {
    var cluster = Arns.name(request.at("cluster").optionalText().orElse("default"));
    return Arns.service(cluster, Arns.name(nameOrArn));
  }

  private EcsService service(Json request, String nameOrArn) {
    var service = services.get(arn(request, nameOrArn));
    if (service == null)
      throw new AwsError(400, "ServiceNotFoundException", "Service not found: " + nameOrArn);
    return service;
  }
}
