package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.json.Json;
import slipway.json.Malformed;
import software.amazon.awssdk.services.ecr.EcrClient;

class ImagesTest {
  private static final Platform AMD = new Platform("linux", "amd64");
  private static final String ATTESTATION =
      """
      {"digest": "sha256:bb", "platform": {"os": "unknown", "architecture": "unknown"},
       "annotations": {"vnd.docker.reference.type": "attestation-manifest",
                       "vnd.docker.reference.digest": "sha256:aa"}}
      """;
  private static final String INDEX =
      """
      {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
       "annotations": {"org.opencontainers.image.revision": "c0ffee",
                       "org.opencontainers.image.authors": "Zoë O'Hara",
                       "dev.slipway.pushed": "2026-08-04T00:12:05Z",
                       "dev.slipway.override": "true",
                       "dev.slipway.agent": "adot-java:2.30.0"},
       "manifests": [
        {"digest": "sha256:aa", "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
        %s]}
      """
          .formatted(ATTESTATION);
  private static final String DOCKER_LIST =
      """
      {"schemaVersion": 2,
       "mediaType": "application/vnd.docker.distribution.manifest.list.v2+json",
       "manifests": [
        {"digest": "sha256:aa", "platform": {"os": "linux", "architecture": "amd64"}},
        {"digest": "sha256:ab", "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
        {"digest": "sha256:ac", "platform": {"os": "linux", "architecture": "arm64", "variant": "v9"}}]}
      """;
  private static final String DOCKER_MANIFEST =
      """
      {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
       "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "digest": "sha256:cc"}}
      """;
  private static final String CONFIGURATION =
      """
      {"os": "linux", "architecture": "amd64",
       "config": {"Labels": {"org.opencontainers.image.revision": "c0ffee",
                             "org.opencontainers.image.authors": "of the base image",
                             "dev.slipway.agent": "adot-java:1.32.4"}}}
      """;

  private static final Origin ORIGIN =
      new Origin(
          Optional.of("c0ffee"),
          Optional.of("Zoë O'Hara"),
          Optional.of(Instant.parse("2026-08-04T00:12:05Z")),
          true,
          Optional.of("adot-java:2.30.0"));

  @Test
  void anIndexIsReadWithoutItsAttestations() {
    assertThat(ImageManifest.parse(INDEX))
        .isEqualTo(
            new ImageManifest.Index(
                Set.of(Samples.ARM), Optional.empty(), Optional.of("sha256:aa"), ORIGIN));
  }

  @Test
  void anAttestationIsKnownByItsPlatformOrByItsAnnotationAlone() {
    assertThat(
            ImageManifest.parse(
                """
                {"manifests": [
                  {"digest": "sha256:ba", "platform": {"os": "unknown", "architecture": "unknown"}},
                  {"digest": "sha256:bb", "annotations": {"vnd.docker.reference.type": "sbom"}}]}
                """))
        .isEqualTo(index(Set.of(), Optional.empty(), Optional.empty()));
  }

