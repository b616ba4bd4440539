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
   * How a deployment goes or went; empty if ECS does not know, or not any more.
   *
   * @param deployment {@code ecs-svc/…}
   * @param startedAt when it began
   */
  Optional<Course> course(ServiceName service, String deployment, Instant startedAt);

  /**
   * Has an unfinished deployment taken back: requests go to what ran before, at once.
   *
   * @return whether ECS does so; it does not if the deployment has ended meanwhile
   */
  boolean takeBack(Course course);

  /** Tasks of the service that stopped lately, up to a hundred. */
  List<StoppedTask> stopped(ServiceName service);
}
