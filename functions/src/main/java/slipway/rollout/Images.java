package slipway.rollout;

import java.util.Optional;

/** Where images are. */
interface Images {
  /** The image behind a tag, in as many calls whatever the repository's size; empty if none is. */
  Optional<Image> behind(String repository, String tag);
}
