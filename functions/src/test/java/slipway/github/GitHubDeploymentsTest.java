package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import slipway.RecordingServer;
import slipway.RecordingServer.Call;
import slipway.RecordingServer.Reply;
import slipway.Samples;
import slipway.config.Setting;
import slipway.config.Settings;
import slipway.github.GitHubDeployments.Deployment;
import slipway.github.GitHubDeployments.State;
import slipway.json.Json;
import slipway.notice.About;
import slipway.notice.Line;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

class GitHubDeploymentsTest {
  private static final String TOKEN = "ghp_never_to_be_seen";
  private static final String KEY = "20260804T000000.000Z-0123abcd";

  /** As GitHub numbers them today: beyond 32 bits. */
  private static final long ID = 3_141_592_653L;

  private static final String LIST =
      "GET /repos/example/dice/deployments?sha=%s&environment=production/dice&per_page=100"
          .formatted(Samples.COMMIT);
  private static final String MAKE = "POST /repos/example/dice/deployments";
  private static final String TELL = "POST /repos/example/dice/deployments/" + ID + "/statuses";

  private final List<Map<String, Object>> made = new ArrayList<>();
  private final ConcurrentLinkedQueue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final RecordingServer server = new RecordingServer(this::reply);
  private final List<Line> log = new ArrayList<>();
  private String secret = secret(TOKEN);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aRolloutIsMadeADeploymentAsGitHubWantsIt() {
    set(deployments(), State.QUEUED);

    assertThat(asked()).containsExactly(LIST, MAKE, TELL);
    var make = calls().get(1);
    assertThat(make.headers())
        .containsEntry("authorization", "Bearer " + TOKEN)
        .containsEntry("accept", "application/vnd.github+json")
        .containsEntry("x-github-api-version", "2022-11-28")
        .containsEntry("content-type", "application/json");
    assertThat(make.json().value())
        .isEqualTo(
            Map.of(
                "ref",
                Samples.COMMIT,
                "auto_merge",
                false,
                "required_contexts",
                List.of(),
                "payload",
                Map.of("slipway", KEY),
                "environment",
                "production/dice",
                "description",
                "dice at a625406",
                "production_environment",
                true,
                "transient_environment",
                false));
    assertThat(calls().get(2).json().value())
        .isEqualTo(
            Map.of(
                "state", "queued",
                "description", "rolling out",
                "log_url", "https://example.com/log",
                "environment_url", "http://dice.example.com",
                "auto_inactive", false));
    assertThat(log).isEmpty();
  }

  @Test
  void pagesThatThereAreNotAreLeftOut() {
    deployments().set(deployment(), State.FAILURE, "exit 1", Optional.empty(), Optional.empty());
    assertThat(calls().getLast().json().value())
        .isEqualTo(Map.of("state", "failure", "description", "exit 1", "auto_inactive", false));
  }

  @Test
  void aWarmFunctionKnowsItsDeploymentAndOnlyTells() {
    var deployments = deployments();
    set(deployments, State.QUEUED);
    set(deployments, State.IN_PROGRESS);
    set(deployments, State.SUCCESS);
    set(deployments, State.INACTIVE);

    assertThat(asked()).containsExactly(LIST, MAKE, TELL, TELL, TELL, TELL);
    assertThat(told()).containsExactly("queued", "in_progress", "success", "inactive");
  }

  @Test
  void aColdFunctionFindsItByTheRolloutsNameAmongOthersOfTheCommit() {
    have(1, Map.of("slipway", "another"));
    have(2, "some words");
    have(3, "7");
    have(4, List.of(KEY));
    have(ID, Map.of("slipway", KEY));

    set(deployments(), State.SUCCESS);

    assertThat(asked()).containsExactly(LIST, TELL);
  }

  @Test
  void aPayloadThatComesBackAsTextIsUnderstood() {
    have(ID, Json.write(Map.of("slipway", KEY)));
    set(deployments(), State.SUCCESS);
    assertThat(asked()).containsExactly(LIST, TELL);
  }

  @Test
  void aCrashBetweenMakingAndTellingMakesNoSecond() {
    replies.add(new Reply(200, "[]"));
    replies.add(made());
    replies.add(new Reply(422, "{\"message\":\"Validation Failed\"}"));
    set(deployments(), State.QUEUED);
    set(deployments(), State.QUEUED);

    assertThat(asked()).containsExactly(LIST, MAKE, TELL, LIST, TELL);
    assertThat(log).singleElement().asString().contains("to queued", "422: Validation Failed");
  }

  @Test
  void oneThatWasMadeThoughGitHubAnswered502IsFoundNotMadeAgain() {
    replies.add(new Reply(200, "[]"));
    replies.add(new Reply(502, made().body()));
    set(deployments(), State.QUEUED);
    assertThat(asked()).containsExactly(LIST, MAKE, LIST, TELL);
    assertThat(log).isEmpty();
  }

