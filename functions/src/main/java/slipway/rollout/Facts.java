package slipway.rollout;

import java.util.Optional;
import slipway.config.Service;

/**
 * What was read of a service; reconcile decides on nothing else.
 *
 * @param running the ECS service; empty if there is none
 * @param current the revision that its primary deployment has
 * @param newest the newest active revision of the service's family; read only where it may not be
 *     the one that was rolled out last
 * @param pinned the revision that is pinned; read only if another one runs
 * @param course how the latest rollout goes or went, if it shifts requests; read only where that is
 *     not known yet
 * @param exhausted error budgets that hold up what is pushed
 * @param quarantined what should run failed before
 */
record Facts(
    Service service,
    Desired desired,
    Optional<RunningService> running,
    Optional<Revision> current,
    Optional<Revision> newest,
    Optional<TaskDefinition> pinned,
    ServiceState state,
    Optional<Course> course,
    Optional<BudgetFreeze> exhausted,
    Optional<Ledger.Quarantine> quarantined,
    Hints hints) {

  /**
   * The same when a rollout is recorded that nobody had recorded.
   *
   * @param its how it goes, if it shifts requests
   */
  Facts started(Rollout rollout, Optional<Course> its) {
    return with(state.started(rollout), its, quarantined);
  }

  /** The same when it is recorded how the latest rollout ended. */
  Facts ended(Rollout rollout) {
    var quarantine =
        rollout.status() == Rollout.Status.FAILED
                && target().filter(rollout.fingerprint()::equals).isPresent()
            ? Optional.of(Ledger.Quarantine.of(rollout))
            : quarantined;
    return with(state.ended(rollout), course, quarantine);
  }

  /** The same when another revision is the newest. */
  Facts newest(Optional<Revision> now) {
    return new Facts(
        service,
        desired,
        running,
        current,
        now,
        pinned,
        state,
        course,
        exhausted,
        quarantined,
        hints);
  }

  /** The content that should run, if there is one. */
  Optional<String> target() {
    return state.pinned().map(pin -> pin.rollout().fingerprint()).or(desired::fingerprintIfAny);
  }

  private Facts with(
      ServiceState next, Optional<Course> its, Optional<Ledger.Quarantine> quarantine) {
    return new Facts(
        service,
        desired,
        running,
        current,
        newest,
        pinned,
        next,
        its,
        exhausted,
        quarantine,
        hints);
  }
}
