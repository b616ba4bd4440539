package slipway.github;

import java.util.List;

/** Builds that were started. */
@FunctionalInterface
public interface BuildHistory {
  /**
   * The last ones, newest first; as many as can be had in one go.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if they cannot be read
   */
  List<PastBuild> recent();
}
