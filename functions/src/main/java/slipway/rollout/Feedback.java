package slipway.rollout;

import java.net.URI;
import java.util.Optional;
import slipway.config.ServiceName;

/** Where a commit is told what became of it. */
@FunctionalInterface
interface Feedback {
  /** As GitHub names them. */
  enum State {
    PENDING,
    SUCCESS,
    FAILURE,
    ERROR
  }

  /**
   * Sets a status on a commit; setting it again is harmless.
   *
   * @param service whose repository has the commit
   * @param context such as {@code slipway/dice}; a later status of the same context replaces it
   * @param description what happened; cut to 140 characters
   * @param target where to read more
   */
  void set(
      ServiceName service,
      String commit,
      State state,
      String context,
      String description,
      Optional<URI> target);
}
