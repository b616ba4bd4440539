package slipway.local.ecs;

/**
 * A container cannot be started, such as when its image cannot be had; the message is what ECS puts
 * into {@code stoppedReason}.
 */
final class CannotStart extends Exception {
  private static final long serialVersionUID = 1L;

  CannotStart(String message) {
    super(message);
  }
}
