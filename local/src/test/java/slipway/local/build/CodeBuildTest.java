package slipway.local.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;
import slipway.local.cloud.AwsCall;
import slipway.local.stack.Resource;

final class CodeBuildTest {
  @TempDir Path folder;
  TestRegistry events;
  CodeBuild codebuild;
  Path repository;

  @BeforeEach
  void open() throws Exception {
    events = new TestRegistry(folder);
    repository = Files.createDirectories(folder.resolve("dice.git"));
    git("init", "--quiet", "--initial-branch=main");
    codebuild =
        new CodeBuild(
            folder.resolve("builds"),
            folder.resolve("shims"),
            location -> folder.resolve(location.replaceFirst(".*/example/", "")).toString(),
            (_, _) -> Map.of("AWS_REGION", "ap-northeast-1"),
            (_, _) -> true,
            events);
    codebuild.make(
        new Resource(
            "Images",
            "AWS::CodeBuild::Project",
            Json.of(
                Map.of(
                    "Name",
                    "slipway-images",
                    "ServiceRole",
                    "arn:aws:iam::123456789012:role/build",
                    "Source",
                    Map.of("Type", "GITHUB", "Location", "https://github.com/example/dice.git"),
                    "Environment",
                    Map.of(
                        "EnvironmentVariables",
                        List.of(Map.of("Name", "DEPLOY_TAG", "Value", "live"))),
                    "TimeoutInMinutes",
                    30))));
  }

  @AfterEach
  void close() {
    codebuild.close();
    events.close();
  }

  void git(String... words) throws IOException, InterruptedException {
    var command = new java.util.ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of("-c", "user.name=t", "-c", "user.email=t@example.com"));
    command.addAll(List.of(words));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  void commit(String buildspec) throws IOException, InterruptedException {
    Files.writeString(repository.resolve("buildspec.yml"), buildspec);
    git("add", "-A");
    git("commit", "--quiet", "-m", "change");
  }

  Json call(String operation, Map<String, Object> request) {
    var body = Json.write(request).getBytes(StandardCharsets.UTF_8);
    var call =
        new AwsCall(
            "codebuild", operation, TestRegistry.BUILDER, "POST", "/", Map.of(), Map.of(), body);
    return Json.parse(new String(codebuild.answer(call).body(), StandardCharsets.UTF_8));
  }

  TestRegistry.Event ended() throws InterruptedException {
    return events.await(e -> !e.detail().at("build-status").text().equals("IN_PROGRESS"));
  }

  String log(TestRegistry.Event event) throws IOException {
    var arn = event.detail().at("build-id").text();
    return Files.readString(codebuild.log(arn.substring(arn.indexOf("build/") + 6)).orElseThrow());
  }

  @Test
  void phasesShareOneShellAndKnowTheirCommit() throws Exception {
    commit(
        """
        version: 0.2
        env:
          shell: bash
          variables: {DEPLOY_TAG: default, OWN: mine}
        phases:
          pre_build:
            commands:
              - greeting=hello
          build:
            commands:
              - echo "$greeting $WHO $DEPLOY_TAG $OWN"
              - test "$CODEBUILD_RESOLVED_SOURCE_VERSION" = "$(git rev-parse HEAD)"
        """);
    var started =
        call(
            "StartBuild",
            Map.of(
                "projectName",
                "slipway-images",
                "sourceVersion",
                "main",
                "environmentVariablesOverride",
                List.of(Map.of("name", "WHO", "value", "world", "type", "PLAINTEXT"))));

    var event = ended();
    assertThat(log(event)).contains("hello world live mine");
    assertThat(event.detail().at("build-status").text()).isEqualTo("SUCCEEDED");
    var more = event.detail().at("additional-information");
    assertThat(more.at("phases").items())
        .extracting(phase -> phase.at("phase-type").text())
        .containsExactly(
            "SUBMITTED",
            "QUEUED",
            "PROVISIONING",
            "DOWNLOAD_SOURCE",
            "INSTALL",
            "PRE_BUILD",
            "BUILD",
            "POST_BUILD",
            "UPLOAD_ARTIFACTS",
            "FINALIZING",
            "COMPLETED");
    var id = started.at("build").at("id").text();
    var build = call("BatchGetBuilds", Map.of("ids", List.of(id))).at("builds").items().getFirst();
    assertThat(build.at("resolvedSourceVersion").text()).hasSize(40);
  }

