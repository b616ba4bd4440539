package slipway.rollout;

import java.util.List;
import java.util.Optional;

/**
 * What made us look at a service, as far as looking does not find it out better.
 *
 * @param again an earlier try may have died on the way
 * @param deployments what ECS's events said about deployments, the last word last
 */
record Hints(boolean again, List<DeploymentEvent> deployments) {
  /** Nothing but: look. */
  static final Hints NONE = new Hints(false, List.of());

  Hints {
    deployments = List.copyOf(deployments);
  }

  /** Without what events said of others than this ECS service. */
  Hints about(String ecsService) {
    return new Hints(
        again, deployments.stream().filter(event -> event.service().equals(ecsService)).toList());
  }

  /**
   * How a deployment ended, if an event said so. Events come in any order, but a deployment ends
   * once, so that one word of its end is enough.
   */
  Optional<DeploymentEvent> end(String deployment) {
    return deployments.stream()
        .filter(event -> event.deployment().equals(deployment))
        .filter(event -> event.kind() != DeploymentEvent.Kind.IN_PROGRESS)
        .findFirst();
  }
}
