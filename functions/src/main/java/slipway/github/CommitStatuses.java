package slipway.github;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** News about a commit, where people look at it: on GitHub, as commit statuses. */
@FunctionalInterface
public interface CommitStatuses {

  /** The states that GitHub knows. */
  enum State {
    PENDING,
    SUCCESS,
    /** The commit is at fault. */
    FAILURE,
    /** Something else is. */
    ERROR;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Sets the commit's status in a context, instead of the one before.
   *
   * @param repository owner and name, such as {@code example/dice}
   * @param commit its full id
   * @param context whose news it is, such as {@code slipway/build}
   * @param description one line; cut to the 140 characters that GitHub takes
   * @param target page that tells more, http or https
   */
  void set(
      String repository,
      String commit,
      State state,
      String context,
      String description,
      Optional<URI> target);
}
