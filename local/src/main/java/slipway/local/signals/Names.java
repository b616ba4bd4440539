package slipway.local.signals;

import java.util.Map;
import java.util.Optional;

/**
 * The name and environment that a service gets on ECS. Source: CloudWatch agent since 1.300057,
 * which decides the environment; first match wins.
 *
 * @param hostedIn of the agent's {@code application_signals} section
 * @param cluster that the agent itself runs in
 */
record Names(Optional<String> hostedIn, Optional<String> cluster) {

  ServiceKey service(Map<String, Object> resource) {
    return new ServiceKey(
        Attributes.first(resource, "service.name").orElse("UnknownService"), environment(resource));
  }

  private String environment(Map<String, Object> resource) {
    return Attributes.first(
            resource,
            "deployment.environment",
            "deployment.environment.name",
            "aws.hostedin.environment")
        .orElseGet(
            () ->
                "ecs:"
                    + hostedIn
                        .or(
                            () ->
                                Attributes.first(resource, "aws.ecs.cluster.arn").map(Names::last))
                        .or(
                            () ->
                                Attributes.first(resource, "aws.ecs.task.arn")
                                    .flatMap(Names::clusterOfTask))
                        .or(() -> cluster)
                        .orElse("default"));
  }

  private static String last(String arn) {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  /** {@code arn:aws:ecs:region:account:task/cluster/id}. */
  private static Optional<String> clusterOfTask(String arn) {
    var parts = arn.split("/");
    return parts.length == 3 ? Optional.of(parts[1]) : Optional.empty();
  }
}
