package slipway.local.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;

final class ImageBuildTest {
  @TempDir Path folder;
  TestRegistry registry;
  Path context;

  @BeforeEach
  void open() throws IOException {
    registry = new TestRegistry(folder);
    context = Files.createDirectories(folder.resolve("context"));
    Files.writeString(context.resolve("hello.txt"), "hello");
    dockerfile(
        """
        ARG BASE=example/base:1
        FROM builder AS build
        WORKDIR /src
        COPY . .
        RUN --mount=type=cache,target=/cache mkdir out && \\
            tr a-z A-Z < hello.txt > out/loud.txt
        FROM ${BASE}
        WORKDIR /app
        ADD --chmod=0644 --checksum=sha256:00 https://example.com/v1/agent.jar /opt/agent.jar
        COPY --from=build /src/out/ ./
        ARG COMMIT=
        ENV COMMIT=$COMMIT MODE="very loud"
        USER 10001:10001
        EXPOSE 8080
        ENTRYPOINT ["java", "-jar", "dice.jar"]
        """);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  void dockerfile(String text) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), text);
  }

  @Test
  void aDockerfileBecomesAnIndexWithAnArmImageAndItsAttestation() throws IOException {
    registry.push(
        context,
        "c0ffee",
        "--build-arg",
        "COMMIT=c0ffee",
        "--label",
        "org.opencontainers.image.revision=c0ffee",
        "--annotation",
        "index,manifest:org.opencontainers.image.revision=c0ffee");

    var index = registry.ecr.manifest(TestRegistry.REPOSITORY, "c0ffee").orElseThrow();
    assertThat(index.isIndex()).isTrue();
    var annotation = index.json().at("annotations").at("org.opencontainers.image.revision");
    assertThat(annotation.text()).isEqualTo("c0ffee");
    var children = index.json().at("manifests").items();
    assertThat(children)
        .extracting(child -> child.at("platform").at("architecture").text())
        .containsExactly("arm64", "unknown");
    var manifest =
        registry
            .ecr
            .manifest(TestRegistry.REPOSITORY, children.getFirst().at("digest").text())
            .orElseThrow()
            .json();
    assertThat(manifest.at("annotations").at("org.opencontainers.image.base.name").text())
        .isEqualTo("example/base:1");
    var blob = registry.ecr.blob(manifest.at("config").at("digest").text()).orElseThrow();
    var config = Json.parse(Files.readString(blob));
    assertThat(config.at("architecture").text()).isEqualTo("arm64");
    assertThat(config.at("config").at("Env").value())
        .isEqualTo(List.of("COMMIT=c0ffee", "MODE=very loud"));
    assertThat(config.at("config").at("Entrypoint").value())
        .isEqualTo(List.of("java", "-jar", "dice.jar"));
    assertThat(config.at("config").at("WorkingDir").text()).isEqualTo("/app");
    assertThat(manifest.at("layers").items()).hasSize(3);
  }

  @Test
  void aPushTellsOfEachChildWithoutATagAndOfTheIndexWithIts() throws IOException {
    registry.push(context, "c0ffee");
    registry.docker(
        "buildx",
        "imagetools",
        "create",
        "--tag",
        TestRegistry.image("live"),
        TestRegistry.image("c0ffee"));

    assertThat(registry.events)
        .extracting(event -> event.detail().at("image-tag").text())
        .containsExactly("", "", "c0ffee", "live");
    var index = registry.ecr.manifest(TestRegistry.REPOSITORY, "live").orElseThrow();
    assertThat(registry.events.getLast().detail().value())
        .isEqualTo(
            Map.of(
                "result", "SUCCESS",
                "repository-name", TestRegistry.REPOSITORY,
                "image-digest", index.digest(),
                "action-type", "PUSH",
                "image-tag", "live",
                "manifest-media-type", "application/vnd.oci.image.index.v1+json"));
  }

  @Test
  void theSameInputGivesTheSameBytes() throws IOException {
    registry.push(context, "live1");
    registry.push(context, "live2");
    var first = registry.ecr.manifest(TestRegistry.REPOSITORY, "live1").orElseThrow();
    var second = registry.ecr.manifest(TestRegistry.REPOSITORY, "live2").orElseThrow();
    assertThat(first.json().at("manifests").items().getFirst().at("digest").text())
        .isEqualTo(second.json().at("manifests").items().getFirst().at("digest").text());
  }

  @Test
  void aFailedStepFailsTheBuildAndNamesTheLine() throws IOException {
    dockerfile("FROM base\nRUN exit 3\n");
    assertThatThrownBy(() -> registry.push(context, "c0ffee"))
        .hasMessageContaining("line 2: RUN exit 3")
        .hasMessageContaining("exit code: 3");
    assertThat(registry.ecr.manifest(TestRegistry.REPOSITORY, "c0ffee")).isEmpty();
  }

  @Test
  void aBuildForAnotherPlatformSaysSoOfItsImage() throws IOException {
    dockerfile("FROM --platform=linux/amd64 example/base:1\nCOPY hello.txt /\n");
    registry.push(context, "c0ffee");
    assertThat(architecture("c0ffee")).isEqualTo("amd64");
  }

  /** The image would say that it is for ARM, and fail where it runs. */
  @Test
  void aBaseImageForAnotherPlatformIsOnlyWarnedOfUnlessTheDockerfileIsStrict() throws IOException {
    registry.push(context, "live-base", "--platform", "linux/amd64");
    var from = "FROM " + TestRegistry.image("live-base") + "\nCOPY hello.txt /\n";
    dockerfile(from);
    registry.push(context, "c0ffee");
    assertThat(architecture("c0ffee")).isEqualTo("arm64");
    dockerfile("# check=error=true\n" + from);
    assertThatThrownBy(() -> registry.push(context, "c0ffe2"))
        .hasMessage(
            "lint violation found for rules: InvalidBaseImagePlatform: Base image "
                + TestRegistry.image("live-base")
                + " was pulled with platform \"linux/amd64\", expected \"linux/arm64\" for current"
                + " build (line 2)");
    dockerfile(from);
    registry.push(context, "c0ffe3", "--platform", "linux/amd64");
    assertThat(architecture("c0ffe3")).isEqualTo("amd64");
  }

  @Test
  void aStrictDockerfileDoesNotBuildForAnotherPlatformThanItIsAsked() {
    for (var dockerfile :
        List.of(
            "# check=error=true\nFROM --platform=linux/amd64 example/base:1\n",
            "# syntax=docker/dockerfile:1\n# check=skip=all;error=true\nFROM --platform=linux/amd64"
                + " example/base:1 AS build\nFROM example/base:1\nCOPY --from=build . .\n"))
      assertThatThrownBy(
              () -> {
                dockerfile(dockerfile);
                registry.push(context, "c0ffee");
              })
          .hasMessageContaining("FromPlatformFlagConstDisallowed")
          .hasMessageContaining(
              "FROM --platform flag should not use constant value \"linux/amd64\"");
  }

  @Test
  void theProjectsOwnImagesAreBuiltStrictly() throws IOException {
    for (var folder : List.of("app", "adot")) {
      var file = Path.of(System.getProperty("slipway.sources"), folder, "Dockerfile");
      assertThat(Dockerfile.parse(Files.readString(file)).strict()).as(folder).isTrue();
    }
  }

  @Test
  void aPlatformOfTheBuildItselfIsFine() throws IOException {
    dockerfile("# check=error=true\nFROM --platform=$TARGETPLATFORM example/base:1\nVOLUME /tmp\n");
    registry.push(context, "c0ffee");
    assertThat(architecture("c0ffee")).isEqualTo("arm64");
    assertThat(config("c0ffee").at("config").at("Volumes").value())
        .isEqualTo(Map.of("/tmp", Map.of()));
  }

  private String architecture(String tag) throws IOException {
    return config(tag).at("architecture").text();
  }

  private Json config(String tag) throws IOException {
    var index = registry.ecr.manifest(TestRegistry.REPOSITORY, tag).orElseThrow();
    var child = index.json().at("manifests").items().getFirst();
    var manifest =
        registry
            .ecr
            .manifest(TestRegistry.REPOSITORY, child.at("digest").text())
            .orElseThrow()
            .json();
    var config =
        Json.parse(
            Files.readString(
                registry.ecr.blob(manifest.at("config").at("digest").text()).orElseThrow()));
    assertThat(child.at("platform").at("architecture").text())
        .isEqualTo(config.at("architecture").text());
    return config;
  }

  @Test
  void anImmutableTagTakesNoSecondImageButTheExcludedOneMoves() throws IOException {
    registry.push(context, "c0ffee");
    registry.push(context, "live");
    Files.writeString(context.resolve("hello.txt"), "bye");
    registry.push(context, "live");
    assertThatThrownBy(() -> registry.push(context, "c0ffee"))
        .hasMessageContaining("TAG_INVALID")
        .hasMessageContaining("already exists");
  }

  @Test
  void aPushNeedsTheCallersPermissions() {
    registry.forbidden.put("ecr:PutImage", true);
    assertThatThrownBy(() -> registry.push(context, "c0ffee"))
        .hasMessageContaining("403 DENIED")
        .hasMessageContaining("ecr:PutImage");
  }

  @Test
  void aWrongLoginIsNotWelcome() throws IOException {
    try (var right = registry.client(registry.login());
        var wrong = registry.client("bm9ib2R5Om5vdGhpbmc=")) {
      assertThat(right.welcomes()).isTrue();
      assertThat(wrong.welcomes()).isFalse();
    }
  }

  @Test
  void theApiHandsOutManifestsAndNamesTheMissing() throws IOException {
    registry.push(context, "c0ffee");
    var answer =
        registry.call(
            "BatchGetImage",
            Map.of(
                "repositoryName",
                TestRegistry.REPOSITORY,
                "imageIds",
                List.of(Map.of("imageTag", "c0ffee"), Map.of("imageTag", "nothing"))));
    assertThat(answer.at("images").items()).hasSize(1);
    assertThat(answer.at("failures").items().getFirst().at("failureCode").text())
        .isEqualTo("ImageNotFound");
  }
}
