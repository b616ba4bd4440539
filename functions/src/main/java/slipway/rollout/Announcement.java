package slipway.rollout;

import java.util.Optional;

/**
 * A rollout as GitHub is told of it, from before it begins to long after its end.
 *
 * @param commit the foremost of those that it brings
 * @param key names it among the commit's rollouts: its content, and what was rolled out before, so
 *     that whoever starts again after a crash speaks of the same one
 */
record Announcement(String commit, String key) {
  private static final int SHORT = 12;

  /** The announcement of content that follows a rollout; none without a commit to tell. */
  static Optional<Announcement> of(
      Iterable<String> commits, String fingerprint, Optional<Rollout> before) {
    var first = commits.iterator();
    if (!first.hasNext()) return Optional.empty();
    return Optional.of(
        new Announcement(
            first.next(),
            fingerprint.substring(0, Math.min(SHORT, fingerprint.length()))
                + before.map(rollout -> " after " + rollout.id()).orElse("")));
  }
}
