package slipway.rollout;

/** A call that AWS did not answer as asked. */
final class CallFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CallFailed(String message) {
    super(message, null, false, false);
  }
}
