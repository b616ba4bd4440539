package slipway.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.Samples;
import slipway.config.Container;
import slipway.config.ServiceName;
import slipway.github.CommitStatuses.State;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.notice.About;

class BuildNewsTest {
  private static final String ID = "slipway-images:e2f6920c-bc68-4689-ac72-249b246e54b2";

  private final List<Object> variables =
      new ArrayList<>(
          List.of(
              variable("IMAGES", "app=slipway/dice/app adot=slipway/dice/adot"),
              variable("COMMIT", Samples.COMMIT)));

  private final Map<String, Object> information =
      new HashMap<>(
          Map.of(
              "source-version",
              Samples.COMMIT,
              "environment",
              Map.of("environment-variables", variables)));

  private final Map<String, Object> detail =
      new HashMap<>(
          Map.of(
              "build-status",
              "IN_PROGRESS",
              "build-id",
              "arn:aws:codebuild:ap-northeast-1:123456789012:build/" + ID,
              "additional-information",
              information));

  @Test
  void aRunningBuildIsPendingEvenWithoutPhasesAndLog() {
    assertThat(news())
        .isEqualTo(
            new BuildNews(
                About.service("dice").commit(Samples.COMMIT),
                "Build %s: building slipway/dice/app, slipway/dice/adot: commit %s"
                    .formatted(ID, Samples.COMMIT),
                Optional.of(
                    new BuildNews.Status(
                        "example/dice",
                        Samples.COMMIT,
                        State.PENDING,
                        "building slipway/dice/app, slipway/dice/adot",
                        Optional.empty())),
                Optional.empty()));
  }

  @Test
  void aSucceededBuildOfTheSampleIsASuccessWithItsLog() {
    var news = sample("codebuild-build-state-change-succeeded.json");
    assertThat(news.status())
        .contains(
            new BuildNews.Status(
                "example/dice",
                Samples.COMMIT,
                State.SUCCESS,
                "built app, adot",
                Optional.of(
                    URI.create(
                        "https://console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#logEvent:group=/aws/codebuild/dice-images;stream=57423131-01f6-4c0b-a0bb-fc673f52c44a"))));
    assertThat(news.failure()).isEmpty();
  }

