package slipway.rollout;

import java.util.List;
import java.util.Optional;

/**
 * A task that stopped.
 *
 * @param startedBy id of the deployment that started it
 * @param stopCode such as {@code EssentialContainerExited}; empty if ECS gave none
 * @param reason ECS's words; empty if it gave none
 */
record StoppedTask(String startedBy, String stopCode, String reason, List<Container> containers) {
  /**
   * One of its containers.
   *
   * @param exitCode none if it never ran
   * @param reason ECS's words, such as {@code OutOfMemoryError: …}; empty if it gave none
   * @param unhealthy its own health check failed
   */
  record Container(String name, Optional<Integer> exitCode, String reason, boolean unhealthy) {}

  StoppedTask {
    containers = List.copyOf(containers);
  }
}
