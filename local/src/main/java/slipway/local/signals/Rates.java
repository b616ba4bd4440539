package slipway.local.signals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import slipway.local.cloud.AwsError;

/**
 * Requests that each operation may have: a bucket that holds a second's worth and fills up again at
 * the same rate. Thread-safe.
 */
final class Rates {
  private final Clock clock;
  private final double factor;
  private final Map<Operation, Bucket> buckets = new EnumMap<>(Operation.class);

  private record Bucket(double tokens, Instant at) {}

  /**
   * @param factor how many times AWS's rates; infinity for no limit
   */
  Rates(Clock clock, double factor) {
    this.clock = clock;
    this.factor = factor;
  }

  /** Counts a request; ThrottlingException if it is one too many. */
  synchronized void take(Operation operation) {
    if (Double.isInfinite(factor)) return;
    var now = clock.instant();
    var full = operation.perSecond() * factor;
    var before = buckets.getOrDefault(operation, new Bucket(full, now));
    var seconds = Duration.between(before.at(), now).toNanos() / 1e9;
    var tokens = Math.min(full, before.tokens() + Math.max(0, seconds) * full);
    if (tokens < 1) {
      buckets.put(operation, new Bucket(tokens, now));
      throw new AwsError(429, "ThrottlingException", "Rate exceeded");
    }
    buckets.put(operation, new Bucket(tokens - 1, now));
  }
}
