package slipway.local.stack;

import java.util.Map;
import java.util.Set;

/** Makes resources of some types; each service that local plays brings its own. */
public interface Provisioner {

  /** The CloudFormation types that it makes, such as {@code AWS::ECS::Service}. */
  Set<String> types();

  /**
   * Makes the resource, and returns when CloudFormation would call it complete. Everything it
   * depends on is made. Virtual threads run independent resources side by side, so it must be
   * thread-safe.
   */
  Made make(Resource resource);

  /**
   * A resource that is made.
   *
   * @param ref what {@code Ref} gives
   * @param attributes what {@code Fn::GetAtt} gives, such as {@code Arn}
   */
  record Made(String ref, Map<String, String> attributes) {}
}
