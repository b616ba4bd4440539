package slipway.rollout;

import java.net.URI;
import java.util.Optional;
import slipway.config.ServiceName;

/** Where people follow rollouts: GitHub's deployments. */
@FunctionalInterface
interface Announcements {
  /** How far a rollout is, as GitHub names it. */
  enum Stage {
    QUEUED,
    IN_PROGRESS,
    SUCCESS,
    FAILURE,
    /** Something else runs, or will. */
    INACTIVE
  }

  /**
   * Says how far a rollout is; saying it again is harmless.
   *
   * @param log where to read more
   */
  void set(ServiceName service, Announcement rollout, Stage stage, String text, Optional<URI> log);
}
