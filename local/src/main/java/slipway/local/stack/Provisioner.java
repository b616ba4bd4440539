package slipway.local.stack;

import java.util.List;
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
   * Changes a resource in place, and returns when CloudFormation would call it complete. Never
   * asked for what AWS replaces. Also how a change is taken back: with {@code before} and {@code
   * after} the other way around.
   *
   * @return how it is known now; another {@code ref} says that another resource took its place, and
   *     that the old one is to be deleted
   */
  default Made update(Change change) {
    throw new UnsupportedOperationException(
        "local does not play a change of " + change.before().type());
  }

  /** Deletes what is there of a resource that could not be made. */
  default void abandon(Resource resource) {}

  /** Deletes the resource; nothing that depends on it is left. */
  default void delete(Resource resource, Made made) {
    throw new UnsupportedOperationException("local does not play the end of " + resource.type());
  }

  /** ARNs of all that there is, whoever made it: when the stack is gone, it is what is left. */
  default List<String> existing() {
    return List.of();
  }

  /**
   * A resource that is made.
   *
   * @param ref what {@code Ref} gives
   * @param attributes what {@code Fn::GetAtt} gives, such as {@code Arn}
   */
  record Made(String ref, Map<String, String> attributes) {}
}