  @Test
  void oneThatWasNotMadeInABadMomentIsMadeAfterAnotherLook() {
    replies.add(new Reply(200, "[]"));
    replies.add(new Reply(502, "<html>"));
    set(deployments(), State.QUEUED);
    assertThat(asked()).containsExactly(LIST, MAKE, LIST, MAKE, TELL);
    assertThat(log).isEmpty();
  }

  @Test
  void aBadMomentOfALookOrAStatusIsTriedAgainOnce() {
    replies.add(new Reply(502, "<html>"));
    replies.add(new Reply(200, "[]"));
    replies.add(made());
    replies.add(new Reply(503, "<html>"));
    set(deployments(), State.QUEUED);
    assertThat(asked()).containsExactly(LIST, LIST, MAKE, TELL, TELL);
    assertThat(log).isEmpty();
  }

  @Test
  void aConnectionThatEndsWithoutAnAnswerMakesNoSecondBehindOurBack() {
    replies.add(new Reply(200, "[]"));
    replies.add(HANG_UP);
    set(deployments(), State.QUEUED);
    assertThat(asked()).containsExactly(LIST, MAKE);
    assertThat(log)
        .singleElement()
        .asString()
        .contains(
            "cannot make the deployment of rollout",
            KEY,
            "example/dice",
            "production/dice",
            "SocketException");
  }

  @Test
  void theEndIsToldOnce() {
    var deployments = deployments();
    set(deployments, State.IN_PROGRESS);
    set(deployments, State.IN_PROGRESS);
    set(deployments, State.SUCCESS);
    set(deployments, State.SUCCESS);
    set(deployments, State.INACTIVE);
    set(deployments, State.INACTIVE);
    assertThat(told()).containsExactly("in_progress", "in_progress", "success", "inactive");
  }

  @Test
  void oneThatGitHubDoesNotHaveIsNotMadeOnlyToBeInactive() {
    set(deployments(), State.INACTIVE);
    assertThat(asked()).containsExactly(LIST);
    assertThat(log).isEmpty();
  }

  @Test
  void oneThatGitHubHasIsMadeInactive() {
    have(ID, Map.of("slipway", KEY));
    set(deployments(), State.INACTIVE);
    assertThat(asked()).containsExactly(LIST, TELL);
    assertThat(told()).containsExactly("inactive");
  }

  @Test
  void oneThatSomebodyDeletedIsMadeAgainTheNextTime() {
    var deployments = deployments();
    set(deployments, State.QUEUED);
    made.clear();
    replies.add(new Reply(404, "{\"message\":\"Not Found\"}"));
    set(deployments, State.IN_PROGRESS);
    set(deployments, State.SUCCESS);
    assertThat(asked()).containsExactly(LIST, MAKE, TELL, TELL, LIST, MAKE, TELL);
    assertThat(log).singleElement().asString().contains("answered 404: Not Found");
  }

  @Test
  void longDescriptionsAreCutToWhatGitHubTakes() {
    var long_ = "x".repeat(141);
    deployments()
        .set(
            new Deployment("example/dice", Samples.COMMIT, "production/dice", KEY, long_),
            State.QUEUED,
            long_,
            Optional.empty(),
            Optional.empty());
    assertThat(calls().subList(1, 3))
        .extracting(call -> call.json().at("description").text())
        .containsOnly("x".repeat(139) + "…");
  }

  @Test
  void aTokenThatWasReplacedIsReadAgain() {
    var deployments = deployments();
    set(deployments, State.QUEUED);
    secret = secret("ghp_next");
    replies.add(new Reply(401, "{\"message\":\"Bad credentials\"}"));
    set(deployments, State.IN_PROGRESS);
    assertThat(calls().subList(3, 5))
        .extracting(call -> call.headers().get("authorization"))
        .containsExactly("Bearer " + TOKEN, "Bearer ghp_next");
    assertThat(log).isEmpty();
  }

