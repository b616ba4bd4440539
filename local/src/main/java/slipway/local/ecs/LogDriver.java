package slipway.local.ecs;

import java.util.List;
import java.util.Optional;
import slipway.json.Json;
import slipway.local.cloud.Authorizer;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Caller;
import slipway.local.cloud.Place;

/** The awslogs driver of a container: it opens its stream before the container starts. */
final class LogDriver {
  private LogDriver() {}

  /**
   * Tries to open the stream.
   *
   * @param container as the task definition has it
   * @param role the execution role
   */
  static void open(Json container, Optional<String> role, Authorizer authorizer)
      throws CannotStart {
    var log = container.at("logConfiguration");
    if (!log.at("logDriver").optionalText().filter("awslogs"::equals).isPresent()) return;
    var stream =
        Place.arn(
            "logs",
            "log-group:%s:log-stream:%s"
                .formatted(
                    log.at("options").at("awslogs-group").text(), container.at("name").text()));
    for (var action : List.of("logs:CreateLogStream", "logs:PutLogEvents"))
      if (role.isEmpty()
          || !authorizer.allows(
              new Caller("", "ECS agent", role.get()), new Permission(action, stream)))
        throw new CannotStart(
            "CannotStartContainerError: failed to initialize logging driver: AccessDeniedException: %s is not authorized to perform: %s on resource: %s"
                .formatted(role.orElse("a task without an execution role"), action, stream));
  }
}
