package slipway.rollout;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import slipway.json.Json;

/**
 * What a manifest says about an image. Media types: OCI index and manifest, Docker manifest list
 * and manifest.
 */
sealed interface ImageManifest {
  /** Annotation, and label of the configuration, that names the commit. */
  String REVISION = "org.opencontainers.image.revision";

  /** Commit in an annotation, if there is one. */
  Optional<String> commit();

  /**
   * Several images under one name.
   *
   * @param platforms of the entries that say theirs
   * @param silent digest of an entry that does not say its platform: its configuration tells
   * @param first digest of an image in it, where to look for what the index does not say
   */
  record Index(
      Set<Platform> platforms,
      Optional<String> silent,
      Optional<String> first,
      Optional<String> commit)
      implements ImageManifest {
    public Index {
      platforms = Set.copyOf(platforms);
    }
  }

  /**
   * One image.
   *
   * @param config digest of its configuration, which knows platform and labels
   */
  record Single(String config, Optional<String> commit) implements ImageManifest {}

  /** What the configuration of an image says. */
  record Configuration(Platform platform, Optional<String> commit) {
    /** Reads a configuration; {@link slipway.json.Malformed} if it is none. */
    static Configuration parse(String text) {
      var json = Json.parse(text);
      return new Configuration(
          new Platform(
              json.at("os").optionalText().orElse("linux"), json.at("architecture").text()),
          json.at("config").at("Labels").at(REVISION).optionalText());
    }
  }

  /** Reads a manifest; {@link slipway.json.Malformed} if it is none. */
  static ImageManifest parse(String text) {
    var json = Json.parse(text);
    // By content: the media type is optional in OCI documents, and ECR need not repeat it.
    return json.at("manifests").missing() ? single(json) : index(json);
  }

  private static ImageManifest single(Json json) {
    return new Single(
        json.at("config").at("digest").text(), json.at("annotations").at(REVISION).optionalText());
  }

  private static ImageManifest index(Json json) {
    var platforms = new HashSet<Platform>();
    var commit = json.at("annotations").at(REVISION).optionalText();
    var silent = Optional.<String>empty();
    var first = Optional.<String>empty();
    for (var entry : json.at("manifests").items()) {
      if (attestation(entry)) continue;
      var digest = entry.at("digest").text();
      var platform = entry.at("platform");
      if (platform.missing()) silent = silent.or(() -> Optional.of(digest));
      else
        platforms.add(new Platform(platform.at("os").text(), platform.at("architecture").text()));
      first = first.or(() -> Optional.of(digest));
      if (commit.isEmpty()) commit = entry.at("annotations").at(REVISION).optionalText();
    }
    return new Index(platforms, silent, first, commit);
  }

  /** Provenance and SBOMs, which buildx puts beside the image as if they were one. */
  private static boolean attestation(Json entry) {
    return entry
            .at("annotations")
            .at("vnd.docker.reference.type")
            .optionalText()
            .filter("attestation-manifest"::equals)
            .isPresent()
        || entry.at("platform").at("os").optionalText().filter("unknown"::equals).isPresent();
  }
}
