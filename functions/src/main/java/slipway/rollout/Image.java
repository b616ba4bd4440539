package slipway.rollout;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An image behind a tag.
 *
 * @param registry host, such as {@code 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com}
 * @param digest of the manifest or index: {@code sha256:…}
 * @param platforms that it can run on; attestations are none
 * @param origin what the image says of that
 */
record Image(
    String registry, String repository, String digest, Set<Platform> platforms, Origin origin) {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  Image {
    if (!DIGEST.matcher(digest).matches())
      throw new IllegalArgumentException(
          "digest '%s' of %s: want sha256: and 64 hex digits".formatted(digest, repository));
    platforms = Set.copyOf(platforms);
  }

  /** That it was built from, if the image says so. */
  Optional<String> commit() {
    return origin.commit();
  }

  /** The reference that always means this very image. */
  String pinned() {
    return registry + "/" + repository + "@" + digest;
  }

  /** The digest as people can read it. */
  String shortDigest() {
    return digest.substring(0, "sha256:".length() + 12);
  }

  /** The platforms in words: {@code linux/amd64, linux/arm64}. */
  String platformNames() {
    return platforms.stream()
        .map(Platform::toString)
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.joining(", "));
  }
}
