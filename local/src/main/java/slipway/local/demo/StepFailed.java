package slipway.local.demo;

/** A step of the demo did not come to the end that it should. */
final class StepFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Terminal.Step step;

  StepFailed(Terminal.Step step, String why, Throwable cause) {
    super(why, cause);
    this.step = step;
  }

  Terminal.Step step() {
    return step;
  }
}
