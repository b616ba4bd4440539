package slipway.rollout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import slipway.config.Service;
import slipway.json.Json;
import slipway.telemetry.Mistake;
import slipway.telemetry.Task;
import slipway.telemetry.TelemetryDecision;

/**
 * What ECS does not mind and telemetry does, as sentences for the notification of how a rollout
 * ended.
 */
final class Warnings {
  private Warnings() {}

  /** Of content that serves, and may not be measured. */
  static List<String> healthy(Service service, Desired.Content content) {
    var warnings = new ArrayList<>(Agents.tooOldInside(agents(content)));
    TelemetryDecision.mistakes(task(service, content)).stream()
        .map(Warnings::sentence)
        .forEach(warnings::add);
    return List.copyOf(warnings);
  }

  /**
   * Of content that failed: what it may have failed for, and nobody says. Java that is told to load
   * an agent that is not there ends before it has begun.
   *
   * @param reason of the failure
   */
  static List<String> failed(Service service, Desired.Content content, String reason) {
    var front = service.front().name();
    if (!reason.contains(front + " exited with code 1 ")
            && !reason.endsWith(front + " exited with code 1")
        || agents(content).containsKey(front)) return List.of();
    return task(service, content)
        .javaAgent()
        .map(
            file ->
                "JAVA_TOOL_OPTIONS has Java load the agent %s, and the image of %s does not say that it has one (LABEL %s in its Dockerfile). If that file is not there, Java ends with code 1: put it there, or set JAVA_TOOL_OPTIONS to something else in slipway.yaml."
                    .formatted(file, front, Origin.AGENT))
        .stream()
        .toList();
  }

  private static String sentence(Mistake mistake) {
    var text = mistake.toString();
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  private static Task task(Service service, Desired.Content content) {
    return Task.of(service, Json.of(content.revision().tree()));
  }

  private static Map<String, String> agents(Desired.Content content) {
    var agents = new LinkedHashMap<String, String>();
    content
        .built()
        .forEach((name, image) -> image.origin().agent().ifPresent(it -> agents.put(name, it)));
    return agents;
  }
}
