package slipway.infra;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import slipway.config.Config;
import slipway.config.Service;
import software.constructs.Construct;
import software.constructs.IDependable;

/**
 * A service that is there already, and stays when the stack goes. The stack makes nothing of it but
 * its first release, which reads what it runs as the template.
 */
final class AdoptedService extends Construct {
  /**
   * @param readiness what must stand before a first release can come about
   */
  record Inputs(
      Config config,
      Service service,
      LiveFunction firstRelease,
      List<? extends IDependable> readiness) {}

  AdoptedService(Construct scope, Inputs inputs) {
    super(scope, "Service");
    var service = inputs.service();
    var tag = inputs.config().github().deployTag();
    Release.of(
        this,
        inputs.firstRelease(),
        Map.of(
            "Service", service.name().value(),
            "Adopted", inputs.config().cluster() + "/" + service.ecsName(),
            // No task definition of the stack's changes when another image is to be built.
            "Images",
                service.built().stream()
                    .map(container -> container.name() + "=" + container.repository() + ":" + tag)
                    .collect(Collectors.joining(" "))),
        inputs.readiness());
  }
}
