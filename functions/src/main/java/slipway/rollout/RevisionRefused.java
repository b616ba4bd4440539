package slipway.rollout;

/** ECS does not take a revision: something in it is wrong. */
final class RevisionRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RevisionRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
