package slipway.local.iam;

import java.util.Map;

/**
 * What IAM is asked: may this one do that, on that?
 *
 * @param kind {@code AWS} for a role, {@code Service} for an AWS service on its own behalf, {@code
 *     Public} for everyone
 * @param who the role's ARN, or such as {@code events.amazonaws.com}
 * @param action such as {@code ecs:UpdateService}
 * @param resource ARN, or {@code *} for actions that have no resource
 * @param context condition keys, as policies see them
 */
public record Request(
    String kind, String who, String action, String resource, Map<String, String> context) {

  public Request {
    context = Map.copyOf(context);
  }

  Statement.Principal principal() {
    return new Statement.Principal(kind, who);
  }

  /** Such as {@code …role/r sqs:SendMessage on arn:…}. */
  @Override
  public String toString() {
    return who + " " + action + " on " + resource;
  }
}
