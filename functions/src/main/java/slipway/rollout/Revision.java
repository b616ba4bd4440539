package slipway.rollout;

import java.util.Map;
import java.util.Optional;

/**
 * A task definition revision that ECS has.
 *
 * @param fingerprint of its content; none if not Slipway registered it
 * @param commit that it was rolled out for, if known
 * @param images by container
 */
record Revision(
    String arn, Optional<String> fingerprint, Optional<String> commit, Map<String, String> images) {
  Revision {
    images = Map.copyOf(images);
  }

  /** Which of its family it is; a later one has a higher number. */
  static int number(String arn) {
    return Integer.parseInt(arn.substring(arn.lastIndexOf(':') + 1));
  }

  /** Family and number, as people write it: {@code dice:12}. */
  static String shortName(String arn) {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }
}
