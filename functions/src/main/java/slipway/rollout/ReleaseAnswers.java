package slipway.rollout;

import java.util.Optional;
import slipway.config.ServiceName;

/** Where CloudFormation waits for the first release of a service. */
interface ReleaseAnswers {
  /**
   * Answers, and forgets that an answer is due.
   *
   * @param failure why the release failed; empty if it is there
   */
  void answer(ServiceName service, PendingRelease release, Optional<String> failure);
}
