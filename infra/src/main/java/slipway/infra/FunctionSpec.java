package slipway.infra;

import java.util.List;
import java.util.Optional;
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
 * @param name for people to call it by; CloudFormation names the others
 */
record FunctionSpec(
    Class<?> handler,
    String description,
    Set<Setting> settings,
    Duration timeout,
    List<PolicyStatement> statements,
    Optional<String> name) {

  FunctionSpec {
    settings = Set.copyOf(settings);
    statements = List.copyOf(statements);
  }

  FunctionSpec(
      Class<?> handler,
      String description,
      Set<Setting> settings,
      Duration timeout,
      List<PolicyStatement> statements) {
    this(handler, description, settings, timeout, statements, Optional.empty());
  }

  /**
   * The same with a name. What replaces the function, which is only another place in the construct
   * tree, then needs another name, too.
   */
  FunctionSpec named(String name) {
    return new FunctionSpec(handler, description, settings, timeout, statements, Optional.of(name));
  }

  /** Name in the construct tree: the handler's, such as {@code RolloutFunction}. */
  String id() {
    return handler.getSimpleName();
  }
}
