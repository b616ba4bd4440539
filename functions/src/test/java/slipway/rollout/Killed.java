package slipway.rollout;

/** The function's process is gone; no code of it may go on. */
final class Killed extends Error {
  private static final long serialVersionUID = 1L;

  Killed() {
    super("the function was killed", null, false, false);
  }
}
