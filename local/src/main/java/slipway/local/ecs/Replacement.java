package slipway.local.ecs;

/**
 * How a service gets from what runs to its primary deployment; asked for its next step whenever
 * something changed. Guarded by its service's lock.
 */
sealed interface Replacement permits RollingUpdate, TrafficShift {
  /** Takes the next step, and says whether it is over. */
  boolean step(ServiceSettings settings) throws Elb.Refused;

  /** Whether an alarm that goes off now ends it. */
  boolean watched();
}
