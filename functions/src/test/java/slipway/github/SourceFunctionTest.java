package slipway.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.Invocation;
import slipway.RecordingServer;
import slipway.RecordingServer.Call;
import slipway.RecordingServer.Reply;
import slipway.Samples;
import slipway.build.CodeBuildHistory;
import slipway.build.CodeBuilds;
import slipway.config.Config;
import slipway.config.Setting;
import slipway.config.Settings;
import slipway.config.Source;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Measure;
import slipway.notice.Measured;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Looks for lost webhooks, with real clients on real requests: to AWS and to GitHub. */
class SourceFunctionTest {
  private static final String OLD = "0".repeat(39) + "1";
  private static final String NEW = "0".repeat(39) + "2";
  private static final String DICE = "SOURCE#example/dice#main";

  private Config config = Samples.config();
  private SourceFunction function;

  /** The head of each repository's branch main; none: there is no such branch. */
  private final Map<String, String> branches = new ConcurrentHashMap<>();

  private final Map<String, Map<String, Object>> table = new ConcurrentHashMap<>();

  /** Newest first, as CodeBuild describes them. */
  private final List<Map<String, Object>> built = new ArrayList<>();

  private String files = "[]";
  private String status = "ahead";
  private int comparison = 200;
  private final List<Line> log = new ArrayList<>();
  private final RecordingServer github = new RecordingServer(this::github);
  private final RecordingServer aws = new RecordingServer(this::aws);

  SourceFunctionTest() {
    branches.put("example/dice", OLD);
    built.add(build("SUCCEEDED", OLD, "app=slipway/dice/app adot=slipway/dice/adot"));
  }

  @AfterEach
  void stop() {
    github.close();
    aws.close();
  }

