package slipway.rollout;

import slipway.config.ServiceName;

/** Where a service's SLOs are asked to be brought in line. */
@FunctionalInterface
interface SloRequests {
  void sync(ServiceName service);
}
