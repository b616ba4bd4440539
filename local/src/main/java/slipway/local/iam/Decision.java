package slipway.local.iam;

import java.util.List;

/** What IAM answers. */
public sealed interface Decision {

  /**
   * @param by every statement that allows it; each alone would do
   */
  record Allowed(List<Grant> by) implements Decision {
    public Allowed {
      by = List.copyOf(by);
    }
  }

  /**
   * @param why a clause such as {@code because no identity-based policy allows …}
   */
  record Refused(String why) implements Decision {}
}