  @Test
  void aFailedBuildOfTheSampleNamesPhaseMessageAndLog() {
    var news = sample("codebuild-build-state-change-failed.json");
    assertThat(news.status().orElseThrow().state()).isEqualTo(State.FAILURE);
    assertThat(news.status().orElseThrow().description())
        .startsWith("failed in BUILD: COMMAND_EXECUTION_ERROR: Error while executing command");
    var failure = news.failure().orElseThrow();
    assertThat(failure.services()).containsExactly(new ServiceName("dice"));
    assertThat(failure.subject()).isEqualTo("Build of app, adot failed in BUILD");
    assertThat(failure.text())
        .isEqualTo(
            """
            Build dice-images:e2f6920c-bc68-4689-ac72-249b246e54b2 of app, adot failed.

            Commit: https://github.com/example/dice/commit/a625406f6977d45c1391b078f4d3656e0b75bfcb
            Phase: BUILD
            Message: COMMAND_EXECUTION_ERROR: Error while executing command: docker buildx build --platform linux/arm64 --push app. Reason: exit status 1
            Log: https://console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#logEvent:group=/aws/codebuild/dice-images;stream=e2f6920c-bc68-4689-ac72-249b246e54b2

            What runs is unchanged. Fix the cause and push, or start the build again in CodeBuild.
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "FAILED, FAILURE, failed in PRE_BUILD",
    "TIMED_OUT, ERROR, timed out in PRE_BUILD",
    "STOPPED, ERROR, was stopped in PRE_BUILD",
    "FAULT, ERROR, failed by a fault of CodeBuild in PRE_BUILD"
  })
  void howABuildEndedIsInItsStatus(String status, State state, String description) {
    detail.put("build-status", status);
    information.put(
        "phases",
        List.of(
            phase("INSTALL", "SUCCEEDED"),
            phase("PRE_BUILD", status),
            phase("POST_BUILD", status),
            Map.of("phase-type", "COMPLETED")));
    assertThat(news().status().orElseThrow())
        .isEqualTo(
            new BuildNews.Status(
                "example/dice", Samples.COMMIT, state, description, Optional.empty()));
  }

  @Test
  void ofAScriptThatFailedTheReasonIsToldAndNotTheScript() {
    information.put(
        "phases",
        List.of(
            Map.of(
                "phase-type",
                "BUILD",
                "phase-status",
                "FAILED",
                "phase-context",
                List.of(
                    "COMMAND_EXECUTION_ERROR: Error while executing command: set -eu\n"
                        + "docker build .\n. Reason: exit status 1"))));
    detail.put("build-status", "FAILED");

    assertThat(news().status().orElseThrow().description())
        .isEqualTo("failed in BUILD: COMMAND_EXECUTION_ERROR: a command ended with exit status 1");
  }

  @Test
  void aBuildThatFailedBeforeAnyPhaseIsStillAFailure() {
    detail.put("build-status", "FAILED");
    assertThat(news().status().orElseThrow().description()).isEqualTo("failed");
    assertThat(news().failure().orElseThrow().reason())
        .isEqualTo("build " + ID + " of slipway/dice/app, slipway/dice/adot failed");
  }

  @Test
  void withoutCommitTheSourceVersionIsTheCommitIfItIsOne() {
    variables.removeLast();
    assertThat(news().status().orElseThrow().commit()).isEqualTo(Samples.COMMIT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"main", "", "refs/heads/main", "A625406F6977D45C1391B078F4D3656E0B75BFCB"})
  void withoutAnyCommitNoStatusIsSetAndTheReasonIsTold(String version) {
    variables.removeLast();
    information.put("source-version", version);
    assertThat(news().status()).isEmpty();
    assertThat(news().summary())
        .endsWith(
            "no commit status, as neither COMMIT nor the source version '%s' is a commit"
                .formatted(version));
  }

  @Test
  void ofManyRepositoriesTheOneOfTheImagesServiceIsTold() {
    var config = Samples.config("example/cards");
    detail.put("build-status", "FAILED");
    variables.set(0, variable("IMAGES", "app=slipway/cards/app"));

    var news = BuildNews.of(BuildReport.from(new Json("detail", detail)), config);

    assertThat(news.status().orElseThrow().repository()).isEqualTo("example/cards");
    assertThat(news.failure().orElseThrow().text())
        .contains("Commit: https://github.com/example/cards/commit/" + Samples.COMMIT);
  }

  @ParameterizedTest
  @CsvSource({
    "https://github.com/example/old.git, example/old",
    "https://git.example.com/scm/example/old, example/old",
    "s3-bucket/source.zip, example/dice",
  })
  void ofImagesThatAreNobodysTheRepositoryThatWasClonedIsTold(String location, String repository) {
    variables.set(0, variable("IMAGES", "app=slipway/removed/app"));
    information.put("source", Map.of("type", "GITHUB", "location", location));
    assertThat(news().status().orElseThrow().repository()).isEqualTo(repository);
  }

  @Test
  void onlyServicesOfTheBuildAreFailed() {
    detail.put("build-status", "FAILED");
    variables.set(0, variable("IMAGES", "app=slipway/other/app"));
    assertThat(news().failure().orElseThrow().services()).isEmpty();
  }

  @Test
  void aBuildThatDoesNotTellItsImagesMayHaveBeenAnyones() {
    detail.put("build-status", "STOPPED");
    variables.removeFirst();
    assertThat(news().failure().orElseThrow().services()).containsExactly(new ServiceName("dice"));
  }

  @Test
  void whatStartBuildGetsIsWhatTheReportReads() {
    var built = Samples.config().services().getFirst().built();
    assertThat(Image.read(Image.write(built)))
        .extracting(Image::folder)
        .containsExactlyElementsOf(built.stream().map(Container.Built::folder).toList());
    assertThat(Image.read(Image.write(built)).getFirst().isOf(built.getFirst())).isTrue();
    assertThat(Image.read(Image.write(built)).getFirst().isOf(built.getLast())).isFalse();
  }

  @Test
  void aStatusThatCodeBuildDoesNotHaveIsMalformed() {
    detail.put("build-status", "DONE");
    assertThatThrownBy(this::news)
        .isInstanceOf(Malformed.class)
        .hasMessage(
            "detail.build-status is 'DONE': want IN_PROGRESS, SUCCEEDED, FAILED, FAULT, TIMED_OUT"
                + " or STOPPED");
  }

  @Test
  void aBuildWithoutItsArnIsMalformed() {
    detail.remove("build-id");
    assertThatThrownBy(this::news).hasMessage("detail.build-id is missing: want text");
    detail.put("build-id", ID);
    assertThatThrownBy(this::news)
        .hasMessage("detail.build-id is '" + ID + "': want the ARN of a build");
  }

  private BuildNews news() {
    return BuildNews.of(BuildReport.from(new Json("detail", detail)), Samples.config());
  }

  private static BuildNews sample(String file) {
    var event = Json.parse(new String(Samples.event(file), UTF_8));
    return BuildNews.of(BuildReport.from(event.at("detail")), Samples.config());
  }

  private static Map<String, Object> variable(String name, String value) {
    return Map.of("name", name, "type", "PLAINTEXT", "value", value);
  }

  private static Map<String, Object> phase(String type, String status) {
    return Map.of("phase-type", type, "phase-status", status, "phase-context", List.of(": "));
  }
}
