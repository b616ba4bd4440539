package slipway.local.ecs;

import java.util.Optional;

/** What ECS asks IAM about the roles that it acts as. */
@FunctionalInterface
public interface RoleTrust {

  /**
   * Why a service may not act as a role; empty if it may.
   *
   * @param service such as {@code ecs.amazonaws.com}
   */
  Optional<String> mayNotAssume(String service, String roleArn);
}