  @Test
  void aDockerManifestListIsAnIndexWhoseVariantsAreOnePlatform() {
    assertThat(ImageManifest.parse(DOCKER_LIST))
        .isEqualTo(index(Set.of(AMD, Samples.ARM), Optional.empty(), Optional.of("sha256:aa")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"digest\": \"sha256:aa\"}",
        "{\"digest\": \"sha256:aa\", \"platform\": null}",
        "{\"digest\": \"sha256:aa\", \"platform\": {}}",
        "{\"digest\": \"sha256:aa\", \"platform\": {\"os\": \"\", \"architecture\": \"\"}}"
      })
  void anEntryWithoutAPlatformIsToBeAskedForItsConfiguration(String entry) {
    assertThat(ImageManifest.parse("{\"manifests\": [" + ATTESTATION + ", " + entry + "]}"))
        .isEqualTo(index(Set.of(), Optional.of("sha256:aa"), Optional.of("sha256:aa")));
  }

  @Test
  void anEmptyIndexHasNoPlatform() {
    assertThat(ImageManifest.parse("{\"manifests\": []}"))
        .isEqualTo(index(Set.of(), Optional.empty(), Optional.empty()));
  }

  @Test
  void aManifestPointsToItsConfiguration() {
    assertThat(ImageManifest.parse(DOCKER_MANIFEST))
        .isEqualTo(new ImageManifest.Single("sha256:cc", Origin.UNKNOWN));
  }

  @Test
  void whatIsNoManifestNamesTheField() {
    assertThatThrownBy(() -> ImageManifest.parse("{\"schemaVersion\": 1}"))
        .isInstanceOf(Malformed.class)
        .hasMessage("config.digest is missing: want text");
  }

  @Test
  void anAuthorIsOneReadableLineOfBoundedLength() {
    assertThat(author("  Zoë\n\t\u0007 O'Hara\u202E\u0000 ")).contains("Zoë O'Hara");
    assertThat(author("\uD83C\uDFB2".repeat(300))).contains("\uD83C\uDFB2".repeat(100));
    assertThat(author("half a \uD83C")).contains("half a");
    assertThat(author(" \u0000 ")).isEmpty();
    assertThat(author("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "1785802325",
        "2026-08-04T00:12:05",
        "-0001-08-04T00:12:05Z",
        "+12026-08-04T00:12:05Z"
      })
  void whatIsNoTimeOfAPushIsNotTakenForOne(String text) {
    assertThat(Origin.of(Json.of(Map.of("dev.slipway.pushed", text)))).isEqualTo(Origin.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "false", "yes", "TRUE", "1"})
  void onlyTrueOverrides(String text) {
    assertThat(Origin.of(Json.of(Map.of("dev.slipway.override", text)))).isEqualTo(Origin.UNKNOWN);
  }

  private static Optional<String> author(String text) {
    return new Origin(Optional.empty(), Optional.of(text), Optional.empty(), false).author();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "adot-java", "adot-java:", "adot java:1", "a:\n1", ":1.0"})
  void whatNamesNoAgentIsNotTakenForOne(String text) {
    assertThat(
            new Origin(
                    Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.of(text))
                .agent())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "main", "c0ffee?x=1", "../c0ffee", "C0FFEE"})
  void whatIsNoCommitIsNotTakenForOne(String text) {
    assertThat(new Origin(Optional.of(text), Optional.empty(), Optional.empty(), false).commit())
        .isEmpty();
  }

  @Test
  void anIndexOfOurBuildsIsOneCallThatSaysAll() throws IOException {
    try (var wire = registry(Map.of("live", INDEX))) {
      assertThat(images(wire).behind("slipway/dice/app", "live"))
          .contains(
              new Image(
                  Samples.REGISTRY,
                  "slipway/dice/app",
                  Samples.digest(1),
                  Set.of(Samples.ARM),
                  ORIGIN));
      assertThat(calls(wire)).containsExactly("BatchGetImage");
      var sent = Json.parse(wire.requests.getFirst().body());
      assertThat(sent.at("imageIds").value()).isEqualTo(List.of(Map.of("imageTag", "live")));
      assertThat(sent.at("acceptedMediaTypes").items()).hasSize(4);
    }
  }

  @Test
  void aPlainManifestsPlatformAndCommitAreInItsConfigurationButNotItsAuthor() throws IOException {
    try (var wire = registry(Map.of("live", DOCKER_MANIFEST))) {
      var image = images(wire).behind("slipway/dice/app", "live").orElseThrow();

      assertThat(image.platforms()).containsExactly(AMD);
      assertThat(image.commit()).contains("c0ffee");
      assertThat(image.origin().agent()).contains("adot-java:1.32.4");
      assertThat(image.origin().author()).isEmpty();
      assertThat(calls(wire)).containsExactly("BatchGetImage", "GetDownloadUrlForLayer", "GET");
    }
  }

