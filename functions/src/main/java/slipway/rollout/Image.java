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
 * @param commit that it was built from, if the image says so
 * @param author of that commit, as people write the name, if the image says so
 */
record Image(
    String registry,
    String repository,
    String digest,
    Set<Platform> platforms,
    Optional<String> commit,
    Optional<String> author) {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  Image {
    if (!DIGEST.matcher(digest).matches())
      throw new IllegalArgumentException(
          "digest '%s' of %s: want sha256: and 64 hex digits".formatted(digest, repository));
    platforms = Set.copyOf(platforms);
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
