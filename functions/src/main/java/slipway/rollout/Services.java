package slipway.rollout;

import java.time.Instant;
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

  /**
   * Names of the alarms for which ECS gave a deployment up; empty if for none.
   *
   * @param startedAt when the deployment began
   */
  List<String> alarms(ServiceName service, Instant startedAt);

  /** Tasks of the service that stopped lately, up to a hundred. */
  List<StoppedTask> stopped(ServiceName service);
}
