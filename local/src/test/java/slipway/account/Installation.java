package slipway.account;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import slipway.local.Checkout;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;

/**
 * A Slipway that is deployed, here or in an account, with one service: what its users have of it.
 * Nothing but the endpoints tells one from the other.
 */
public interface Installation {
  /** A client for somebody who may do everything there. */
  <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder);

  /** The stack's outputs, by name. */
  Map<String, String> outputs();

  /** Name of the stack, and so of the cluster. */
  String stack();

  /** Name of the service. */
  String service();

  /** Names of the SLOs that the service should have. */
  Set<String> slos();

  /** Where GitHub's REST API is. */
  URI gitHubApi();

  /** A token for it. */
  String gitHubToken();

  /** Owner and name, such as {@code example/dice}. */
  String repository();

  /** What is pushed to. */
  String branch();

  /** A clone of the repository, on the branch. */
  Checkout checkout();

  /** How long to wait for something to come true, and between two looks. */
  Patience patience();

  /**
   * @param atMost how long a build with a rollout, or the discovery of a service, may take
   * @param between so that whoever is asked does not mind
   */
  record Patience(Duration atMost, Duration between) {
    public Patience {
      if (atMost.compareTo(between) <= 0)
        throw new IllegalArgumentException(
            "between %s: want less than %s".formatted(between, atMost));
    }
  }
}
