package slipway.rollout;

import java.util.Optional;
import slipway.config.ServiceName;

/** What answering a release takes: two calls, between which a function may die. */
interface Answers {
  /** CloudFormation takes the answer. */
  void put(ServiceName service, PendingRelease release, Optional<String> failure);

  /** The table forgets that an answer to this request is due. */
  void forget(ServiceName service, PendingRelease release);
}
