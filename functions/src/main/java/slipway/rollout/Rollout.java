package slipway.rollout;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;

/**
 * One rollout in a service's history.
 *
 * @param id sorts by time: {@code 20261122T113000.000Z-0c6e85b4}
 * @param deployment ECS's id of it, {@code ecs-svc/…}
 * @param from ARN of the revision that ran before, if any did
 * @param to ARN of the revision
 * @param images by container, pinned where Slipway builds them
 * @param commits that brought what is new in it, the foremost first; empty if no image names one
 * @param endedAt when it was found healthy or failed
 * @param reason why it failed; empty otherwise
 * @param told whether everyone was told how it ended
 */
record Rollout(
    String id,
    ServiceName service,
    String deployment,
    Optional<String> from,
    String to,
    String fingerprint,
    Map<String, String> images,
    List<String> commits,
    Status status,
    Instant startedAt,
    Optional<Instant> endedAt,
    String reason,
    boolean told) {
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** What became of it. */
  enum Status {
    IN_PROGRESS,
    HEALTHY,
    FAILED,
    /** A newer rollout took its place before it ended. */
    SUPERSEDED
  }

  Rollout {
    images = Map.copyOf(images);
    commits = List.copyOf(commits);
  }

  /** A rollout that began now. */
  static Rollout started(
      ServiceName service,
      String deployment,
      Optional<String> from,
      String to,
      String fingerprint,
      Map<String, String> images,
      List<String> commits,
      Instant now) {
    return new Rollout(
        id(now, fingerprint),
        service,
        deployment,
        from,
        to,
        fingerprint,
        images,
        commits,
        Status.IN_PROGRESS,
        now,
        Optional.empty(),
        "",
        false);
  }

  static String id(Instant now, String fingerprint) {
    return ID_TIME.format(now) + "-" + fingerprint.substring(0, 8);
  }

  /** The foremost commit; empty text if none is known. */
  String commit() {
    return commits.isEmpty() ? "" : commits.getFirst();
  }

  /** As later rollouts need it. */
  ServiceState.Ran ran() {
    return new ServiceState.Ran(id, fingerprint, to, commit(), images);
  }
}
