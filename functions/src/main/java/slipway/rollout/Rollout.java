package slipway.rollout;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;
import slipway.notice.About;

/**
 * One rollout in a service's history.
 *
 * @param id sorts by time: {@code 20261122T113000.000Z-0c6e85b4}
 * @param deployment ECS's id of it, {@code ecs-svc/…}
 * @param from ARN of the revision that ran before, if any did
 * @param to ARN of the revision
 * @param images by container, pinned where Slipway builds them
 * @param commits that brought what is new in it, the foremost first; empty if no image names one
 * @param author of the foremost commit, if its image says so
 * @param pushedAt when the foremost commit was pushed; empty if the rollout brought nothing new, or
 *     no image says it
 * @param cause what made it necessary
 * @param why it was rolled out, in a few words
 * @param announced how GitHub knows it
 * @param startedAt by ECS's clock
 * @param endedAt when it was found healthy or failed, or was superseded
 * @param reason why it failed, or is to be taken back while it is on its way; empty otherwise
 * @param runs ARN of the revision that ran when it had ended, if any did
 * @param restoredAt when, after it failed, the revision that ECS went back to served alone again;
 *     empty if that is not so yet, or another rollout began before
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
    Optional<String> author,
    Optional<Instant> pushedAt,
    Cause cause,
    String why,
    Optional<Announcement> announced,
    Status status,
    Instant startedAt,
    Optional<Instant> endedAt,
    String reason,
    Optional<String> runs,
    Optional<Instant> restoredAt) {
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** What became of it. */
  enum Status {
    IN_PROGRESS,
    HEALTHY,
    FAILED,
    /** Another deployment took its place before it ended. */
    SUPERSEDED
  }

  /** What makes a rollout necessary. */
  enum Cause {
    /** New images. */
    PUSH,
    /** The same images in another task definition. */
    TEMPLATE,
    /** A person's pin. */
    PIN,
    /** Somebody else deployed it. */
    FOUND
  }

  Rollout {
    images = Map.copyOf(images);
    commits = List.copyOf(commits);
  }

  /**
   * A rollout that began. Its id comes from the deployment alone, so that recording it twice is
   * recording it once.
   */
  static Rollout started(
      ServiceName service,
      RunningService.Deployment deployment,
      Optional<String> from,
      String fingerprint,
      Map<String, String> images,
      Brought brought,
      Optional<Announcement> announced) {
    return new Rollout(
        id(deployment.createdAt(), fingerprint),
        service,
        deployment.id(),
        from,
        deployment.taskDefinition(),
        fingerprint,
        images,
        brought.commits(),
        brought.author(),
        brought.pushedAt(),
        brought.cause(),
        brought.why(),
        announced,
        Status.IN_PROGRESS,
        deployment.createdAt(),
        Optional.empty(),
        "",
        Optional.empty(),
        Optional.empty());
  }

  /**
   * What a rollout brings, for people.
   *
   * @param commits the foremost first
   * @param author of the foremost
   * @param pushedAt when the foremost was pushed
   * @param why in a few words
   */
  record Brought(
      List<String> commits,
      Optional<String> author,
      Optional<Instant> pushedAt,
      Cause cause,
      String why) {
    Brought {
      commits = List.copyOf(commits);
    }

    /** The same, in spite of what would have held it up. */
    Brought although(String what) {
      return new Brought(commits, author, pushedAt, cause, why + ", although " + what);
    }
  }

  static String id(Instant startedAt, String fingerprint) {
    return time(startedAt) + "-" + fingerprint.substring(0, 8);
  }

  /** A time as text that sorts by time, to the millisecond. */
  static String time(Instant at) {
    return ID_TIME.format(at);
  }

  /** Whether its end is not known yet. */
  boolean open() {
    return status == Status.IN_PROGRESS;
  }

  /** The foremost commit; empty text if none is known. */
  String commit() {
    return commits.isEmpty() ? "" : commits.getFirst();
  }

  /** For lines of the log. */
  About about() {
    return About.service(service).rollout(id).commit(commit());
  }

  /** From its beginning to its end, if it has ended. */
  Optional<Duration> duration() {
    return endedAt.map(end -> Duration.between(startedAt, end));
  }

  /** From the push of the foremost commit until it was found healthy, if both are known. */
  Optional<Duration> leadTime() {
    return status == Status.HEALTHY
        ? pushedAt.flatMap(pushed -> endedAt.map(end -> Duration.between(pushed, end)))
        : Optional.empty();
  }

  /** This rollout when it has ended. */
  Rollout ended(Status how, Instant at, String because, Optional<String> nowRuns) {
    return with(how, Optional.of(at), because, nowRuns, Optional.empty());
  }

  /** This rollout, which is on its way, when it is to be taken back. */
  Rollout takenBack(String order) {
    return with(status, endedAt, order, runs, restoredAt);
  }

  /** The order by which it was to be taken back, if it was, while its end is not known. */
  Optional<String> order() {
    return Optional.of(reason).filter(text -> open() && !text.isEmpty());
  }

  /** This rollout, which failed, when what ECS went back to serves alone. */
  Rollout restored(Instant at) {
    return with(status, endedAt, reason, runs, Optional.of(at));
  }

  private Rollout with(
      Status how,
      Optional<Instant> ended,
      String because,
      Optional<String> nowRuns,
      Optional<Instant> restored) {
    return new Rollout(
        id,
        service,
        deployment,
        from,
        to,
        fingerprint,
        images,
        commits,
        author,
        pushedAt,
        cause,
        why,
        announced,
        how,
        startedAt,
        ended,
        because,
        nowRuns,
        restored);
  }
}