  @Test
  void aLostPushIsBuiltInTheSecondRunThatSeesIt() {
    settle();
    branches.put("example/dice", NEW);
    files("app/pom.xml");

    assertThat(run("3"))
        .isEqualTo(
            "example/dice, branch main: new head %s: its webhook has until the next run"
                .formatted(NEW));
    assertThat(starts()).isEmpty();
    assertThat(run("4"))
        .isEqualTo(
            "example/dice, branch main: no webhook built %s: started build slipway-images:new: slipway/dice/app was last built at %s, and changed since"
                .formatted(NEW, OLD));
    run("5");

    assertThat(starts()).hasSize(1);
    var start = starts().getFirst().json();
    assertThat(start.at("sourceVersion").text()).isEqualTo(NEW);
    assertThat(start.at("idempotencyToken").text()).matches("[0-9a-f]{64}");
    assertThat(start.at("environmentVariablesOverride").items().getFirst().at("value").text())
        .isEqualTo("app=slipway/dice/app");
    assertThat(log).filteredOn(line -> line.what().equals("looked at a branch")).hasSize(5);
    // The push that no webhook told is counted as one.
    assertThat(log)
        .filteredOn(line -> line.measured().isPresent())
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.about()).isEqualTo(About.service("dice").commit(NEW));
              assertThat(line.measured())
                  .hasValue(new Measured("slipway", Map.of(Measure.PUSHES, 1.0)));
            });
  }

  @Test
  void aPushThatItsWebhookBuiltIsLeftAlone() {
    settle();
    branches.put("example/dice", NEW);
    files("app/pom.xml");
    run("3");
    built.addFirst(build("IN_PROGRESS", NEW, "app=slipway/dice/app"));

    assertThat(run("4")).contains("nothing is missing");

    assertThat(starts()).isEmpty();
  }

  @Test
  void anUnchangedBranchIsOneFreeRequestAndNothingElse() {
    settle();
    var before = aws.calls().size();
    var asked = github.calls().size();

    assertThat(run("3")).isEqualTo("example/dice, branch main: nothing new at " + OLD);

    assertThat(aws.operations().subList(before, aws.calls().size()))
        .containsExactly("BatchGetItem");
    assertThat(github.calls()).hasSize(asked + 1);
    var call = github.calls().getLast();
    assertThat(call.path()).isEqualTo("/repos/example/dice/git/ref/heads/main");
    assertThat(call.headers())
        .containsEntry("if-none-match", "\"" + OLD + "\"")
        .containsEntry("authorization", "Bearer ghp_x");
  }

  @Test
  void aRunThatIsRepeatedGivesTheWebhookNoLessTime() {
    settle();
    branches.put("example/dice", NEW);
    files("app/pom.xml");
    run("3");
    run("3");
    assertThat(starts()).isEmpty();
    run("4");
    assertThat(starts()).hasSize(1);
  }

  @Test
  void whatIsRememberedIsOneItemForEachBranch() {
    run("1");
    assertThat(table.get(DICE))
        .isEqualTo(
            Map.of(
                "pk", Map.of("S", DICE),
                "sk", Map.of("S", "HEAD"),
                "head", Map.of("S", OLD),
                "etag", Map.of("S", "\"" + OLD + "\""),
                "settled", Map.of("BOOL", false),
                "run", Map.of("S", "1")));
    run("2");
    assertThat(table.get(DICE))
        .containsEntry("settled", Map.of("BOOL", true))
        .containsEntry("base", Map.of("S", OLD));
  }

  @ParameterizedTest
  @CsvSource({
    "200, diverged, the branch was forced",
    "200, behind, the branch was forced",
    "404, ahead, answered 404: Not Found",
    "500, ahead, answered 500",
  })
  void whereGitHubCannotCompareEverythingIsBuilt(int answered, String compared, String why) {
    settle();
    branches.put("example/dice", NEW);
    comparison = answered;
    status = compared;
    run("3");

    assertThat(run("4")).contains("started build", why);

    assertThat(starts().getFirst().body()).contains("app=slipway/dice/app adot=slipway/dice/adot");
  }

  @Test
  void asManyFilesAsGitHubListsBuildEverything() {
    settle();
    branches.put("example/dice", NEW);
    var many = new String[300];
    for (int i = 0; i < 300; i++) many[i] = "docs/" + i;
    files(many);
    run("3");
    assertThat(run("4")).contains("more files changed than GitHub lists");
  }

  @Test
  void aFileThatWasMovedOutOfAFolderChangedIt() {
    settle();
    branches.put("example/dice", NEW);
    files = "[{\"filename\":\"docs/a\",\"previous_filename\":\"adot/a\"}]";
    run("3");
    run("4");
    assertThat(starts().getFirst().body()).contains("\"adot=slipway/dice/adot\"");
  }

  @Test
  void twoImagesWithTheSameLastBuildAreComparedOnce() {
    settle();
    branches.put("example/dice", NEW);
    run("3");
    run("4");
    assertThat(github.calls().stream().filter(c -> c.path().contains("/compare/")))
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.path())
                    .isEqualTo(
                        "/repos/example/dice/compare/%s...%s?per_page=1".formatted(OLD, NEW)));
  }

  @Test
  void aBranchThatFailsHoldsUpNoOtherAndIsThrownInTheEnd() {
    config = Samples.config("example/cards");
    branches.remove("example/dice");
    branches.put("example/cards", NEW);
    assertThatThrownBy(() -> run("1")).isInstanceOf(IllegalStateException.class);

    assertThatThrownBy(() -> run("2"))
        .hasMessageStartingWith("1 of 2 branches could not be looked at")
        .hasMessageContaining(
            "example/dice, branch main: failed: cannot read branch main of example/dice: GET "
                + github.uri()
                + "/repos/example/dice/git/ref/heads/main answered 404: Not Found: want a branch")
        .hasMessageNotContaining("example/cards");

    assertThat(starts()).hasSize(1);
    var start = starts().getFirst().json();
    assertThat(start.at("sourceLocationOverride").text())
        .isEqualTo("https://github.com/example/cards.git");
    assertThat(log)
        .extracting(Line::what)
        .containsExactly(
            "cannot look at a branch",
            "looked at a branch",
            "cannot look at a branch",
            "push builds",
            "looked at a branch");
  }

  @Test
  void aBuildThatCouldNotStartIsTriedAgainInTheNextRun() {
    built.clear();
    run("1");
    branches.put("refuse", "StartBuild");
    assertThatThrownBy(() -> run("2")).hasMessageContaining("failed: ");
    branches.remove("refuse");
    assertThat(run("3")).contains("started build");
  }

  @Test
  void withoutATokenPublicRepositoriesAreAsked() {
    var heads =
        GitHub.of(
                new Settings(Map.of(Setting.GITHUB_API_URL.name(), github.uri().toString())),
                config,
                () -> {
                  throw new AssertionError("no client is needed");
                })
            .heads();
    assertThat(heads.read(new Source("example/dice", "main"), Optional.empty()))
        .contains(new Heads.Head(OLD, Optional.of("\"" + OLD + "\"")));
    assertThat(github.calls().getFirst().headers()).doesNotContainKey("authorization");
  }

  @Test
  void aBranchsNameIsEncodedButForItsSlashes() {
    assertThatThrownBy(
            () -> heads().read(new Source("example/dice", "feature/a#1 +"), Optional.empty()))
        .isInstanceOf(GitHubFailed.class);
    assertThat(github.calls().getFirst().path())
        .isEqualTo("/repos/example/dice/git/ref/heads/feature/a%231%20%2B");
  }

  @Test
  void theScheduleMayComeWithItsOwnEnvelope() {
    var event = Json.parse(new String(Samples.event("scheduler-invocation.json")));
    @SuppressWarnings("unchecked")
    var members = (Map<String, Object>) event.value();
    function().handleRequest(members, new Invocation());
    assertThat(table.get(DICE)).containsEntry("run", Map.of("S", "2026-08-04T01:00:00Z"));
    assertThatThrownBy(() -> function().handleRequest(Map.of(), new Invocation()))
        .isInstanceOf(Malformed.class)
        .hasMessage("sources is missing: want a name for this run, such as the time");
  }

  private void settle() {
    run("1");
    run("2");
    assertThat(starts()).isEmpty();
  }

  private String run(String name) {
    return function().handleRequest(Map.of("sources", name), new Invocation());
  }

  /** One for the whole test, as Lambda keeps one for many runs. */
  private SourceFunction function() {
    if (function == null) function = made();
    return function;
  }

  private SourceFunction made() {
    var codebuild = aws.client(CodeBuildClient.builder());
    return new SourceFunction(
        new Sources(
            config,
            heads(),
            new TableHeads(aws.client(DynamoDbClient.builder()), "the-table"),
            new CodeBuildHistory(codebuild, "slipway-images"),
            new CodeBuilds(codebuild, "slipway-images", config.github()),
            log::add));
  }

  private Heads heads() {
    return GitHub.of(
            new Settings(
                Map.of(
                    "SLIPWAY_GITHUB_TOKEN", "my-token", "GITHUB_API_URL", github.uri().toString())),
            config,
            () -> aws.client(SecretsManagerClient.builder()))
        .heads();
  }

  private List<Call> starts() {
    return aws.calls().stream().filter(c -> c.operation().equals("StartBuild")).toList();
  }

  private void files(String... paths) {
    files = Json.write(List.of(paths).stream().map(path -> Map.of("filename", path)).toList());
  }

  private static Map<String, Object> build(String status, String commit, String images) {
    return Map.of(
        "id",
        "slipway-images:" + status + commit,
        "buildStatus",
        status,
        "resolvedSourceVersion",
        commit,
        "environment",
        Map.of(
            "environmentVariables",
            List.of(Map.of("name", "IMAGES", "type", "PLAINTEXT", "value", images))));
  }

  private Reply github(Call call) {
    var missing = new Reply(404, "{\"message\":\"Not Found\"}");
    if (call.path().contains("/compare/"))
      return comparison == 200
          ? Reply.ok("{\"status\":\"%s\",\"files\":%s}".formatted(status, files))
          : new Reply(comparison, comparison == 404 ? missing.body() : "<html>");
    var repository = call.path().replaceAll("/repos/([^/]+/[^/]+)/.*", "$1");
    var head = branches.get(repository);
    if (head == null || !call.path().endsWith("/git/ref/heads/main")) return missing;
    var etag = "\"" + head + "\"";
    return etag.equals(call.headers().get("if-none-match"))
        ? new Reply(304, "")
        : new Reply(200, "{\"object\":{\"sha\":\"%s\"}}".formatted(head), Map.of("ETag", etag));
  }

  private Reply aws(Call call) {
    if (call.operation().equals(branches.get("refuse")))
      return new Reply(400, "{\"__type\":\"AccountLimitExceededException\"}");
    return switch (call.operation()) {
      case "GetSecretValue" ->
          Reply.ok(Json.write(Map.of("SecretString", "{\"Token\":\"ghp_x\"}")));
      case "ListBuildsForProject" -> {
        // CodeBuild refuses it for more than 100 builds.
        assertThat(call.json().at("sortOrder").missing()).isTrue();
        yield Reply.ok(Json.write(Map.of("ids", built.stream().map(b -> b.get("id")).toList())));
      }
      // In no order, as CodeBuild promises none.
      case "BatchGetBuilds" -> Reply.ok(Json.write(Map.of("builds", built.reversed())));
      case "StartBuild" -> Reply.ok("{\"build\":{\"id\":\"slipway-images:new\"}}");
      case "BatchGetItem" ->
          Reply.ok(
              Json.write(Map.of("Responses", Map.of("the-table", List.copyOf(table.values())))));
      case "PutItem" -> {
        var item = new ConcurrentHashMap<String, Object>();
        call.json().at("Item").members().forEach((name, value) -> item.put(name, value.value()));
        table.put(call.json().at("Item").at("pk").at("S").text(), item);
        yield Reply.ok("{}");
      }
      default -> new Reply(400, "{\"__type\":\"UnknownOperationException\"}");
    };
  }
}
