package slipway.delivery;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The four key figures of software delivery of one service over one time. Source: DORA's "four
 * keys" (dora.dev, guide "DORA's software delivery performance metrics").
 *
 * @param over the time that was looked at, until the audit
 * @param changes rollouts of a change that ended healthy or failed
 * @param deployments those of them that ended healthy
 * @param leadTime median from push to healthy; empty if no rollout tells when it was pushed
 * @param failed changes that failed, or that people rolled back after they were healthy
 * @param restored median from the begin of a failed change until healthy content served alone
 *     again; empty if nothing failed
 */
public record DeliveryFigures(
    Duration over,
    int changes,
    int deployments,
    Optional<Duration> leadTime,
    int failed,
    Optional<Duration> restored) {

  public DeliveryFigures {
    if (over.isNegative() || over.isZero())
      throw new IllegalArgumentException("figures over " + over + ": want more than 0");
    if (deployments < 0 || changes < deployments || failed < 0)
      throw new IllegalArgumentException(
          "%d changes, %d deployments, %d failed: want 0 <= deployments <= changes and 0 <= failed"
              .formatted(changes, deployments, failed));
  }

  /** Deployments in a day, on average. */
  public double perDay() {
    return deployments * (double) Duration.ofDays(1).toMillis() / over.toMillis();
  }

  /** Change failure rate in percent; empty without changes. */
  public OptionalDouble failureRate() {
    return changes == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(100.0 * Math.min(failed, changes) / changes);
  }
}
