package slipway.aws;

import java.util.Map;
import slipway.notice.About;
import slipway.notice.Log;

/** Walks a code path before SnapStart's snapshot. */
public final class Priming {
  private Priming() {}

  /** A read that fails has loaded its classes all the same, and must not fail the deployment. */
  public static void run(Runnable read) {
    try {
      read.run();
    } catch (RuntimeException e) {
      Log.trouble(About.NOTHING, "priming failed", Map.of(), e);
    }
  }
}
