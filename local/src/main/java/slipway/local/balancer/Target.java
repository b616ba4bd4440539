package slipway.local.balancer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import slipway.local.ecs.Targets.Health;

/** A registered target: its health, its requests in flight, its draining. */
final class Target {
  /** What is said of a target that did not answer, and when nothing better is known. */
  static final String FAILED = "Health checks failed";

  private final int port;
  private final Runnable onChange;
  private final CountDownLatch gone = new CountDownLatch(1);
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private Health health = Health.INITIAL;
  private boolean draining;
  private int inFlight;
  private int passes;
  private int failures;
  private String failure = FAILED;

  /**
   * What a health check found.
   *
   * @param failure why it failed, in the load balancer's words; of no use if it did not
   */
  record Check(Health health, String failure) {}

  Target(int port, Runnable onChange) {
    this.port = port;
    this.onChange = onChange;
  }

  int port() {
    return port;
  }

  synchronized Health health() {
    return health;
  }

  /** Why its last health check failed; of no use if none did. */
  synchronized String failure() {
    return failure;
  }

  synchronized boolean draining() {
    return draining;
  }

  /** Takes a request, unless it is unhealthy or draining; {@link #done} must follow. */
  synchronized boolean take() {
    if (draining || health != Health.HEALTHY) return false;
    inFlight++;
    return true;
  }

  void done() {
    boolean last;
    synchronized (this) {
      inFlight--;
      last = draining && inFlight == 0;
    }
    if (last) drained.complete(null);
  }

  /**
   * No new requests from here on. Like a load balancer it does not wait for the delay if nothing is
   * in flight.
   */
  CompletableFuture<Void> drain(Duration delay) {
    boolean idle;
    synchronized (this) {
      draining = true;
      idle = inFlight == 0;
    }
    gone.countDown();
    if (idle) drained.complete(null);
    return drained.completeOnTimeout(null, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The result of one health check. A target that is new needs to pass only one. */
  void checked(Check check, int healthyThreshold, int unhealthyThreshold) {
    Health before;
    Health after;
    synchronized (this) {
      before = health;
      if (check.health() == Health.HEALTHY) {
        failures = 0;
        passes++;
        if (health == Health.INITIAL || passes >= healthyThreshold) health = Health.HEALTHY;
      } else {
        passes = 0;
        failures++;
        failure = check.failure();
        if (failures >= unhealthyThreshold) health = check.health();
      }
      after = health;
    }
    if (before != after) onChange.run();
  }

  /** Whether it left within the time. */
  boolean leaves(Duration within) throws InterruptedException {
    return gone.await(within.toNanos(), TimeUnit.NANOSECONDS);
  }
}
