package slipway.local.cloud;

import java.util.Optional;

/** Decides whether a caller may do something. */
@FunctionalInterface
public interface Guard {

  /** Why not, as a clause such as {@code because no identity-based policy allows …}; empty: may. */
  Optional<String> refusal(Caller caller, AwsService.Permission permission);
}
