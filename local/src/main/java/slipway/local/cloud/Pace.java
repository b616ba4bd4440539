package slipway.local.cloud;

import java.time.Duration;

/**
 * How much faster than AWS local time passes for waits that only cost patience: health check
 * intervals, queue delays, visibility timeouts, drains, schedules.
 *
 * @param factor 1 is AWS's own pace, 10 makes 30 s into 3 s
 */
public record Pace(double factor) {
  public Pace {
    if (!(factor >= 1)) throw new IllegalArgumentException("pace " + factor + ": want 1 or more");
  }

  /** The wait as local keeps it. */
  public Duration of(Duration atAws) {
    return Duration.ofNanos((long) (atAws.toNanos() / factor));
  }
}
