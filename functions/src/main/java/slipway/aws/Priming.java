package slipway.aws;

/** Walks a code path before SnapStart's snapshot. */
public final class Priming {
  private Priming() {}

  /** A read that fails has loaded its classes all the same, and must not fail the deployment. */
  public static void run(Runnable read) {
    try {
      read.run();
    } catch (RuntimeException e) {
      System.out.println("priming: " + e);
    }
  }
}
