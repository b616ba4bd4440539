package slipway.rollout;

import slipway.config.ServiceName;

/** Where reconciling a service is asked for. */
@FunctionalInterface
interface RolloutQueue {
  /**
   * Asks for it.
   *
   * @param why for whoever reads the queue; the same reason within five minutes asks once
   */
  void reconcile(ServiceName service, String why);
}
