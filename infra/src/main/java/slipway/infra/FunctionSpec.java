package slipway.infra;

import java.util.List;
import java.util.Set;
import slipway.config.Setting;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * What one function of the deployer needs.
 *
 * @param handler its class; named by class so that a moved one breaks the build
 * @param settings environment variables that it reads
 * @param timeout of one invocation
 * @param statements what it may do, beside writing its own log and traces
 */
record FunctionSpec(
    Class<?> handler,
    String description,
    Set<Setting> settings,
    Duration timeout,
    List<PolicyStatement> statements) {

  FunctionSpec {
    settings = Set.copyOf(settings);
    statements = List.copyOf(statements);
  }

  /** Name in the construct tree: the handler's, such as {@code RolloutFunction}. */
  String id() {
    return handler.getSimpleName();
  }
}
