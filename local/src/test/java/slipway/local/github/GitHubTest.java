package slipway.local.github;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;

class GitHubTest {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String TOKEN = "a-token";
  private static final String DEPLOYMENTS = "/repos/example/dice/deployments";
  private static final String ZEROS = "0".repeat(40);

  @TempDir Path folder;
  private final BlockingQueue<Hooked> hooks = new LinkedBlockingQueue<>();
  private final AtomicInteger answer = new AtomicInteger(202);
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer receiver;
  private GitHub github;
  private HostedRepository repository;
  private Path clone;

  private record Hooked(Map<String, String> headers, byte[] body) {
    Json json() {
      return Json.parse(new String(body, StandardCharsets.UTF_8));
    }
  }

  @BeforeEach
  void startGitHubWithAWebhookAndCloneIt() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          var headers = new java.util.TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
          exchange
              .getRequestHeaders()
              .forEach((name, values) -> headers.put(name, values.getFirst()));
          hooks.add(new Hooked(headers, exchange.getRequestBody().readAllBytes()));
          var body = "seen".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.get(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    receiver.start();
    var sources = Files.createDirectories(folder.resolve("sources/app"));
    Files.writeString(sources.resolve("App.java"), "class App {}\n");
    Files.createDirectories(sources.resolve("target"));
    Files.writeString(sources.resolve("target/App.class"), "built");
    var readme = Files.writeString(folder.resolve("sources/README.md"), "Dice\n");
    github =
        GitHub.start(
            folder.resolve("github"),
            Map.of(
                "example/dice",
                new Seed(Map.of("app", sources, "README.md", readme), Set.of("main", "next")),
                "example/cards",
                new Seed(Map.of("README.md", readme), Set.of("main"))),
            TOKEN,
            Clock.fixed(Instant.parse("2026-08-04T00:00:00Z"), ZoneOffset.UTC));
    repository = github.repository("example/dice");
    repository.connect(
        URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/"), SECRET);
    assertThat(next().headers()).containsEntry("X-GitHub-Event", "ping");
    clone = folder.resolve("clone");
    git(folder, "clone", "-q", repository.cloneUrl().toString(), clone.toString());
  }

  @AfterEach
  void stop() {
    github.close();
    receiver.stop(0);
    http.close();
  }

  @Test
  void aCloneHoldsTheSourcesWithoutWhatBuildsLeftBehind() throws Exception {
    assertThat(git(clone, "ls-files").lines()).containsExactly("README.md", "app/App.java");
    assertThat(git(clone, "rev-list", "--count", "HEAD")).isEqualTo("1");
    assertThat(git(clone, "rev-parse", "HEAD")).isEqualTo(repository.head("main"));
  }

  @Test
  void aPushIsTakenAndSentWithItsCommitsAndASignature() throws Exception {
    var before = repository.head("main");
    Files.createDirectories(clone.resolve("adot"));
    Files.writeString(clone.resolve("adot/config.yaml"), "logs\n");
    Files.writeString(clone.resolve("app/App.java"), "class App { int sides = 6; }\n");
    var first = commit("Six sides\n\nAs dice have.");
    git(clone, "mv", "README.md", "READ.md");
    var second = commit("Shorter");
    git(clone, "push", "-q", "origin", "main");

    var hooked = next();
    assertThat(repository.head("main")).isEqualTo(second);
    assertThat(hooked.headers())
        .containsEntry("X-GitHub-Event", "push")
        .containsEntry("Content-Type", "application/json")
        .containsEntry("X-Hub-Signature-256", "sha256=" + hmac(hooked.body()));
    assertThat(hooked.headers().get("User-Agent")).startsWith("GitHub-Hookshot/");
    assertThat(hooked.headers().get("X-GitHub-Delivery")).matches("[0-9a-f-]{36}");
    var push = hooked.json();
    assertThat(push.at("ref").text()).isEqualTo("refs/heads/main");
    assertThat(push.at("before").text()).isEqualTo(before);
    assertThat(push.at("after").text()).isEqualTo(second);
    assertThat(flags(push)).isEqualTo("created false deleted false forced false");
    assertThat(push.at("commits").items())
        .extracting(
            commit -> commit.at("id").text(),
            commit -> commit.at("message").text(),
            commit -> commit.at("distinct").flag(),
            commit -> commit.at("added").value(),
            commit -> commit.at("modified").value(),
            commit -> commit.at("removed").value())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                first,
                "Six sides\n\nAs dice have.",
                true,
                List.of("adot/config.yaml"),
                List.of("app/App.java"),
                List.of()),
            org.assertj.core.groups.Tuple.tuple(
                second, "Shorter", true, List.of("READ.md"), List.of(), List.of("README.md")));
    assertThat(push.at("head_commit").at("id").text()).isEqualTo(second);
    var described = push.at("repository");
    assertThat(described.at("full_name").text()).isEqualTo("example/dice");
    assertThat(described.at("default_branch").text()).isEqualTo("main");
    assertThat(described.at("clone_url").text()).isEqualTo(repository.cloneUrl().toString());
  }

  @Test
  void anAnnotatedTagIsAnEventWithoutCommitsWhoseHeadIsTheCommit() throws Exception {
    git(clone, "tag", "-a", "-m", "One", "v1");
    git(clone, "push", "-q", "origin", "v1");

    var push = next().json();
    assertThat(push.at("ref").text()).isEqualTo("refs/tags/v1");
    assertThat(flags(push)).isEqualTo("created true deleted false forced false");
    assertThat(push.at("after").text()).isEqualTo(git(clone, "rev-parse", "v1"));
    assertThat(push.at("commits").items()).isEmpty();
    assertThat(push.at("head_commit").at("id").text()).isEqualTo(repository.head("main"));
    assertThat(push.at("base_ref").text()).isEqualTo("refs/heads/main");
  }

  @Test
  void aNewBranchBringsItsOwnCommitsAndItsDeletionNone() throws Exception {
    git(clone, "switch", "-q", "-c", "feature/two");
    Files.writeString(clone.resolve("two"), "2");
    var tip = commit("Two dice");
    git(clone, "push", "-q", "origin", "feature/two");
    var created = next().json();
    git(clone, "push", "-q", "origin", ":feature/two");
    var deleted = next().json();

    assertThat(flags(created)).isEqualTo("created true deleted false forced false");
    assertThat(created.at("before").text()).isEqualTo(ZEROS);
    assertThat(created.at("commits").items())
        .extracting(commit -> commit.at("id").text())
        .containsExactly(tip);
    assertThat(flags(deleted)).isEqualTo("created false deleted true forced false");
    assertThat(deleted.at("after").text()).isEqualTo(ZEROS);
    assertThat(deleted.at("commits").items()).isEmpty();
    assertThat(deleted.members()).containsKey("head_commit");
    assertThat(deleted.at("head_commit").missing()).isTrue();
  }

  @Test
  void aCommitThatAnotherBranchHasAlreadyIsNotDistinct() throws Exception {
    git(clone, "switch", "-q", "-c", "feature");
    Files.writeString(clone.resolve("two"), "2");
    commit("Two dice");
    git(clone, "push", "-q", "origin", "feature");
    next();
    git(clone, "push", "-q", "origin", "feature:main");

    assertThat(next().json().at("commits").items())
        .extracting(commit -> commit.at("distinct").flag())
        .containsExactly(false);
  }

  @Test
  void anAmendedCommitIsAForcedPush() throws Exception {
    Files.writeString(clone.resolve("two"), "2");
    var dropped = commit("Two");
    git(clone, "push", "-q", "origin", "main");
    next();
    git(clone, "commit", "-q", "--amend", "-m", "Two dice");
    git(clone, "push", "-q", "--force", "origin", "main");

    var push = next().json();
    assertThat(flags(push)).isEqualTo("created false deleted false forced true");
    assertThat(push.at("before").text()).isEqualTo(dropped);
    assertThat(push.at("commits").items())
        .extracting(commit -> commit.at("message").text())
        .containsExactly("Two dice");
  }

  @Test
  void theDefaultBranchCannotBeDeleted() throws Exception {
    assertThat(run(clone, "push", "origin", ":main").text())
        .contains("refusing to delete the current branch");
    assertThat(repository.head("main")).hasSize(40);
  }

  @Test
  void aFailedDeliveryIsNotRepeatedUntilSomebodyAsksAndThenHasTheSameId() throws Exception {
    answer.set(500);
    var ended = new LinkedBlockingQueue<Delivery>();
    repository.onDelivery(ended::add);
    Files.writeString(clone.resolve("two"), "2");
    commit("Two");
    git(clone, "push", "-q", "origin", "main");
    var first = next();
    var failed = ended.poll(20, TimeUnit.SECONDS);
    answer.set(202);
    var again = repository.redeliver(failed.id()).get(20, TimeUnit.SECONDS);
    var second = next();

    assertThat(failed.delivered()).isFalse();
    assertThat(failed.status()).hasValue(500);
    assertThat(failed.answer()).isEqualTo("seen");
    assertThat(again.delivered()).isTrue();
    assertThat(again.redelivery()).isTrue();
    assertThat(second.headers().get("X-GitHub-Delivery"))
        .isEqualTo(first.headers().get("X-GitHub-Delivery"));
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(repository.deliveries()).endsWith(failed, again);
    assertThat(hooks).isEmpty();
  }

  @Test
  void statusesAreKeptToldAndCombined() throws Exception {
    var told = new ArrayList<CommitStatus>();
    repository.onStatus(told::add);
    var head = repository.head("main");
    var path = "/repos/example/dice/statuses/" + head;
    assertThat(post(path, "{\"state\":\"pending\",\"context\":\"slipway/build\"}"))
        .startsWith("201");
    assertThat(post(path, "{\"state\":\"success\",\"context\":\"slipway/build\"}"))
        .startsWith("201");
    assertThat(
            post(
                path,
                "{\"state\":\"failure\",\"context\":\"slipway/dice\",\"description\":\"d\",\"target_url\":\"http://x/\"}"))
        .startsWith("201");

    assertThat(repository.statuses(head)).isEqualTo(told).hasSize(3);
    assertThat(told.getLast().description()).hasValue("d");
    var combined = get("/repos/example/dice/commits/" + head + "/status", Map.of());
    var json = Json.parse(combined.body());
    assertThat(json.at("state").text()).isEqualTo("failure");
    assertThat(json.at("statuses").items())
        .extracting(status -> status.at("context").text() + " " + status.at("state").text())
        .containsExactly("slipway/build success", "slipway/dice failure");
  }

  @Test
  void aStatusIsRefusedAsGitHubRefusesIt() throws Exception {
    var path = "/repos/example/dice/statuses/" + repository.head("main");
    var refused = Map.of("Authorization", "Bearer wrong");
    assertThat(send(path, "{}", Map.of())).startsWith("401").contains("Requires authentication");
    assertThat(send(path, "{}", refused)).startsWith("401").contains("Bad credentials");
    assertThat(post(path, "{\"state\":\"done\"}")).startsWith("422").contains("state");
    assertThat(post(path, "{\"state\":\"error\",\"description\":\"" + "x".repeat(141) + "\"}"))
        .startsWith("422")
        .contains("too long");
    assertThat(post("/repos/example/dice/statuses/" + ZEROS, "{\"state\":\"error\"}"))
        .startsWith("422")
        .contains("No commit found");
    assertThat(post("/repos/other/dice/statuses/" + ZEROS, "{}")).startsWith("404");
    assertThat(post(path, "{")).startsWith("400");
    assertThat(repository.statuses(repository.head("main"))).isEmpty();
  }

  @Test
  void aBranchThatDidNotMoveIsNotSentAgain() throws Exception {
    var first = get("/repos/example/dice/git/ref/heads/main", Map.of());
    var tag = first.headers().firstValue("ETag").orElseThrow();
    var again = get("/repos/example/dice/git/ref/heads/main", Map.of("If-None-Match", tag));
    Files.writeString(clone.resolve("two"), "2");
    var tip = commit("Two");
    git(clone, "push", "-q", "origin", "main");
    var moved = get("/repos/example/dice/git/ref/heads/main", Map.of("If-None-Match", tag));

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(moved.statusCode()).isEqualTo(200);
    assertThat(Json.parse(moved.body()).at("object").at("sha").text()).isEqualTo(tip);
    assertThat(get("/repos/example/dice/branches/none", Map.of()).statusCode()).isEqualTo(404);
  }

  @Test
  void deploymentsKeepTheirStatuses() throws Exception {
    var told = new ArrayList<DeploymentStatus>();
    repository.onDeploymentStatus(told::add);
    var created =
        deploy(
            """
            {"ref": "main", "environment": "production/dice", "payload": {"slipway": "1"},
             "description": "dice", "auto_merge": false, "required_contexts": [],
             "production_environment": true, "transient_environment": false}
            """);
    var path = DEPLOYMENTS + "/" + id(created) + "/statuses";
    assertThat(post(path, "{\"state\":\"in_progress\",\"log_url\":\"https://x/log\"}"))
        .startsWith("201");
    assertThat(post(path, "{\"state\":\"success\",\"environment_url\":\"http://x\"}"))
        .startsWith("201");

    var head = repository.head("main");
    assertThat(created.at("sha").text()).isEqualTo(head);
    assertThat(created.at("id").number()).isGreaterThan(Integer.MAX_VALUE);
    assertThat(created.at("production_environment").flag()).isTrue();
    assertThat(listed("?sha=" + head + "&environment=production%2Fdice&per_page=100"))
        .singleElement()
        .extracting(one -> one.at("payload").value())
        .isEqualTo(Map.of("slipway", "1"));
    assertThat(Json.parse(get(path, Map.of()).body()).items())
        .extracting(
            status -> status.at("state").text(), status -> status.at("environment_url").text())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("success", "http://x"),
            org.assertj.core.groups.Tuple.tuple("in_progress", ""));
    assertThat(repository.deployments(head))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.environment()).isEqualTo("production/dice");
              assertThat(one.state()).isEqualTo("success");
              assertThat(one.statuses()).isEqualTo(told).hasSize(2);
            });
  }

  @Test
  void deploymentsAreChosenByTheQueryAndCutToPages() throws Exception {
    for (var environment : List.of("test", "production", "test"))
      deploy(
          "{\"ref\":\"main\",\"environment\":\"%s\",\"payload\":\"words\"}".formatted(environment));
    assertThat(listed("?environment=test")).hasSize(2);
    assertThat(listed("?sha=" + ZEROS)).isEmpty();
    assertThat(listed("?ref=main&per_page=2"))
        .extracting(one -> one.at("environment").text())
        .containsExactly("test", "production");
    assertThat(listed("?per_page=2&page=2"))
        .extracting(one -> one.at("payload").text())
        .containsExactly("words");
  }

  @Test
  void successMakesFormerOnesInactiveUnlessTheyAreProductionOrItIsToldNotTo() throws Exception {
    assertThat(statesAfterTwoSuccesses("staging", "")).containsExactly("inactive", "success");
    assertThat(statesAfterTwoSuccesses("production", "")).containsExactly("success", "success");
    assertThat(statesAfterTwoSuccesses("test", ",\"auto_inactive\":false"))
        .containsExactly("success", "success");
  }

  @Test
  void aDeploymentIsRefusedAsGitHubRefusesIt() throws Exception {
    assertThat(post(DEPLOYMENTS, "{}")).startsWith("422").contains("ref");
    assertThat(post(DEPLOYMENTS, "{\"ref\":\"" + ZEROS + "\"}")).startsWith("422");
    assertThat(post(DEPLOYMENTS, "{\"ref\":\"main\",\"payload\":7}")).startsWith("422");
    assertThat(send(DEPLOYMENTS, "{\"ref\":\"main\"}", Map.of())).startsWith("401");
    var path = DEPLOYMENTS + "/" + id(deploy("{\"ref\":\"main\"}")) + "/statuses";
    assertThat(post(path, "{\"state\":\"running\"}")).startsWith("422").contains("state");
    assertThat(post(path, "{\"state\":\"queued\",\"log_url\":\"arn:aws\"}"))
        .startsWith("422")
        .contains("log_url");
    assertThat(post(path, "{\"state\":\"queued\",\"environment_url\":\"dice.local\"}"))
        .startsWith("422")
        .contains("environment_url");
    assertThat(
            post(path, "{\"state\":\"queued\",\"description\":\"%s\"}".formatted("x".repeat(141))))
        .startsWith("422")
        .contains("too long");
    assertThat(post(DEPLOYMENTS + "/1/statuses", "{\"state\":\"queued\"}")).startsWith("404");
    assertThat(repository.deployments(repository.head("main")).getFirst().statuses()).isEmpty();
  }

  private List<String> statesAfterTwoSuccesses(String environment, String more) throws Exception {
    for (var round = 0; round < 2; round++) {
      var made = deploy("{\"ref\":\"main\",\"environment\":\"%s\"}".formatted(environment));
      assertThat(
              post(
                  DEPLOYMENTS + "/" + id(made) + "/statuses",
                  "{\"state\":\"success\"" + more + "}"))
          .startsWith("201");
    }
    return repository.deployments(repository.head("main")).stream()
        .filter(one -> one.environment().equals(environment))
        .map(Deployment::state)
        .toList();
  }

  private Json deploy(String request) throws Exception {
    var answer = post(DEPLOYMENTS, request);
    assertThat(answer).startsWith("201 ");
    return Json.parse(answer.substring("201 ".length()));
  }

  private static long id(Json deployment) {
    return (long) deployment.at("id").number();
  }

  private List<Json> listed(String query) throws Exception {
    return Json.parse(get(DEPLOYMENTS + query, Map.of()).body()).items();
  }

  @Test
  void comparedCommitsTellTheirFilesWhoeverMovedOn() throws Exception {
    var base = repository.head("main");
    Files.writeString(clone.resolve("app/App.java"), "class App { int sides = 6; }\n");
    Files.writeString(clone.resolve("two"), "2");
    commit("Six sides");
    git(clone, "mv", "README.md", "READ.md");
    git(clone, "rm", "-q", "two");
    Files.writeString(clone.resolve("three"), "3");
    var head = commit("Shorter");
    git(clone, "push", "-q", "origin", "main");
    git(clone, "switch", "-q", "-c", "feature/other", base);
    Files.writeString(clone.resolve("other"), "4");
    git(clone, "push", "-q", "origin", commit("Other") + ":refs/heads/feature/other");

    var ahead = compare(base, head);
    assertThat(counts(ahead)).isEqualTo("ahead 2 0 2");
    assertThat(ahead.at("files").items())
        .extracting(
            file -> file.at("filename").text(),
            file -> file.at("status").text(),
            file -> file.at("previous_filename").optionalText().orElse("-"))
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("READ.md", "renamed", "README.md"),
            org.assertj.core.groups.Tuple.tuple("app/App.java", "modified", "-"),
            org.assertj.core.groups.Tuple.tuple("three", "added", "-"));
    assertThat(ahead.at("commits").items())
        .extracting(commit -> commit.at("commit").at("message").text())
        .containsExactly("Six sides", "Shorter");
    assertThat(counts(compare(head, base))).isEqualTo("behind 0 2 0");
    assertThat(counts(compare("main", head))).isEqualTo("identical 0 0 0");
    var diverged = compare("main", "feature/other");
    assertThat(counts(diverged)).isEqualTo("diverged 1 2 1");
    assertThat(diverged.at("merge_base_commit").at("sha").text()).isEqualTo(base);
    assertThat(diverged.at("files").items())
        .extracting(file -> file.at("filename").text())
        .containsExactly("other");
    assertThat(get("/repos/example/dice/compare/" + ZEROS + "..." + head, Map.of()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void comparedCommitsTellThreeHundredFilesAtMost() throws Exception {
    var base = repository.head("main");
    for (int i = 0; i < 301; i++) Files.writeString(clone.resolve("file" + i), "content " + i);
    var head = commit("Many");
    git(clone, "push", "-q", "origin", "main");

    assertThat(compare(base, head).at("files").items()).hasSize(300);
  }

  private Json compare(String base, String head) throws Exception {
    var answer = get("/repos/example/dice/compare/" + base + "..." + head, Map.of());
    assertThat(answer.statusCode()).isEqualTo(200);
    return Json.parse(answer.body());
  }

  private static String counts(Json comparison) {
    return "%s %d %d %d"
        .formatted(
            comparison.at("status").text(),
            comparison.at("ahead_by").integer(0, 1000),
            comparison.at("behind_by").integer(0, 1000),
            comparison.at("total_commits").integer(0, 1000));
  }

  @Test
  void eachRepositoryHasItsOwnCommitsWebhookAndStatuses() throws Exception {
    var cards = github.repository("Example/Cards");
    var other = folder.resolve("cards");
    git(folder, "clone", "-q", cards.cloneUrl().toString(), other.toString());
    Files.writeString(other.resolve("two"), "2");
    git(other, "add", "-A");
    git(other, "commit", "-q", "-m", "Two");
    git(other, "push", "-q", "origin", "main");
    var path = "/repos/example/cards/statuses/" + cards.head("main");
    assertThat(post(path, "{\"state\":\"success\"}")).startsWith("201");

    assertThat(git(other, "ls-files").lines()).containsExactly("README.md", "two");
    assertThat(cards.statuses(cards.head("main"))).hasSize(1);
    assertThat(post(path.replace("cards", "dice"), "{\"state\":\"success\"}"))
        .startsWith("422")
        .contains("No commit found");
    assertThat(hooks).as("only the other one's webhook is connected").isEmpty();
  }

  @Test
  void aRepositoryStartsWithTheBranchesThatAreAskedFor() throws Exception {
    assertThat(repository.head("next")).isEqualTo(repository.head("main"));
    var next = get("/repos/example/dice/git/ref/heads/next", Map.of());
    assertThat(Json.parse(next.body()).at("object").at("sha").text())
        .isEqualTo(repository.head("next"));
  }

  @Test
  void whatIsPushedDuringAnOutageIsNeverSent() throws Exception {
    Files.writeString(clone.resolve("two"), "2");
    var lost = commit("Two");
    try (var outage = repository.loseEvents()) {
      git(clone, "push", "-q", "origin", "main");
      assertThat(outage.lost()).extracting(push -> push.at("after").text()).containsExactly(lost);
    }
    Files.writeString(clone.resolve("three"), "3");
    var sent = commit("Three");
    git(clone, "push", "-q", "origin", "main");

    assertThat(next().json().at("after").text()).isEqualTo(sent);
    assertThat(hooks).isEmpty();
  }

  private Hooked next() throws InterruptedException {
    var hooked = hooks.poll(20, TimeUnit.SECONDS);
    assertThat(hooked).as("a webhook within 20 s").isNotNull();
    return hooked;
  }

  private static String flags(Json push) {
    return "created %s deleted %s forced %s"
        .formatted(push.at("created").flag(), push.at("deleted").flag(), push.at("forced").flag());
  }

  private String commit(String message) throws Exception {
    git(clone, "add", "-A");
    git(clone, "commit", "-q", "-m", message);
    return git(clone, "rev-parse", "HEAD");
  }

  private static String git(Path place, String... arguments) throws Exception {
    var ran = run(place, arguments);
    assertThat(ran.exit()).as("git " + List.of(arguments) + ": " + ran.text()).isZero();
    return ran.text().strip();
  }

  private record Ran(int exit, String text) {}

  private static Ran run(Path place, String... arguments) throws Exception {
    var command =
        new ArrayList<>(List.of("git", "-c", "user.name=Dev", "-c", "user.email=dev@example.com"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).directory(place.toFile()).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), text);
  }

  private String post(String path, String body) throws Exception {
    return send(path, body, Map.of("Authorization", "Bearer " + TOKEN));
  }

  private String send(String path, String body, Map<String, String> headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(github.api() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }

  private HttpResponse<String> get(String path, Map<String, String> headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(github.api() + path));
    headers.forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String hmac(byte[] body) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }
}
