package slipway.local.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.local.cloud.Place;

/** One repository: its manifests by digest, its tags, and which tags may move. */
final class Repository {
  static final String HOST = Place.ACCOUNT + ".dkr.ecr." + Place.REGION + ".amazonaws.com";

  private final String name;
  private String mutability;
  private List<String> exclusions;
  private final Map<String, Manifest> manifests = new LinkedHashMap<>();
  private final Map<String, String> tags = new LinkedHashMap<>();

  Repository(String name, String mutability, List<String> exclusions) {
    this.name = name;
    this.mutability = mutability;
    this.exclusions = List.copyOf(exclusions);
  }

  /** From the properties of {@code AWS::ECR::Repository}. */
  static Repository of(String name, Json properties) {
    return new Repository(
        name,
        properties.at("ImageTagMutability").optionalText().orElse("MUTABLE"),
        properties.at("ImageTagMutabilityExclusionFilters").items().stream()
            .map(filter -> filter.at("ImageTagMutabilityExclusionFilterValue").text())
            .toList());
  }

  /** From CreateRepository's request. */
  static Repository created(Json request) {
    return new Repository(
        request.at("repositoryName").text(),
        request.at("imageTagMutability").optionalText().orElse("MUTABLE"),
        request.at("imageTagMutabilityExclusionFilters").items().stream()
            .map(filter -> filter.at("filter").text())
            .toList());
  }

  /** As DescribeRepositories tells it. */
  synchronized Map<String, Object> described() {
    return Map.of(
        "repositoryArn",
        arn(),
        "registryId",
        Place.ACCOUNT,
        "repositoryName",
        name,
        "repositoryUri",
        HOST + "/" + name,
        "imageTagMutability",
        mutability,
        "imageTagMutabilityExclusionFilters",
        exclusions.stream()
            .map(filter -> Map.of("filterType", "WILDCARD", "filter", filter))
            .toList());
  }

  /** Takes over which tags may move; what is in it stays. */
  synchronized void become(Repository other) {
    mutability = other.mutability;
    exclusions = other.exclusions;
  }

  String name() {
    return name;
  }

  String arn() {
    return Place.arn("ecr", "repository/" + name);
  }

  /**
   * Takes a manifest, under a tag if there is one. What it points at must be here, and an immutable
   * tag must be new: ECR refuses even the same digest a second time.
   */
  synchronized void put(Manifest manifest, Optional<String> tag, Blobs blobs) {
    if (tag.isPresent() && tags.containsKey(tag.get()) && !movable(tag.get())) {
      throw new RegistryError(
          400,
          "TAG_INVALID",
          "The image tag '%s' already exists in the '%s' repository and cannot be overwritten because the tag is immutable."
              .formatted(tag.get(), name));
    }
    var missing = new ArrayList<String>();
    if (manifest.isIndex()) {
      manifest.children().stream().filter(c -> !manifests.containsKey(c)).forEach(missing::add);
    } else {
      manifest.blobs().stream().filter(b -> blobs.find(b).isEmpty()).forEach(missing::add);
    }
    if (!missing.isEmpty()) {
      throw new RegistryError(
          400,
          manifest.isIndex() ? "MANIFEST_INVALID" : "MANIFEST_BLOB_UNKNOWN",
          "the manifest points at what repository '%s' does not have: %s"
              .formatted(name, String.join(", ", missing)));
    }
    manifests.putIfAbsent(manifest.digest(), manifest);
    tag.ifPresent(t -> tags.put(t, manifest.digest()));
  }

  /** By digest ({@code sha256:…}) or by tag. */
  synchronized Optional<Manifest> find(String reference) {
    var digest = reference.contains(":") ? reference : tags.get(reference);
    return Optional.ofNullable(digest).map(manifests::get);
  }

  synchronized List<String> tagsOf(String digest) {
    return tags.entrySet().stream()
        .filter(tag -> tag.getValue().equals(digest))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Every manifest, oldest push first. */
  synchronized List<Manifest> all() {
    return List.copyOf(manifests.values());
  }

  Manifest manifest(byte[] bytes, String mediaType) {
    return Manifest.of(bytes, mediaType, Instant.now());
  }

  private boolean movable(String tag) {
    var excluded = exclusions.stream().anyMatch(filter -> wildcard(filter).matcher(tag).matches());
    return switch (mutability) {
      case "IMMUTABLE" -> false;
      case "IMMUTABLE_WITH_EXCLUSION" -> excluded;
      case "MUTABLE_WITH_EXCLUSION" -> !excluded;
      default -> true;
    };
  }

  private static Pattern wildcard(String filter) {
    var parts = filter.split("\\*", -1);
    var pattern = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      if (i > 0) pattern.append(".*");
      pattern.append(Pattern.quote(parts[i]));
    }
    return Pattern.compile(pattern.toString());
  }
}
