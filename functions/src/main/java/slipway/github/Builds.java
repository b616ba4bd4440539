package slipway.github;

import java.util.List;
import slipway.config.Container;

/** Starts builds of images. */
@FunctionalInterface
public interface Builds {
  /**
   * Starts one build; the same token within minutes gives the same build.
   *
   * @param token of the cause; any text
   * @return the build's id
   * @throws software.amazon.awssdk.core.exception.SdkException if none was started
   */
  String start(List<Container.Built> images, String commit, String token);
}
