package slipway.local.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import slipway.json.Json;

/** Pushes and their webhooks, branches, and statuses of commits. */
final class GitHubTest extends TestGitHub {
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

  private static String flags(Json push) {
    return "created %s deleted %s forced %s"
        .formatted(push.at("created").flag(), push.at("deleted").flag(), push.at("forced").flag());
  }

  private static String hmac(byte[] body) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }
}
