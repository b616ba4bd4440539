package slipway.rollout;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import slipway.json.Json;

/**
 * What a manifest says about an image. Media types: OCI index and manifest, Docker manifest list
 * and manifest.
 */
sealed interface ImageManifest {
  /** What the manifest's own annotations say. */
  Origin origin();

  /**
   * Several images under one name.
   *
   * @param platforms of the entries that say theirs
   * @param silent digest of the first entry that does not say its platform: its configuration does
   * @param first digest of an image in it, where to look for what the index does not say
   */
  record Index(
      Set<Platform> platforms, Optional<String> silent, Optional<String> first, Origin origin)
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
  record Single(String config, Origin origin) implements ImageManifest {}

  /**
   * What the configuration of an image says.
   *
   * @param platform none if it is something else than an image that is kept as if it were one
   */
  record Configuration(Optional<Platform> platform, Origin origin) {
    /** Reads a configuration; {@link slipway.json.Malformed} if it is none. */
    static Configuration parse(String text) {
      var json = Json.parse(text);
      // The commit's label is the build's own; an author's may be inherited from the base image.
      var labels = json.at("config").at("Labels");
      var commit = labels.at(Origin.REVISION).optionalText();
      return new Configuration(
          ImageManifest.platform(json),
          new Origin(
              commit,
              Optional.empty(),
              Optional.empty(),
              false,
              labels.at(Origin.AGENT).optionalText()));
    }
  }

  /** Reads a manifest; {@link slipway.json.Malformed} if it is none. */
  static ImageManifest parse(String text) {
    var json = Json.parse(text);
    // By content: the media type is optional in OCI documents, and ECR need not repeat it.
    return json.at("manifests").missing() ? single(json) : index(json);
  }

  private static ImageManifest single(Json json) {
    return new Single(json.at("config").at("digest").text(), Origin.of(json.at("annotations")));
  }

  private static ImageManifest index(Json json) {
    var platforms = new HashSet<Platform>();
    var origin = Origin.of(json.at("annotations"));
    var silent = Optional.<String>empty();
    var first = Optional.<String>empty();
    for (var entry : json.at("manifests").items()) {
      if (attestation(entry)) continue;
      var digest = entry.at("digest").text();
      var platform = platform(entry.at("platform"));
      platform.ifPresent(platforms::add);
      if (platform.isEmpty()) silent = silent.or(() -> Optional.of(digest));
      first = first.or(() -> Optional.of(digest));
      origin = origin.or(Origin.of(entry.at("annotations")));
    }
    return new Index(platforms, silent, first, origin);
  }

  /** Without the variant, such as v8 of arm64: a task definition asks for none. */
  private static Optional<Platform> platform(Json json) {
    return json.at("architecture")
        .optionalText()
        .filter(Predicate.not(String::isBlank))
        .map(
            architecture ->
                new Platform(
                    json.at("os")
                        .optionalText()
                        .filter(Predicate.not(String::isBlank))
                        .orElse("linux"),
                    architecture));
  }

  /** Provenance and SBOMs, which buildx puts beside the image as if they were images. */
  private static boolean attestation(Json entry) {
    return !entry.at("annotations").at("vnd.docker.reference.type").missing()
        || platform(entry.at("platform")).filter(p -> p.os().equals("unknown")).isPresent();
  }
}
