package slipway.rollout;

import java.util.List;

/**
 * How ECS itself says that a deployment goes, or went. Of one that shifts requests nothing else
 * tells it: DescribeServices has no progress of it, and what is rolled back completes as well.
 *
 * @param arn of the service deployment, by which ECS can be told to take it back
 * @param reason ECS's words; may be empty
 * @param broke whether the circuit breaker ended it
 * @param alarms that ended it
 */
record Course(String arn, State state, String reason, boolean broke, List<String> alarms) {
  /** How far it is. */
  enum State {
    UNDER_WAY,
    /** All requests go to it, and what ran before is gone. */
    DONE,
    /** Requests go to what ran before again, and its own tasks are about to go. */
    GOING_BACK,
    /** What ran before serves alone again. */
    WENT_BACK,
    /** It was stopped where it was, or the way back failed. */
    STOPPED
  }

  Course {
    alarms = List.copyOf(alarms);
  }

  /** Whether ECS found it to be bad; else it was a person who ended it, or trouble of ECS's own. */
  boolean foundBad() {
    return broke || !alarms.isEmpty();
  }
}
