package slipway.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
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
import slipway.json.Json;
import slipway.notice.About;
import slipway.notice.Line;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

class GitHubStatusesTest {
  private static final String TOKEN = "ghp_never_to_be_seen";

  private final ConcurrentLinkedQueue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final RecordingServer server = new RecordingServer(this::reply);
  private final List<Line> log = new ArrayList<>();
  private String secret = secret(TOKEN);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aStatusIsPostedAsGitHubWantsIt() {
    set(statuses(), "building app");

    var post = posts().getFirst();
    assertThat(post.method()).isEqualTo("POST");
    assertThat(post.path()).isEqualTo("/repos/example/dice/statuses/" + Samples.COMMIT);
    assertThat(post.headers())
        .containsEntry("authorization", "Bearer " + TOKEN)
        .containsEntry("accept", "application/vnd.github+json")
        .containsEntry("x-github-api-version", "2022-11-28")
        .containsEntry("user-agent", "slipway");
    assertThat(post.json().value())
        .isEqualTo(
            Map.of(
                "state", "pending",
                "target_url", "https://example.com/log",
                "description", "building app",
                "context", "slipway/build"));
    assertThat(log).isEmpty();
  }

  @Test
  void aLongDescriptionIsCutToWhatGitHubTakes() {
    set(statuses(), "x".repeat(141));
    set(statuses(), "x".repeat(140));
    assertThat(posts())
        .extracting(post -> post.json().at("description").text())
        .containsExactly("x".repeat(139) + "…", "x".repeat(140));
  }

  @Test
  void aRefusalIsLoggedWithGitHubsWordsAndNeverThrown() {
    replies.add(new Reply(422, "{\"message\":\"No commit found for SHA\"}"));

    set(statuses(), "building app");

    assertThat(log)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.level()).isEqualTo(Line.Level.WARN);
              assertThat(line.about()).isEqualTo(About.push(Samples.COMMIT));
              assertThat(line.facts())
                  .containsEntry("what", "commit status slipway/build")
                  .extractingByKey("error")
                  .asString()
                  .endsWith(
                      "cannot set status slipway/build of commit %1$s of example/dice: POST %2$s/repos/example/dice/statuses/%1$s answered 422: No commit found for SHA"
                          .formatted(Samples.COMMIT, server.uri()));
            });
    assertThat(posts()).hasSize(1);
  }

  @Test
  void aBadMomentIsTriedAgainOnce() {
    replies.add(new Reply(502, "<html>"));
    set(statuses(), "building app");
    assertThat(posts()).hasSize(2);
    assertThat(log).isEmpty();
  }

  @Test
  void aTokenThatWasReplacedIsReadAgain() {
    var statuses = statuses();
    set(statuses, "one");
    secret = secret("ghp_next");
    replies.add(new Reply(401, "{\"message\":\"Bad credentials\"}"));
    set(statuses, "two");

    assertThat(posts())
        .extracting(post -> post.headers().get("authorization"))
        .containsExactly("Bearer " + TOKEN, "Bearer " + TOKEN, "Bearer ghp_next");
    assertThat(log).isEmpty();
  }

  @Test
  void aTokenThatIsNotInTheJsonFormIsNeverQuoted() {
    secret = TOKEN;
    set(statuses(), "building app");
    assertThat(log).singleElement().asString().contains("my-token").doesNotContain(TOKEN);
    assertThat(posts()).isEmpty();
  }

  @Test
  void anUnreachableGitHubIsLoggedAndNeverThrown() {
    var nowhere = "http://127.0.0.1:1";
    var statuses =
        GitHub.of(
                new Settings(Map.of("SLIPWAY_GITHUB_TOKEN", "my-token", "GITHUB_API_URL", nowhere)),
                Samples.config(),
                () -> server.client(SecretsManagerClient.builder()),
                log::add)
            .statuses();
    set(statuses, "building app");
    assertThat(log).singleElement().asString().contains(nowhere, "ConnectException");
  }

  @Test
  void withoutATokenNothingIsSentAndThatIsSaidOnce() {
    var statuses =
        GitHub.of(
                new Settings(Map.of(Setting.GITHUB_API_URL.name(), server.uri().toString())),
                Samples.config(),
                () -> {
                  throw new AssertionError("no client is needed");
                },
                log::add)
            .statuses();
    set(statuses, "one");
    set(statuses, "two");
    assertThat(log)
        .singleElement()
        .asString()
        .contains("statuses on commits", "github.tokenSecret is not set in slipway.yaml");
    assertThat(server.calls()).isEmpty();
  }

  private CommitStatuses statuses() {
    return GitHub.of(
            new Settings(
                Map.of(
                    "SLIPWAY_GITHUB_TOKEN", "my-token", "GITHUB_API_URL", server.uri().toString())),
            Samples.config(),
            () -> server.client(SecretsManagerClient.builder()),
            log::add)
        .statuses();
  }

  private static void set(CommitStatuses statuses, String description) {
    statuses.set(
        "example/dice",
        Samples.COMMIT,
        CommitStatuses.State.PENDING,
        "slipway/build",
        description,
        Optional.of(URI.create("https://example.com/log")));
  }

  private List<Call> posts() {
    return server.calls().stream().filter(call -> call.path().startsWith("/repos/")).toList();
  }

  private Reply reply(Call call) {
    if (call.operation().equals("GetSecretValue"))
      return Reply.ok(Json.write(Map.of("SecretString", secret)));
    var next = replies.poll();
    return next == null ? new Reply(201, "{}") : next;
  }

  private static String secret(String token) {
    return Json.write(
        Map.of("ServerType", "GITHUB", "AuthType", "PERSONAL_ACCESS_TOKEN", "Token", token));
  }
}
