package slipway.local.build;

import java.util.Map;

/** Gives a build the AWS of its project's role. */
@FunctionalInterface
public interface Access {

  /** Environment variables for the AWS SDKs: endpoint, Region, keys that act as the role. */
  Map<String, String> environment(String name, String roleArn);
}
