package slipway.local.iam;

import java.util.List;

/**
 * A statement that allows something.
 *
 * @param holder ARN of the role, or of the resource, that the policy is attached to
 * @param policy its name
 * @param number of the statement in it, from 0
 */
public record Grant(String holder, String policy, int number, Statement statement) {

  /** As the policy has them; empty if it names those that it does not allow. */
  public List<String> actions() {
    return statement.actions();
  }

  public List<String> resources() {
    return statement.resources();
  }

  /** Whom a policy of a resource allows it, as {@code kind:value}; empty in a role's. */
  public List<String> principals() {
    return statement.principals();
  }

  /** Such as {@code StringEquals iam:PassedToService [ecs-tasks.amazonaws.com]}. */
  public List<String> conditions() {
    return statement.conditions().stream()
        .map(one -> "%s %s %s".formatted(one.operator(), one.key(), one.values()))
        .toList();
  }

  /** Such as {@code [sqs:SendMessage] on [arn:…]}. */
  @Override
  public String toString() {
    return "%s #%d %s on %s".formatted(policy, number, actions(), resources());
  }
}
