package slipway.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.rollout.SpentBudgets.Spent;

/**
 * What Slipway remembers of a service. AWS stays the source of truth: with nothing remembered,
 * reconcile still finds its way.
 *
 * @param running the rollout that was last found healthy
 * @param latest the rollout that was last started
 * @param pinned what shall run whatever is behind the deploy tag
 * @param frozen nothing shall be rolled out
 * @param said what people were last told about why nothing was rolled out
 * @param spent error budgets that the last audit found spent, by name of their SLO
 */
record ServiceState(
    Optional<Rollout> running,
    Optional<Rollout> latest,
    Optional<Pin> pinned,
    Optional<Change> frozen,
    Optional<Said> said,
    List<Spent> spent) {
  static final ServiceState EMPTY =
      new ServiceState(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of());

  ServiceState {
    spent = List.copyOf(spent);
  }

  /**
   * Who wanted it, why and when.
   *
   * @param reason may be empty
   */
  record Change(String by, String reason, Instant at) {
    /** Such as: by ann: error budget spent. */
    String text() {
      return reason.isEmpty() ? "by " + by : "by " + by + ": " + reason;
    }
  }

  /** A rollout that was healthy once and shall run until the pin is taken away. */
  record Pin(Rollout rollout, Change change) {}

  /**
   * People are told once why a content is not rolled out.
   *
   * @param commits that were told to wait, and so want another word when something else comes
   * @param waiting the rollout that was announced and has not begun; empty if it never will
   */
  record Said(String text, List<String> commits, Optional<Announcement> waiting) {
    Said {
      commits = List.copyOf(commits);
    }

    /** Whether somebody still waits. */
    boolean open() {
      return !commits.isEmpty() || waiting.isPresent();
    }
  }

  /** The rollout whose end is not known yet. */
  Optional<Rollout> open() {
    return latest.filter(Rollout::open);
  }

  /** The images that were last found healthy, by container. */
  Map<String, String> images() {
    return running.map(Rollout::images).orElse(Map.of());
  }

  /** The commits that were last told something else than that they run. */
  Set<String> waiting() {
    var unhealthy = latest.filter(rollout -> rollout.status() != Rollout.Status.HEALTHY);
    return Stream.concat(
            unhealthy.stream().flatMap(rollout -> rollout.commits().stream()),
            said.stream().flatMap(it -> it.commits().stream()))
        .collect(Collectors.toSet());
  }

  /** The revision of that ARN, if it is remembered. */
  Optional<Revision> revision(String arn) {
    return latest
        .filter(rollout -> rollout.to().equals(arn))
        .or(() -> running.filter(rollout -> rollout.to().equals(arn)))
        .map(
            rollout ->
                new Revision(
                    arn,
                    Optional.of(rollout.fingerprint()),
                    rollout.commits().stream().findFirst(),
                    rollout.images()));
  }

  /** After a rollout began. */
  ServiceState started(Rollout rollout) {
    return new ServiceState(running, Optional.of(rollout), pinned, frozen, Optional.empty(), spent);
  }

  /** After the latest rollout ended. */
  ServiceState ended(Rollout rollout) {
    return new ServiceState(
        rollout.status() == Rollout.Status.HEALTHY ? Optional.of(rollout) : running,
        Optional.of(rollout),
        pinned,
        frozen,
        said,
        spent);
  }

  /** After an audit found these budgets spent, and no others. */
  ServiceState spent(List<Spent> now) {
    return new ServiceState(running, latest, pinned, frozen, said, now);
  }
}
