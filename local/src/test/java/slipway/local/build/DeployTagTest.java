package slipway.local.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;
import slipway.local.cloud.AwsCall;
import slipway.local.stack.Resource;

/** Where the repository's own buildspec.yml moves the deploy tag, with a real git. */
final class DeployTagTest {
  private static final String BUILDSPEC = "buildspec.yml";

  @TempDir Path folder;
  TestRegistry registry;
  CodeBuild codebuild;
  Path repository;

  @BeforeEach
  void open() throws Exception {
    registry = new TestRegistry(folder);
    repository = Files.createDirectories(folder.resolve("repository"));
    git("init", "--quiet", "--initial-branch=main");
    Files.copy(Path.of("..", BUILDSPEC), repository.resolve(BUILDSPEC));
    Files.createDirectories(repository.resolve("app"));
    codebuild =
        new CodeBuild(
            folder.resolve("builds"),
            shims(),
            _ -> repository.toUri().toString(), // as a URL, git sends what the branches have
            (_, _) -> Map.of("AWS_REGION", "ap-northeast-1"),
            (_, _) -> true,
            registry);
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
                        List.of(
                            Map.of("Name", "REGISTRY", "Value", registryHost()),
                            Map.of("Name", "DEPLOY_TAG", "Value", "live"),
                            Map.of("Name", "BRANCH", "Value", "main")))))));
  }

  @AfterEach
  void close() {
    codebuild.close();
    registry.close();
  }

  @Test
  void anOlderBuildThatEndsLaterLeavesTheTagToTheNewerCommit() throws Exception {
    try (var gate = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // It waits in the middle of its build, after it was cloned, for the test to hang up.
      var older = commit("RUN cat < /dev/tcp/127.0.0.1/" + gate.getLocalPort());
      var late = start(older, "main");
      String newer;
      try (var _ = gate.accept()) {
        newer = commit("LABEL pushed=later");
        assertThat(ended(start(newer, "main"))).contains("No image that names its commit");
        assertThat(deployed()).isEqualTo(newer);
      }

      assertThat(ended(late)).contains("stays at " + newer + ", which was pushed after " + older);
      assertThat(deployed()).isEqualTo(newer);
      assertThat(registry.ecr.manifest(TestRegistry.REPOSITORY, older)).isPresent();
    }
  }

  @Test
  void theTagFollowsTheBranchForwardsAndByAForcedPushBackwards() throws Exception {
    var older = commit("LABEL n=1");
    ended(start(older, "main"));
    var newer = commit("LABEL n=2");
    ended(start(newer, "main"));
    assertThat(deployed()).isEqualTo(newer);

    git("reset", "--quiet", "--hard", older);
    ended(start(older, "main"));

    assertThat(deployed()).isEqualTo(older);
  }

  @Test
  void aForcedPushOfAnotherHistoryReplacesWhatNobodyKnowsAnyMore() throws Exception {
    ended(start(commit("LABEL n=1"), "main"));
    var gone = deployed();
    git("checkout", "--quiet", "--orphan", "other");
    var other = commit("LABEL n=2");
    git("branch", "--force", "main", other);

    assertThat(ended(start(other, "main")))
        .contains("Cannot find out whether " + gone)
        .contains("the last build wins");
    assertThat(deployed()).isEqualTo(other);
  }

  @Test
  void theLastBuildWinsIfTheBranchCannotBeFetched() throws Exception {
    var older = commit("LABEL n=1");
    var newer = commit("LABEL n=2");
    ended(start(newer, "main"));

    assertThat(ended(start(older, "no-such-branch")))
        .contains("Cannot find out whether " + newer)
        .contains("the last build wins");
    assertThat(deployed()).isEqualTo(older);
  }

  @Test
  void theAuthorIsOnTheImageHoweverOddTheName() throws Exception {
    var odd = "Zoë \"O'Hara\" = $(false) `x`: {a,b} \\";
    // Git would mend what is no UTF-8 in a commit of its own, but takes such a commit from others.
    var tree = git("rev-parse", commit("LABEL n=1") + "^{tree}");
    var raw = new ByteArrayOutputStream();
    raw.writeBytes("tree %sauthor %s\u0007".formatted(tree, odd).getBytes(StandardCharsets.UTF_8));
    raw.write(0xE9);
    raw.writeBytes("x".repeat(200).getBytes(StandardCharsets.UTF_8));
    raw.writeBytes(" <z@x> 0 +0000\ncommitter t <t@x> 0 +0000\n\nchange\n".getBytes());
    var file = Files.write(folder.resolve("commit"), raw.toByteArray());
    var commit = git("hash-object", "-t", "commit", "-w", file.toString()).strip();
    git("reset", "--quiet", "--hard", commit);

    ended(start(commit, "main"));

    assertThat(annotation("org.opencontainers.image.authors"))
        .startsWith(odd + "xxx")
        .hasSizeBetween(90, 100);
  }

  /** Commits a Dockerfile; its id. */
  private String commit(String instruction) throws Exception {
    Files.writeString(
        repository.resolve("app/Dockerfile"), "FROM example/base:1\n" + instruction + "\n");
    git("add", "-A");
    git("commit", "--quiet", "-m", "change");
    return git("rev-parse", "HEAD").strip();
  }

  private String git(String... words) throws Exception {
    var command = new ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    for (var role : List.of("AUTHOR", "COMMITTER")) {
      builder.environment().put("GIT_" + role + "_NAME", "t");
      builder.environment().put("GIT_" + role + "_EMAIL", "t@example.com");
    }
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).describedAs(command.toString()).isZero();
    return output;
  }

  /** Starts a build of a commit; its id. */
  private String start(String commit, String branch) {
    var variables =
        Map.of("IMAGES", "app=" + TestRegistry.REPOSITORY, "COMMIT", commit, "BRANCH", branch);
    var request =
        Map.of(
            "projectName",
            "slipway-images",
            "sourceVersion",
            commit,
            "environmentVariablesOverride",
            variables.entrySet().stream()
                .map(v -> Map.of("name", v.getKey(), "value", v.getValue()))
                .toList());
    var body = Json.write(request).getBytes(StandardCharsets.UTF_8);
    var call =
        new AwsCall(
            "codebuild", "StartBuild", TestRegistry.BUILDER, "POST", "/", Map.of(), Map.of(), body);
    var answer = new String(codebuild.answer(call).body(), StandardCharsets.UTF_8);
    return Json.parse(answer).at("build").at("id").text();
  }

  /** Waits for its end, which must be a success; the log. */
  private String ended(String build) throws IOException, InterruptedException {
    var event =
        registry.await(
            e ->
                e.source().equals("aws.codebuild")
                    && e.detail().at("build-id").text().endsWith(build)
                    && !e.detail().at("build-status").text().equals("IN_PROGRESS"));
    var log = Files.readString(codebuild.log(build).orElseThrow());
    assertThat(event.detail().at("build-status").text()).describedAs(log).isEqualTo("SUCCEEDED");
    return log;
  }

  /** The commit behind the deploy tag. */
  private String deployed() {
    return annotation("org.opencontainers.image.revision");
  }

  private String annotation(String key) {
    var index = registry.ecr.manifest(TestRegistry.REPOSITORY, "live").orElseThrow();
    return index.json().at("annotations").at(key).text();
  }

  /** The played docker; of the AWS CLI, the password alone. */
  private Path shims() throws IOException {
    var shims = Shims.write(folder.resolve("shims"), registry.ecr.address(), Map.of(), true);
    var login = new String(Base64.getDecoder().decode(registry.login()), StandardCharsets.UTF_8);
    Files.writeString(
        shims.resolve("aws"), "#!/bin/sh\necho " + login.substring(login.indexOf(':') + 1) + "\n");
    return shims;
  }

  private static String registryHost() {
    var image = TestRegistry.image("live");
    return image.substring(0, image.indexOf('/'));
  }
}
