package slipway.github;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import slipway.config.Container;
import slipway.config.Source;

/** Starts builds of images. */
@FunctionalInterface
public interface Builds {
  /**
   * Starts one build; the same token within minutes gives the same build.
   *
   * @param source that the images and the commit are of
   * @param pushed when the commit was pushed, if a push told it; the same whenever the token is
   * @param token of the cause; any text
   * @return the build's id
   * @throws software.amazon.awssdk.core.exception.SdkException if none was started
   */
  String start(
      Source source,
      List<Container.Built> images,
      String commit,
      Optional<Instant> pushed,
      String token);
}
