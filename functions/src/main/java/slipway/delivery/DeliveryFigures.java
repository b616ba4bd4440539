package slipway.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import slipway.delivery.DeliveryHistory.Delivered;
import slipway.delivery.PastRollout.End;

/**
 * The four key figures of software delivery of one service over one time. Source: DORA's "four
 * keys" (dora.dev, guide "DORA's software delivery performance metrics").
 *
 * <p>A <em>change</em> is a rollout that brought commits: not a pin, not another task definition
 * for the same images, not what somebody else deployed, and not a commit that was healthy before
 * and only comes back. One that another took the place of before it ended is none either. DORA's
 * names for the figures are deployment frequency, change lead time, change fail rate and failed
 * deployment recovery time.
 *
 * @param over the time that was looked at, until the audit; what began in it counts
 * @param changes those that ended healthy or failed, and those that people took back on their way
 * @param deployments those of them that ended healthy
 * @param leadTime median of the deployments, from the push of the foremost commit until it was
 *     found healthy; empty if no rollout tells when it was pushed
 * @param failed changes that failed, or that people took back by a rollback or an older pin
 * @param restored median of the failed changes, from the begin of the rollout until other, healthy
 *     content served alone: when the revision that ECS went back to did, or when the next healthy
 *     rollout was; empty if nothing failed, or nothing that failed is restored yet
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

  /** The figures of what was delivered in the time until then. */
  public static DeliveryFigures of(Delivered delivered, Duration over, Instant until) {
    var since = until.minus(over);
    var changes =
        changes(delivered).stream()
            .filter(change -> !change.startedAt().isBefore(since))
            .filter(change -> change.startedAt().isBefore(until))
            .toList();
    var deployments = changes.stream().filter(change -> change.end() == End.HEALTHY).toList();
    var failed = changes.stream().filter(change -> failed(change, delivered)).toList();
    return new DeliveryFigures(
        over,
        changes.size(),
        deployments.size(),
        median(deployments.stream().flatMap(change -> leadTime(change).stream())),
        failed.size(),
        median(failed.stream().flatMap(change -> restored(change, delivered).stream())));
  }

  private static List<PastRollout> changes(Delivered delivered) {
    var healthy = new HashSet<String>();
    var changes = new ArrayList<PastRollout>();
    for (var rollout : delivered.rollouts()) {
      if (rollout.pushed()
          && !healthy.containsAll(rollout.commits())
          && (rollout.end() == End.HEALTHY || failed(rollout, delivered))) changes.add(rollout);
      if (rollout.end() == End.HEALTHY) healthy.addAll(rollout.commits());
    }
    return changes;
  }

  private static boolean failed(PastRollout rollout, Delivered delivered) {
    return rollout.end() == End.FAILED || delivered.takenBack().containsKey(rollout.id());
  }

  /** A time of a push is people's, and their clocks may be ahead: such a one tells nothing. */
  private static Optional<Duration> leadTime(PastRollout change) {
    return change
        .pushedAt()
        .flatMap(pushed -> change.endedAt().map(end -> Duration.between(pushed, end)))
        .filter(time -> !time.isNegative());
  }

  private static Optional<Duration> restored(PastRollout failed, Delivered delivered) {
    // What was healthy before people took it back does not make up for it.
    var after =
        Optional.ofNullable(delivered.takenBack().get(failed.id()))
            .or(failed::endedAt)
            .orElse(failed.startedAt());
    return Stream.concat(
            failed.restoredAt().stream(),
            delivered.rollouts().stream()
                .filter(it -> it.end() == End.HEALTHY && !it.id().equals(failed.id()))
                .flatMap(it -> it.endedAt().stream())
                .filter(at -> at.isAfter(after)))
        .min(Instant::compareTo)
        .map(at -> Duration.between(failed.startedAt(), at));
  }

  private static Optional<Duration> median(Stream<Duration> times) {
    var sorted = times.sorted().toList();
    if (sorted.isEmpty()) return Optional.empty();
    int middle = sorted.size() / 2;
    return Optional.of(
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : sorted.get(middle - 1).plus(sorted.get(middle)).dividedBy(2));
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
