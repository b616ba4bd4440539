package slipway.rollout;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import slipway.json.Malformed;
import slipway.rollout.ImageManifest.Index;
import slipway.rollout.ImageManifest.Single;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageFailureCode;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;

/**
 * Images in ECR: one call for an image whose index says everything, as those of our own builds do;
 * up to three and a download otherwise.
 */
final class EcrImages implements Images {
  private static final String[] MEDIA_TYPES = {
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json"
  };

  /** A configuration is some KB; whatever is larger than this is none. */
  private static final long LARGEST_CONFIGURATION = 4 << 20;

  private final EcrClient ecr;
  private final HttpClient http;

  EcrImages(EcrClient ecr, HttpClient http) {
    this.ecr = ecr;
    this.http = http;
  }

  @Override
  public Optional<Image> behind(String repository, String tag) {
    return manifest(repository, ImageIdentifier.builder().imageTag(tag).build())
        .map(
            found -> {
              var content = content(repository, found.imageManifest());
              return new Image(
                  host(found.registryId()),
                  repository,
                  found.imageId().imageDigest(),
                  content.platforms(),
                  content.origin());
            });
  }

  /** What is in an image. */
  private record Content(Set<Platform> platforms, Origin origin) {
    static final Content UNKNOWN = new Content(Set.of(), Origin.UNKNOWN);

    /** With what a configuration says. */
    Content and(ImageManifest.Configuration configuration) {
      var all = new HashSet<>(platforms);
      configuration.platform().ifPresent(all::add);
      return new Content(all, origin.or(configuration.origin()));
    }
  }

  /**
   * What ECR keeps need not be an image: what cannot be read as one runs on no platform, for which
   * it is refused. To try again would help as little as it would with an image for another
   * platform.
   */
  private Content content(String repository, String manifest) {
    try {
      return switch (ImageManifest.parse(manifest)) {
        case Single single ->
            new Content(Set.of(), single.origin()).and(configuration(repository, single.config()));
        case Index index -> content(repository, index);
      };
    } catch (Malformed _) {
      return Content.UNKNOWN;
    }
  }

  private Content content(String repository, Index index) {
    var said = new Content(index.platforms(), index.origin());
    var asked =
        index
            .silent()
            .or(() -> said.origin().commit().isEmpty() ? index.first() : Optional.empty());
    if (asked.isEmpty()) return said;
    if (!(child(repository, asked.get()) instanceof Single child)) return said;
    var more = new Content(said.platforms(), said.origin().or(child.origin()));
    return index.silent().isPresent() || more.origin().commit().isEmpty()
        ? more.and(configuration(repository, child.config()))
        : more;
  }

  private Optional<software.amazon.awssdk.services.ecr.model.Image> manifest(
      String repository, ImageIdentifier id) {
    var answer =
        ecr.batchGetImage(
            request ->
                request.repositoryName(repository).imageIds(id).acceptedMediaTypes(MEDIA_TYPES));
    for (var failure : answer.failures())
      if (failure.failureCode() != ImageFailureCode.IMAGE_NOT_FOUND)
        throw new IllegalStateException(
            "ECR cannot give image %s of %s: %s (%s)"
                .formatted(
                    id.imageTag() == null ? id.imageDigest() : id.imageTag(),
                    repository,
                    failure.failureReason(),
                    failure.failureCodeAsString()));
    return answer.images().stream().findFirst();
  }

  private ImageManifest child(String repository, String digest) {
    return manifest(repository, ImageIdentifier.builder().imageDigest(digest).build())
        .map(found -> ImageManifest.parse(found.imageManifest()))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the index in %s names image %s, which is not there: push it again"
                        .formatted(repository, digest)));
  }

  private ImageManifest.Configuration configuration(String repository, String digest) {
    var url =
        ecr.getDownloadUrlForLayer(
                request -> request.repositoryName(repository).layerDigest(digest))
            .downloadUrl();
    // The URL is signed: it carries its own permission, so it is neither logged nor sent with ours.
    var what = "configuration " + digest + " of an image in " + repository;
    try {
      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
              BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_CONFIGURATION));
      if (answer.statusCode() != 200)
        throw new IllegalStateException(what + ": the download answered " + answer.statusCode());
      return ImageManifest.Configuration.parse(answer.body());
    } catch (IOException e) {
      throw new IllegalStateException(what + " could not be downloaded", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(what + ": interrupted", e);
    }
  }

  private String host(String registryId) {
    var region = ecr.serviceClientConfiguration().region();
    var domain =
        region.metadata() == null ? "amazonaws.com" : region.metadata().partition().dnsSuffix();
    return registryId + ".dkr.ecr." + region.id() + "." + domain;
  }
}
