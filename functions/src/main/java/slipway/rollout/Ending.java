package slipway.rollout;

/** How the deployment of a rollout ended. */
sealed interface Ending {
  /** Its tasks are healthy and serve. */
  record Healthy() implements Ending {}

  /**
   * ECS gave it up.
   *
   * @param reason ECS's words; empty if it gave none
   */
  record Failed(String reason) implements Ending {}

  /**
   * A person ordered something else while it was on its way, and it was taken back.
   *
   * @param order what was ordered, and by whom
   */
  record Withdrawn(String order) implements Ending {}

  /**
   * Somebody who is not Slipway deployed another revision in its place.
   *
   * @param by ARN of that revision
   */
  record Replaced(String by) implements Ending {}
}
