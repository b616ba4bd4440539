package slipway.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An ECS service as it is now.
 *
 * @param rolling whether tasks are replaced one by one, so that a newer deployment may replace an
 *     unfinished one; not so for blue/green, linear and canary
 * @param deployments the primary one first
 * @param events what ECS wrote into the service's log, the newest first
 */
record RunningService(boolean rolling, List<Deployment> deployments, List<Event> events) {
  /**
   * A deployment of the service.
   *
   * @param id {@code ecs-svc/…}, as in events and in tasks' {@code startedBy}
   * @param taskDefinition ARN of its revision
   * @param reason ECS's words on its progress; may be empty
   */
  record Deployment(
      String id,
      boolean primary,
      String taskDefinition,
      Progress progress,
      String reason,
      Instant createdAt) {}

  /** How far ECS says a deployment is. */
  enum Progress {
    IN_PROGRESS,
    COMPLETED,
    FAILED
  }

  /** A line of the service's log, such as {@code (service dice) has reached a steady state.} */
  record Event(Instant at, String text) {}

  RunningService {
    deployments = List.copyOf(deployments);
    events = List.copyOf(events);
  }

  /** The deployment that ECS works towards; a service being made may have none for a moment. */
  Optional<Deployment> primary() {
    return deployments.stream().filter(Deployment::primary).findFirst();
  }

  Optional<Deployment> deployment(String id) {
    return deployments.stream().filter(deployment -> deployment.id().equals(id)).findFirst();
  }
}
