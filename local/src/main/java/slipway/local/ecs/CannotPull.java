package slipway.local.ecs;

/** An image cannot be had; the message is what ECS puts into {@code stoppedReason}. */
final class CannotPull extends Exception {
  private static final long serialVersionUID = 1L;

  CannotPull(String message) {
    super(message);
  }
}
