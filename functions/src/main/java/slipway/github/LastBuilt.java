package slipway.github;

import java.util.List;
import java.util.Optional;
import slipway.config.Container;

/** Up to where an image was built. */
sealed interface LastBuilt {

  /** Up to this commit. */
  record At(String commit) implements LastBuilt {}

  /** Being built, from a commit that CodeBuild has not found out yet. */
  record Underway() implements LastBuilt {}

  /** Nothing tells that it ever was. */
  record Never() implements LastBuilt {}

  /**
   * Decides, by the last build that counts: it moved the deploy tag last, to whatever commit.
   *
   * @param builds newest first; may begin too late for an image that rarely changes
   * @param base commit up to which everything was built, if one is known
   */
  static LastBuilt of(Container.Built image, List<PastBuild> builds, Optional<String> base) {
    for (var build : builds) {
      if (!build.isOf(image) || !build.counts()) continue;
      if (build.commit().isPresent()) return new At(build.commit().get());
      if (build.state() == PastBuild.State.RUNNING) return new Underway();
      // It ended before it had its source, and so built nothing.
    }
    return base.<LastBuilt>map(At::new).orElseGet(Never::new);
  }
}
