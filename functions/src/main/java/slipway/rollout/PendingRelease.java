package slipway.rollout;

import java.net.URI;

/**
 * A custom resource that CloudFormation waits for.
 *
 * @param responseUrl where the answer goes; signed, so a secret
 */
record PendingRelease(
    URI responseUrl,
    String stackId,
    String requestId,
    String logicalResourceId,
    String physicalResourceId) {

  @Override
  public String toString() {
    return "PendingRelease["
        + logicalResourceId
        + " of "
        + stackId
        + ", request "
        + requestId
        + "]";
  }
}
