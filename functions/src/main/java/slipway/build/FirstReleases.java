package slipway.build;

import slipway.config.ServiceName;

/** First releases that a stack's deployment waits for. */
@FunctionalInterface
public interface FirstReleases {
  /**
   * Ends the wait for the service's first release with a failure, so that CloudFormation rolls back
   * with the reason; does nothing if nobody waits.
   */
  void fail(ServiceName service, String reason);
}