  /** As many calls for a thousand images as for one. */
  @Test
  void theMostThatCanBeToAskIsThreeCallsAndADownload() throws IOException {
    var entries = "{\"digest\": \"sha256:aa\"},".repeat(1000);
    var index = "{\"manifests\": [" + entries + ATTESTATION + "]}";
    try (var wire = registry(Map.of("live", index, "sha256:aa", DOCKER_MANIFEST))) {
      var image = images(wire).behind("slipway/dice/app", "live").orElseThrow();

      assertThat(image.platforms()).containsExactly(AMD);
      assertThat(image.commit()).contains("c0ffee");
      assertThat(calls(wire))
          .containsExactly("BatchGetImage", "BatchGetImage", "GetDownloadUrlForLayer", "GET");
    }
  }

  @Test
  void anIndexThatDoesNotNameItsCommitAsksTheFirstImageForItAndKeepsItsPlatforms()
      throws IOException {
    var manifest =
        """
        {"config": {"digest": "sha256:cc"},
         "annotations": {"org.opencontainers.image.revision": "c0ffee"}}
        """;
    try (var wire = registry(Map.of("live", DOCKER_LIST, "sha256:aa", manifest))) {
      var image = images(wire).behind("slipway/dice/app", "live").orElseThrow();

      assertThat(image.platforms()).containsExactlyInAnyOrder(AMD, Samples.ARM);
      assertThat(image.commit()).contains("c0ffee");
      assertThat(calls(wire)).containsExactly("BatchGetImage", "BatchGetImage");
    }
  }

  /** So it is refused, and does not hold up the queue as something that another try may mend. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON",
        "[]",
        "{}",
        "{\"manifests\": {}}",
        "{\"manifests\": [7]}",
        "{\"manifests\": [{\"digest\": 7}]}",
        "{\"manifests\": [{\"digest\": \"sha256:dd\"}]}",
        "{\"manifests\": [{\"digest\": \"sha256:ee\"}]}",
        "{\"config\": {\"digest\": \"sha256:ff\"}}",
        "{\"config\": {\"digest\": \"sha256:cc\"}, \"annotations\": []}"
      })
  void whatCannotBeReadAsAnImageRunsOnNoPlatform(String manifest) throws IOException {
    var nested = "{\"manifests\": [{\"digest\": \"sha256:aa\"}]}";
    try (var wire = registry(Map.of("live", manifest, "sha256:dd", nested, "sha256:ee", "[]"))) {
      assertThat(images(wire).behind("slipway/dice/app", "live").orElseThrow().platforms())
          .isEmpty();
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

  private static ImageManifest.Index index(
      Set<Platform> platforms, Optional<String> silent, Optional<String> first) {
    return new ImageManifest.Index(platforms, silent, first, Origin.UNKNOWN);
  }

  private static EcrImages images(Wire wire) {
    return new EcrImages(wire.client(EcrClient.builder()), HttpClient.newHttpClient());
  }

  /** What was called; downloads by their method. */
  private static List<String> calls(Wire wire) {
    return wire.requests.stream()
        .map(r -> r.target().map(t -> t.substring(t.lastIndexOf('.') + 1)).orElse(r.method()))
        .toList();
  }

  /** An ECR with manifests by tag or digest; the configuration of each is the one above. */
  private static Wire registry(Map<String, String> manifests) throws IOException {
    var self = new AtomicReference<Wire>();
    self.set(
        new Wire(
            request -> {
              if (request.method().equals("GET"))
                return new Wire.Answer(
                    200, request.path().contains("sha256:cc") ? CONFIGURATION : "{}");
              var json = Json.parse(request.body());
              if (request.target().orElseThrow().endsWith("GetDownloadUrlForLayer")) {
                var url = self.get().uri("/layer?digest=" + json.at("layerDigest").text());
                return new Wire.Answer(200, Json.write(Map.of("downloadUrl", url.toString())));
              }
              var id = json.at("imageIds").items().getFirst();
              var name = id.at("imageTag").optionalText().or(id.at("imageDigest")::optionalText);
              return new Wire.Answer(200, found(manifests.get(name.orElseThrow())));
            }));
    return self.get();
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
