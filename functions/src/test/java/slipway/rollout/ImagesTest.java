package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import slipway.json.Json;
import slipway.json.Malformed;
import software.amazon.awssdk.services.ecr.EcrClient;

class ImagesTest {
  private static final String INDEX =
      """
      {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
       "annotations": {"org.opencontainers.image.revision": "c0ffee"},
       "manifests": [
        {"digest": "sha256:aa", "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
        {"digest": "sha256:bb", "platform": {"os": "unknown", "architecture": "unknown"},
         "annotations": {"vnd.docker.reference.type": "attestation-manifest",
                         "vnd.docker.reference.digest": "sha256:aa"}}]}
      """;
  private static final String DOCKER_MANIFEST =
      """
      {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
       "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "digest": "sha256:cc"}}
      """;
  private static final String CONFIGURATION =
      """
      {"os": "linux", "architecture": "amd64",
       "config": {"Labels": {"org.opencontainers.image.revision": "c0ffee"}}}
      """;

  @Test
  void anIndexIsReadWithoutItsAttestations() {
    assertThat(ImageManifest.parse(INDEX))
        .isEqualTo(
            new ImageManifest.Index(
                Set.of(Samples.ARM),
                Optional.empty(),
                Optional.of("sha256:aa"),
                Optional.of("c0ffee")));
  }

  @Test
  void anEntryWithoutAPlatformIsToBeAskedForItsConfiguration() {
    assertThat(ImageManifest.parse("{\"manifests\": [{\"digest\": \"sha256:aa\"}]}"))
        .isEqualTo(
            new ImageManifest.Index(
                Set.of(), Optional.of("sha256:aa"), Optional.of("sha256:aa"), Optional.empty()));
  }

  @Test
  void aManifestPointsToItsConfiguration() {
    assertThat(ImageManifest.parse(DOCKER_MANIFEST))
        .isEqualTo(new ImageManifest.Single("sha256:cc", Optional.empty()));
  }

  @Test
  void whatIsNoManifestNamesTheField() {
    assertThatThrownBy(() -> ImageManifest.parse("{\"schemaVersion\": 1}"))
        .isInstanceOf(Malformed.class)
        .hasMessage("config.digest is missing: want text");
  }

  @Test
  void anIndexOfOurBuildsIsOneCall() throws IOException {
    try (var wire = new Wire(_ -> new Wire.Answer(200, found(INDEX)))) {
      assertThat(images(wire).behind("slipway/dice/app", "live"))
          .contains(
              new Image(
                  Samples.REGISTRY,
                  "slipway/dice/app",
                  Samples.digest(1),
                  Set.of(Samples.ARM),
                  Optional.of("c0ffee"),
                  Optional.empty()));
      assertThat(wire.requests).hasSize(1);
      var sent = Json.parse(wire.requests.getFirst().body());
      assertThat(sent.at("imageIds").items().getFirst().at("imageTag").text()).isEqualTo("live");
      assertThat(sent.at("acceptedMediaTypes").items()).hasSize(4);
    }
  }

  @Test
  void aPlainManifestsPlatformAndCommitAreInItsConfiguration() throws IOException {
    var self = new AtomicReference<Wire>();
    try (var wire =
        new Wire(
            request ->
                new Wire.Answer(
                    200,
                    request.method().equals("GET")
                        ? CONFIGURATION
                        : request.target().orElseThrow().endsWith("GetDownloadUrlForLayer")
                            ? Json.write(
                                Map.of("downloadUrl", self.get().uri("/layer?sig=1").toString()))
                            : found(DOCKER_MANIFEST)))) {
      self.set(wire);

      var image = images(wire).behind("slipway/dice/app", "live").orElseThrow();

      assertThat(image.platforms()).containsExactly(new Platform("linux", "amd64"));
      assertThat(image.commit()).contains("c0ffee");
    }
  }

  @Test
  void aMissingImageIsNoneAndAnotherFailureIsAnError() throws IOException {
    try (var wire = new Wire(_ -> new Wire.Answer(200, failure("ImageNotFound")))) {
      assertThat(images(wire).behind("slipway/dice/app", "live")).isEmpty();
    }
    try (var wire = new Wire(_ -> new Wire.Answer(200, failure("KmsError")))) {
      var images = images(wire);
      assertThatThrownBy(() -> images.behind("slipway/dice/app", "live"))
          .hasMessage("ECR cannot give image live of slipway/dice/app: no (KmsError)");
    }
  }

  private static EcrImages images(Wire wire) {
    return new EcrImages(wire.client(EcrClient.builder()), HttpClient.newHttpClient());
  }

  private static String found(String manifest) {
    return Json.write(
        Map.of(
            "images",
            List.of(
                Map.of(
                    "registryId",
                    "123456789012",
                    "imageId",
                    Map.of("imageDigest", Samples.digest(1), "imageTag", "live"),
                    "imageManifest",
                    manifest)),
            "failures",
            List.of()));
  }

  private static String failure(String code) {
    return Json.write(
        Map.of(
            "images",
            List.of(),
            "failures",
            List.of(Map.of("failureCode", code, "failureReason", "no"))));
  }
}
