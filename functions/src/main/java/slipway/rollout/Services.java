package slipway.rollout;

import java.util.List;
import java.util.Optional;
import slipway.config.ServiceName;

/** Where services run. */
interface Services {
  /** The service; empty if it was not made yet, or was deleted. */
  Optional<RunningService> find(ServiceName service);

  /**
   * Starts a deployment of a revision.
   *
   * @param taskDefinition ARN of the revision
   * @return the deployment that is primary now; the running one if the revision ran already
   * @throws RevisionRefused if ECS will never deploy it
   */
  RunningService.Deployment deploy(ServiceName service, String taskDefinition);

  /** Tasks of the service that stopped lately, up to a hundred. */
  List<StoppedTask> stopped(ServiceName service);
}
