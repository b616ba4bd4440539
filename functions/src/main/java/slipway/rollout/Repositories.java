package slipway.rollout;

import java.util.Optional;

/** Repositories of images that Slipway did not make. */
interface Repositories {
  /** Which tags of a repository may move; empty if there is no such repository. */
  Optional<TagRules> tagRules(String repository);
}
