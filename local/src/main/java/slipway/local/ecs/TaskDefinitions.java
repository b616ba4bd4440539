package slipway.local.ecs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import slipway.json.Json;
import slipway.local.cloud.AwsError;

/** All revisions of all families, normalised as ECS does; members unknown here are carried. */
final class TaskDefinitions {
  private static final Set<String> OUTPUT_ONLY =
      Set.of(
          "taskDefinitionArn",
          "revision",
          "status",
          "requiresAttributes",
          "compatibilities",
          "registeredAt",
          "registeredBy",
          "deregisteredAt",
          "deleteRequestedAt");

  private final Map<String, List<TaskDefinition>> families = new LinkedHashMap<>();
  private final Set<String> inactive = new HashSet<>();

  /**
   * A new revision.
   *
   * @param input of RegisterTaskDefinition
   * @param registeredBy ARN of the caller
   */
  synchronized TaskDefinition register(Map<String, Object> input, String registeredBy) {
    var json = Json.of(input);
    var family = json.at("family").optionalText().orElse("");
    if (!family.matches("[A-Za-z0-9_-]{1,255}"))
      throw invalid("Family contains invalid characters.");
    var wrong = input.keySet().stream().filter(OUTPUT_ONLY::contains).toList();
    if (!wrong.isEmpty()) throw invalid("Unknown parameter in input: " + String.join(", ", wrong));
    if (json.at("containerDefinitions").items().isEmpty())
      throw new AwsError(400, "ClientException", "Container list cannot be empty.");
    var revisions = families.computeIfAbsent(family, _ -> new ArrayList<>());
    var number = revisions.size() + 1;
    var tree = new LinkedHashMap<String, Object>(Trees.copy(json));
    var tags = Trees.objects(tree, "tags");
    tree.remove("tags");
    normalise(tree);
    tree.put("taskDefinitionArn", Arns.taskDefinition(family, Integer.toString(number)));
    tree.put("revision", number);
    tree.put("requiresAttributes", List.of(Map.of("name", "ecs.capability.task-eni")));
    tree.put("compatibilities", List.of("EC2", "FARGATE"));
    tree.put("registeredAt", Instant.now().toEpochMilli() / 1000.0);
    tree.put("registeredBy", registeredBy);
    var made = new TaskDefinition(family, number, tree, new ArrayList<>(tags));
    revisions.add(made);
    return made;
  }

  private static void normalise(Map<String, Object> tree) {
    tree.putIfAbsent("volumes", List.of());
    tree.putIfAbsent("placementConstraints", List.of());
    for (var container : Trees.objects(tree, "containerDefinitions")) {
      if (!(container.get("name") instanceof String) || !(container.get("image") instanceof String))
        throw new AwsError(400, "ClientException", "Container.name and image should not be null.");
      container.putIfAbsent("cpu", 0);
      container.putIfAbsent("essential", true);
      for (var list : List.of("mountPoints", "volumesFrom", "systemControls"))
        container.putIfAbsent(list, List.of());
      for (var port : Trees.objects(container, "portMappings")) {
        port.putIfAbsent("hostPort", port.get("containerPort"));
        port.putIfAbsent("protocol", "tcp");
      }
      // ECS answers in an order of its own.
      Trees.objects(container, "environment")
          .sort(Comparator.comparing((Map<String, Object> v) -> (String) v.get("name")).reversed());
    }
  }

  /** By ARN, {@code family:revision} or family (the newest active revision). */
  synchronized Optional<TaskDefinition> find(String reference) {
    var name = Arns.name(reference);
    var colon = name.indexOf(':');
    if (colon < 0) {
      return families.getOrDefault(name, List.of()).stream()
          .filter(this::active)
          .reduce((_, b) -> b);
    }
    return families.getOrDefault(name.substring(0, colon), List.of()).stream()
        .filter(revision -> name.substring(colon + 1).equals("" + revision.revision()))
        .findFirst();
  }

  TaskDefinition get(String reference) {
    return find(reference)
        .orElseThrow(
            () -> new AwsError(400, "ClientException", "Unable to describe task definition."));
  }

  synchronized boolean active(TaskDefinition revision) {
    return !inactive.contains(revision.arn());
  }

  synchronized TaskDefinition deregister(String reference) {
    if (!Arns.name(reference).contains(":"))
      throw invalid("Task definition requires a revision: " + reference);
    var revision = get(reference);
    inactive.add(revision.arn());
    return revision;
  }

  /** ARNs, oldest first; {@code family} is a whole name here, as in ECS's familyPrefix. */
  synchronized List<String> list(Optional<String> family, boolean wantActive) {
    return families.entrySet().stream()
        .filter(entry -> family.isEmpty() || family.get().equals(entry.getKey()))
        .flatMap(entry -> entry.getValue().stream())
        .filter(revision -> active(revision) == wantActive)
        .map(TaskDefinition::arn)
        .toList();
  }

  synchronized Map<String, Object> describe(TaskDefinition revision) {
    var tree = new LinkedHashMap<>(revision.tree());
    tree.put("status", active(revision) ? "ACTIVE" : "INACTIVE");
    return tree;
  }

  synchronized List<Map<String, Object>> tags(TaskDefinition revision) {
    return List.copyOf(revision.tags());
  }

  /** Sets tags, replacing those with the same key. */
  synchronized void tag(TaskDefinition revision, List<Map<String, Object>> tags) {
    for (var tag : tags) {
      revision.tags().removeIf(old -> old.get("key").equals(tag.get("key")));
      revision.tags().add(tag);
    }
  }

  private static AwsError invalid(String message) {
    return new AwsError(400, "InvalidParameterException", message);
  }
}
