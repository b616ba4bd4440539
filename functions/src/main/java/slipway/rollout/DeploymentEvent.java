package slipway.rollout;

import java.util.List;
import slipway.json.Json;

/**
 * ECS says how far a deployment is.
 *
 * @param service name of the ECS service
 * @param deployment {@code ecs-svc/…}
 * @param reason ECS's words
 */
record DeploymentEvent(String service, Kind kind, String deployment, String reason) {
  /** What it says. */
  enum Kind {
    IN_PROGRESS,
    COMPLETED,
    FAILED
  }

  /**
   * Reads an "ECS Deployment State Change"; {@link slipway.json.Malformed} if it is none.
   *
   * @param resources of the event: the service's ARN
   * @param detail of the event
   */
  static DeploymentEvent of(List<String> resources, Json detail) {
    var arn = new Json("resources[0]", resources.isEmpty() ? null : resources.getFirst());
    var service = arn.text();
    if (!service.contains(":service/")) throw arn.unexpected("the ARN of an ECS service");
    var name = detail.at("eventName");
    return new DeploymentEvent(
        service.substring(service.lastIndexOf('/') + 1),
        switch (name.text()) {
          case "SERVICE_DEPLOYMENT_IN_PROGRESS" -> Kind.IN_PROGRESS;
          case "SERVICE_DEPLOYMENT_COMPLETED" -> Kind.COMPLETED;
          case "SERVICE_DEPLOYMENT_FAILED" -> Kind.FAILED;
          default -> throw name.unexpected("SERVICE_DEPLOYMENT_IN_PROGRESS, _COMPLETED or _FAILED");
        },
        detail.at("deploymentId").text(),
        detail.at("reason").optionalText().orElse(""));
  }
}
