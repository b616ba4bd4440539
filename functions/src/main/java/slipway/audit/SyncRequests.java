package slipway.audit;

import slipway.config.ServiceName;

/** Where a service's SLOs are asked to be brought in line. */
@FunctionalInterface
interface SyncRequests {
  void sync(ServiceName service);
}
