package slipway.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.Container;
import slipway.config.Service;
import slipway.telemetry.Sidecar;
import slipway.telemetry.Variables;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.logs.LogGroup;

/**
 * What the containers are told about telemetry.
 *
 * @param logs group for the logs that the service sends by OTLP
 */
record Telemetry(Service service, LogGroup logs) {

  /** Name of the group for the logs that a service sends by OTLP. */
  static String logGroup(String stack, Service service) {
    return "/" + stack + "/" + service.name();
  }

  boolean hasAgent() {
    return has(Sidecar.AGENT);
  }

  boolean hasCollector() {
    return has(Sidecar.COLLECTOR);
  }

  private boolean has(Sidecar sidecar) {
    return service.containers().stream().anyMatch(c -> sidecar.is(c.name()));
  }

  Map<String, String> environment(Container container) {
    return Variables.of(service, container, logs.getLogGroupName());
  }

  /**
   * What ECS runs in a sidecar to see whether it is up. Both images are made FROM scratch, so there
   * is no shell and no curl, only their own programs.
   *
   * <p>The collector's asks its health_check extension. The CloudWatch agent has neither endpoint
   * nor program for that (github.com/aws/amazon-cloudwatch-agent/issues/541), so what is asked is
   * its version: it tells that the container runs and its program starts, not that its ports are
   * open. Those open within the seconds that pass before the first check.
   */
  static Optional<HealthCheck> healthCheck(Container container) {
    return Sidecar.named(container.name())
        .map(
            sidecar ->
                switch (sidecar) {
                  case AGENT ->
                      List.of(
                          "CMD",
                          "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent",
                          "-version");
                  case COLLECTOR -> List.of("CMD", "/healthcheck");
                })
        .map(
            command ->
                HealthCheck.builder()
                    .command(command)
                    .interval(Duration.seconds(10))
                    .timeout(Duration.seconds(5))
                    .retries(3)
                    .startPeriod(Duration.seconds(10))
                    .build());
  }
}
