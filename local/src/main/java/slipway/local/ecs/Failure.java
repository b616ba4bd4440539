package slipway.local.ecs;

/**
 * Why ECS gives a deployment up.
 *
 * @param detector as events on the bus name it
 * @param what as the service's own event says it
 * @param status as DescribeServiceDeployments says it of one that shifts requests
 */
record Failure(String detector, String what, String status) {
  static final Failure BREAKER =
      new Failure(
          "ECS deployment circuit breaker",
          "tasks failed to start",
          "Service deployment rolled back because the circuit breaker threshold was exceeded.");

  /**
   * {@code what} is ECS's own; that the others are so is a guess, after the circuit breaker's
   * model.
   */
  static final Failure ALARM =
      new Failure(
          "ECS deployment alarm",
          "alarm detected",
          "Service deployment rolled back because one or more alarms went off.");

  /** A person's; how ECS words it is a guess. */
  static final Failure REQUESTED =
      new Failure(
          "ECS deployment",
          "rollback requested",
          "Service deployment rolled back because it was requested.");

  /** ECS cannot work on the load balancer. */
  static Failure of(Elb.Refused refused) {
    return new Failure("ECS deployment", refused.getMessage(), refused.getMessage());
  }

  /** As {@code rolloutStateReason} and the event on the bus say it. */
  String reason() {
    return detector + ": " + what + ".";
  }
}