  @Test
  void aFailedCommandStopsTheBuildEvenIfItEndsTheShell() throws Exception {
    commit(
        """
        version: 0.2
        phases:
          build:
            on-failure: ABORT
            commands:
              - |
                set -euo pipefail
                false | cat
                echo never
              - echo not this either
            finally:
              - echo tidied
          post_build:
            commands:
              - echo nor this
        """);
    call("StartBuild", Map.of("projectName", "slipway-images"));

    var event = ended();
    assertThat(event.detail().at("build-status").text()).isEqualTo("FAILED");
    var failed =
        event.detail().at("additional-information").at("phases").items().stream()
            .filter(p -> p.at("phase-status").optionalText().filter("FAILED"::equals).isPresent())
            .toList();
    assertThat(failed).hasSize(1);
    assertThat(failed.getFirst().at("phase-type").text()).isEqualTo("BUILD");
    assertThat(failed.getFirst().at("phase-context").items().getFirst().text())
        .startsWith("COMMAND_EXECUTION_ERROR: Error while executing command: set -euo pipefail")
        .endsWith("Reason: exit status 1");
    assertThat(log(event)).contains("\ntidied\n").doesNotContain("\nnever\n", "\nnor this\n");
  }

  @Test
  void theSameTokenStartsOneBuild() throws Exception {
    commit("version: 0.2\nphases: {build: {commands: ['true']}}\n");
    var request =
        Map.<String, Object>of("projectName", "slipway-images", "idempotencyToken", "delivery-1");
    var first = call("StartBuild", request).at("build").at("id").text();
    assertThat(call("StartBuild", request).at("build").at("id").text()).isEqualTo(first);
    ended();
  }

  @Test
  void aBuildOfAnotherSourceSaysSoAndBuildsIt() throws Exception {
    commit("version: 0.2\nphases: {build: {commands: ['cat word']}}\n");
    var other = folder.resolve("cards.git");
    git("clone", "--quiet", repository.toString(), other.toString());
    repository = other;
    Files.writeString(other.resolve("word"), "cards");
    git("add", "-A");
    git("commit", "--quiet", "-m", "word");
    var location = "https://github.com/example/cards.git";
    var id =
        call(
                "StartBuild",
                Map.of("projectName", "slipway-images", "sourceLocationOverride", location))
            .at("build")
            .at("id")
            .text();

    assertThat(log(ended())).contains("cards");
    var build = call("BatchGetBuilds", Map.of("ids", List.of(id))).at("builds").items().getFirst();
    assertThat(build.at("source").at("location").text()).isEqualTo(location);
    assertThat(build.at("buildStatus").text()).isEqualTo("SUCCEEDED");
    assertThat(build.at("environment").at("environmentVariables").items())
        .extracting(variable -> variable.at("name").text())
        .contains("DEPLOY_TAG");
  }

  @Test
  void buildsAreListedNewestFirst() throws Exception {
    commit("version: 0.2\nphases: {build: {commands: ['true']}}\n");
    var project = Map.<String, Object>of("projectName", "slipway-images");
    assertThat(ids(call("ListBuildsForProject", project))).isEmpty();
    var started = new java.util.ArrayList<String>();
    for (int i = 0; i < 3; i++)
      started.add(call("StartBuild", project).at("build").at("id").text());
    for (int i = 0; i < 3; i++) ended();

    var listed = call("ListBuildsForProject", project);

    assertThat(ids(listed)).isEqualTo(started.reversed());
    assertThat(listed.at("nextToken").missing()).isTrue();
    assertThat(
            ids(
                call(
                    "ListBuildsForProject",
                    Map.of("projectName", "slipway-images", "sortOrder", "ASCENDING"))))
        .isEqualTo(started);
  }

  private static List<String> ids(Json listed) {
    return listed.at("ids").items().stream().map(Json::text).toList();
  }

  @Test
  void aStoppedBuildLeavesNoProcess() throws Exception {
    try (var door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      commit(
          "version: 0.2\nphases: {build: {commands: ['echo $$ > /dev/tcp/127.0.0.1/%d; sleep 600']}}\n"
              .formatted(door.getLocalPort()));
      call("StartBuild", Map.of("projectName", "slipway-images"));
      String pid;
      try (var caller = door.accept()) {
        pid = new String(caller.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      }
      var shell = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
      codebuild.close();
      shell.onExit().get(30, TimeUnit.SECONDS);
    }
    assertThat(ended().detail().at("build-status").text()).isEqualTo("STOPPED");
  }
}
