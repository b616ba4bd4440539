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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.json.Json;
import slipway.local.cloud.AwsCall;
import slipway.local.stack.Resource;

/** Where the repository's own buildspec.yml moves the deploy tag, with a real git. */
@Execution(ExecutionMode.CONCURRENT) // mostly waits, each for what is its own
final class DeployTagTest {
  private static final String BUILDSPEC = "buildspec.yml";
  private static final Map<String, String> MARKER = Map.of("OVERRIDE_MARKER", "[ignore budget]");

  @TempDir Path folder;
  TestRegistry registry;
  CodeBuild codebuild;
  private int changes;
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

  @Test
  void theTimeOfThePushIsOnTheImage() throws Exception {
    ended(start(commit("LABEL n=1"), Map.of("PUSHED_AT", "2026-08-04T00:12:05Z")));

    assertThat(annotation("dev.slipway.pushed")).isEqualTo("2026-08-04T00:12:05Z");
  }

  @Test
  void whereNoPushToldItTheTimeIsThatOfTheCommit() throws Exception {
    ended(start(committed("change", "2026-08-04T02:12:05+02:00"), Map.of()));

    assertThat(annotation("dev.slipway.pushed")).isEqualTo("2026-08-04T00:12:05Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      quoteCharacter = '%',
      textBlock =
          """
          # marker          | message, ~ being a new line                  | override
          [ignore budget]   | Mend the dice~~It burns. [ignore budget]~    | true
          [ignore budget]   | Mend the dice [ignore the budget] i          | false
          *                 | not for a star alone                         | false
          none              | [ignore budget]                              | false
          "$(touch x)" `'?* | really: "$(touch x)" `'?* and no x           | true
          """)
  void aCommitWhoseMessageHasTheMarkerSaysSoOnItsImage(
      String marker, String message, boolean override) throws Exception {
    var commit = committed(message.replace('~', '\n'), "2026-08-04T00:00:00Z");

    var log = ended(start(commit, marker == null ? Map.of() : Map.of("OVERRIDE_MARKER", marker)));

    assertThat(annotation("dev.slipway.override")).as(log).isEqualTo(String.valueOf(override));
  }

  /** The log of a long message ends git early if nobody reads it to its end. */
  @Test
  void theMarkerIsFoundAtTheEndOfALongMessageAndOnlyInThatOfTheHead() throws Exception {
    committed("a change before [ignore budget]", "2026-08-04T00:00:00Z");
    ended(start(committed("change", "2026-08-04T00:00:00Z"), MARKER));
    assertThat(annotation("dev.slipway.override")).isEqualTo("false");

    ended(
        start(
            committed("a line\n".repeat(20_000) + "[ignore budget]", "2026-08-04T00:00:00Z"),
            MARKER));
    assertThat(annotation("dev.slipway.override")).isEqualTo("true");
  }

  /** Commits a change with that message, at that time; its id. */
  private String committed(String message, String at) throws Exception {
    Files.writeString(
        repository.resolve("app/Dockerfile"), "FROM example/base:1\nLABEL n=" + ++changes + "\n");
    var file = Files.writeString(folder.resolve("message"), message);
    git("add", "-A");
    git(
        Map.of("GIT_COMMITTER_DATE", at),
        "commit",
        "--quiet",
        "--cleanup=verbatim",
        "-F",
        file.toString());
    return git("rev-parse", "HEAD").strip();
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
    return git(Map.of(), words);
  }

  private String git(Map<String, String> environment, String... words) throws Exception {
    var command = new ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    for (var role : List.of("AUTHOR", "COMMITTER")) {
      builder.environment().put("GIT_" + role + "_NAME", "t");
      builder.environment().put("GIT_" + role + "_EMAIL", "t@example.com");
    }
    builder.environment().putAll(environment);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).describedAs(command.toString()).isZero();
    return output;
  }

  /** Starts a build of a commit; its id. */
  private String start(String commit, String branch) {
    return start(commit, Map.of("BRANCH", branch));
  }

  /** Starts a build of a commit with further variables; its id. */
  private String start(String commit, Map<String, String> more) {
    var variables = new LinkedHashMap<>(more);
    variables.put("IMAGES", "app=" + TestRegistry.REPOSITORY);
    variables.put("COMMIT", commit);
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
