package slipway.local.ecs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.json.Json;

/**
 * A revision of a task definition.
 *
 * @param tree as DescribeTaskDefinition answers it, but for the status
 * @param tags each with {@code key} and {@code value}
 */
record TaskDefinition(
    String family, int revision, Map<String, Object> tree, List<Map<String, Object>> tags) {

  String arn() {
    return Arns.taskDefinition(family, Integer.toString(revision));
  }

  /** {@code arm64} or {@code amd64}, as images name it; ECS takes X86_64 if nothing is said. */
  String architecture() {
    var wanted = json().at("runtimePlatform").at("cpuArchitecture").optionalText();
    return wanted.equals(Optional.of("ARM64")) ? "arm64" : "amd64";
  }

  List<Json> containers() {
    return json().at("containerDefinitions").items();
  }

  Optional<String> taskRole() {
    return json().at("taskRoleArn").optionalText();
  }

  Optional<String> executionRole() {
    return json().at("executionRoleArn").optionalText();
  }

  Json json() {
    return Json.of(tree);
  }
}
