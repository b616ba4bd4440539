package slipway.local.registry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import slipway.local.cloud.Events;
import slipway.local.cloud.Place;

/** All repositories of the registry, and the events of what is pushed to them. */
final class Repositories {
  private final Map<String, Repository> byName = new ConcurrentHashMap<>();
  private final Blobs blobs;
  private final Events events;

  Repositories(Blobs blobs, Events events) {
    this.blobs = blobs;
    this.events = events;
  }

  Blobs blobs() {
    return blobs;
  }

  void add(Repository repository) {
    if (byName.putIfAbsent(repository.name(), repository) != null)
      throw new IllegalArgumentException("two repositories named " + repository.name());
  }

  void remove(String name) {
    byName.remove(name);
  }

  Optional<Repository> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  List<Repository> all() {
    return List.copyOf(byName.values());
  }

  Repository get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new RegistryError(
                    404,
                    "NAME_UNKNOWN",
                    "The repository with name '%s' does not exist in the registry with id '%s'"
                        .formatted(name, Place.ACCOUNT)));
  }

  /** Takes a pushed manifest and tells of it: with its tag, or with an empty one. */
  void put(Repository repository, Manifest manifest, String reference) {
    var byDigest = reference.startsWith("sha256:");
    if (byDigest && !reference.equals(manifest.digest())) {
      throw new RegistryError(
          400,
          "DIGEST_INVALID",
          "the manifest has digest " + manifest.digest() + ", not " + reference);
    }
    repository.put(manifest, byDigest ? Optional.empty() : Optional.of(reference), blobs);
    var detail = new LinkedHashMap<String, Object>();
    detail.put("result", "SUCCESS");
    detail.put("repository-name", repository.name());
    detail.put("image-digest", manifest.digest());
    detail.put("action-type", "PUSH");
    detail.put("image-tag", byDigest ? "" : reference);
    if (!manifest.isIndex())
      manifest
          .json()
          .at("config")
          .at("mediaType")
          .optionalText()
          .ifPresent(type -> detail.put("artifact-media-type", type));
    detail.put("manifest-media-type", manifest.mediaType());
    events.put("aws.ecr", "ECR Image Action", List.of(), detail);
  }
}
