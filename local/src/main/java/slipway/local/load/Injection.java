package slipway.local.load;

import java.time.Duration;

/**
 * What goes wrong on the way between users and the load balancer.
 *
 * @param faults requests that are answered 503 and never get there
 * @param latency for which requests wait before they are passed on
 * @param late which of those that are no faults
 */
public record Injection(Share faults, Duration latency, Share late) {
  static final Injection NONE = new Injection(Share.NONE, Duration.ZERO, Share.NONE);

  public Injection {
    if (latency.isNegative() || latency.compareTo(Duration.ofSeconds(10)) > 0)
      throw new IllegalArgumentException("latency of " + latency + ": want 10 s at most");
  }

  boolean none() {
    return faults.part() == 0 && late.part() == 0;
  }
}
