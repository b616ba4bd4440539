package slipway.github;

import java.util.Set;
import slipway.config.Container;

/** What differs between two commits, as far as builds depend on it. */
sealed interface Changes {

  /**
   * All paths that differ.
   *
   * @param paths relative to the repository's root; a moved file with both of its names
   */
  record Listed(Set<String> paths) implements Changes {
    public Listed {
      paths = Set.copyOf(paths);
    }

    /** How images are built; then all of them may come out different. */
    boolean ofBuildspec() {
      return paths.contains("buildspec.yml");
    }

    private boolean in(String folder) {
      var plain = folder.startsWith("./") ? folder.substring(2) : folder;
      return plain.equals(".")
          || paths.stream().anyMatch(path -> path.equals(plain) || path.startsWith(plain + "/"));
    }
  }

  /** Anything may differ. */
  record Unknown(String why) implements Changes {}

  /** Whether the image can come out different. */
  default boolean touch(Container.Built image) {
    return switch (this) {
      case Listed listed -> listed.ofBuildspec() || listed.in(image.folder());
      case Unknown _ -> true;
    };
  }
}