  @Test
  void aTokenThatMayNotIsLoggedWithGitHubsWordsAndNeverQuoted() {
    replies.add(new Reply(200, "[]"));
    replies.add(
        new Reply(403, "{\"message\":\"Resource not accessible by personal access token\"}"));
    set(deployments(), State.QUEUED);
    assertThat(log)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.about()).isEqualTo(About.push(Samples.COMMIT));
              assertThat(line.facts())
                  .containsEntry("what", "deployment on GitHub to production/dice")
                  .extractingByKey("error")
                  .asString()
                  .endsWith(
                      "cannot make the deployment of rollout %s of example/dice to production/dice: POST %s/repos/example/dice/deployments answered 403: Resource not accessible by personal access token"
                          .formatted(KEY, server.uri()));
            });
    assertThat(asked()).containsExactly(LIST, MAKE);
  }

  @Test
  void anAnswerThatIsNoneOfGitHubsIsLoggedAndNeverThrown() {
    replies.add(new Reply(200, "<html>a captive portal</html>"));
    set(deployments(), State.QUEUED);
    replies.add(new Reply(200, "[]"));
    replies.add(new Reply(201, "{\"message\":\"later\"}"));
    set(deployments(), State.QUEUED);
    replies.add(new Reply(200, " ".repeat(1024 * 1024) + "[]"));
    set(deployments(), State.QUEUED);
    assertThat(asked()).containsExactly(LIST, LIST, MAKE, LIST);
    assertThat(log)
        .extracting(Line::toString)
        .satisfiesExactly(
            line -> assertThat(line).contains("answered 200, but", "is not JSON"),
            line -> assertThat(line).contains("answered 201, but", "id is missing"),
            line -> assertThat(line).contains("longer than 1048576 bytes"))
        .noneMatch(line -> line.contains(TOKEN));
  }

  @Test
  void aSecretThatIsNotInTheJsonFormIsNeverQuoted() {
    secret = TOKEN;
    set(deployments(), State.QUEUED);
    assertThat(log).singleElement().asString().contains("my-token").doesNotContain(TOKEN);
    assertThat(calls()).isEmpty();
  }

  @Test
  void withoutATokenNothingIsSentAndThatIsSaidOnce() {
    var deployments =
        GitHub.of(
                new Settings(Map.of(Setting.GITHUB_API_URL.name(), server.uri().toString())),
                Samples.config(),
                () -> {
                  throw new AssertionError("no client is needed");
                },
                log::add)
            .deployments();
    set(deployments, State.QUEUED);
    set(deployments, State.SUCCESS);
    assertThat(log)
        .singleElement()
        .asString()
        .contains("deployments on GitHub", "github.tokenSecret is not set in slipway.yaml");
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void theEnvironmentNamesTheServiceWhereTheRepositoryHasMore() {
    var dice = Samples.config().services().getFirst();
    assertThat(GitHubDeployments.environment(dice, List.of(dice))).isEqualTo("production");
    assertThat(GitHubDeployments.environment(dice, List.of(dice, dice)))
        .isEqualTo("production/dice");
  }

  @Test
  void onlyProductionIsWhatUsersMeet() {
    assertThat(
            List.of("production", "production/dice", "staging", "production-like", "x/production"))
        .extracting(
            environment ->
                new Deployment("example/dice", Samples.COMMIT, environment, KEY, "").production())
        .containsExactly(true, true, false, false, false);
  }

  @Test
  void aDeploymentThatGitHubCouldNotKnowIsNone() {
    assertThatThrownBy(() -> new Deployment("dice", Samples.COMMIT, "production", KEY, ""))
        .hasMessage("repository 'dice': want owner/name, such as example/dice");
    assertThatThrownBy(() -> new Deployment("example/dice", "a625406", "production", KEY, ""))
        .hasMessage("commit 'a625406': want its full id, 40 hex digits");
    assertThatThrownBy(() -> new Deployment("example/dice", Samples.COMMIT, " ", KEY, ""))
        .hasMessage("environment ' ': want 1 to 255 characters");
    assertThatThrownBy(() -> new Deployment("example/dice", Samples.COMMIT, "production", "", ""))
        .hasMessage("key is empty: want the name of a rollout");
  }

  private static Deployment deployment() {
    return new Deployment(
        "example/dice", Samples.COMMIT, "production/dice", KEY, "dice at a625406");
  }

  private GitHubDeployments deployments() {
    return GitHub.of(
            new Settings(
                Map.of(
                    "SLIPWAY_GITHUB_TOKEN", "my-token", "GITHUB_API_URL", server.uri().toString())),
            Samples.config(),
            () -> server.client(SecretsManagerClient.builder()),
            log::add)
        .deployments();
  }

  private static void set(GitHubDeployments deployments, State state) {
    deployments.set(
        deployment(),
        state,
        "rolling out",
        Optional.of(URI.create("https://example.com/log")),
        Optional.of(URI.create("http://dice.example.com")));
  }

  private void have(long id, Object payload) {
    made.addFirst(Map.of("id", id, "payload", payload));
  }

  private Reply made() {
    have(ID, Map.of("slipway", KEY));
    return new Reply(201, Json.write(made.getFirst()));
  }

  private List<Call> calls() {
    return server.calls().stream().filter(call -> call.path().startsWith("/repos/")).toList();
  }

  private List<String> asked() {
    return calls().stream()
        .map(call -> call.method() + " " + URLDecoder.decode(call.path(), UTF_8))
        .toList();
  }

  private List<String> told() {
    return calls().stream()
        .filter(call -> call.path().endsWith("/statuses"))
        .map(call -> call.json().at("state").text())
        .toList();
  }

  private static final Reply HANG_UP = new Reply(0, "");

  /** What the test wants next, or else what GitHub would. */
  private Reply reply(Call call) {
    if (call.operation().equals("GetSecretValue"))
      return Reply.ok(Json.write(Map.of("SecretString", secret)));
    var next = replies.poll();
    if (next == HANG_UP) throw new IllegalStateException("hangs up");
    if (next != null) return next;
    if (call.method().equals("GET")) return Reply.ok(Json.write(made));
    return call.path().endsWith("/statuses") ? new Reply(201, "{}") : made();
  }

  private static String secret(String token) {
    return Json.write(
        Map.of("ServerType", "GITHUB", "AuthType", "PERSONAL_ACCESS_TOKEN", "Token", token));
  }
}
