package slipway.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A rollout as the figures see it.
 *
 * @param id later ones have greater ids
 * @param pushed it brought new images, rather than that a person, a template or somebody else asked
 *     for it
 * @param commits that it brought
 * @param startedAt by ECS's clock
 * @param pushedAt when the foremost commit was pushed
 * @param endedAt when it was found healthy or failed, or was superseded
 * @param restoredAt when, after it failed, the revision that ECS went back to served alone
 */
public record PastRollout(
    String id,
    boolean pushed,
    List<String> commits,
    End end,
    Instant startedAt,
    Optional<Instant> pushedAt,
    Optional<Instant> endedAt,
    Optional<Instant> restoredAt) {

  /** What became of it. */
  public enum End {
    IN_PROGRESS,
    HEALTHY,
    FAILED,
    SUPERSEDED
  }

  public PastRollout {
    commits = List.copyOf(commits);
    if (pushed && commits.isEmpty())
      throw new IllegalArgumentException("rollout " + id + " was pushed: want its commits");
  }
}
