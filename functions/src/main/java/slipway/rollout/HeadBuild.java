package slipway.rollout;

import java.util.List;
import slipway.config.Container;
import slipway.config.Source;

/** Starts a build of what a branch is at. */
@FunctionalInterface
interface HeadBuild {
  /**
   * Starts one; the same token within minutes gives the same build.
   *
   * @param token of the cause; any text
   * @return the build's id
   */
  String start(Source source, List<Container.Built> images, String token);
}
