package slipway.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import slipway.json.Json;
import slipway.local.Checkout;

/** What a person does at GitHub for a Slipway: a branch, a webhook, and both gone again. */
final class GitHubFork implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI api;
  private final String repository;
  private final String token;

  /**
   * @param api such as {@code https://api.github.com}
   * @param token may write contents, statuses, deployments and webhooks of the repository
   */
  GitHubFork(URI api, String repository, String token) {
    this.api = api;
    this.repository = repository;
    this.token = token;
  }

  /** Clones it from there, on a new branch that begins at the default branch's head. */
  Checkout branchOff(URI web, String branch) {
    var login =
        Base64.getEncoder()
            .encodeToString(("x-access-token:" + token).getBytes(StandardCharsets.UTF_8));
    // In the environment, where no list of processes shows it.
    var checkout =
        new Checkout(
            URI.create(web + "/" + repository + ".git"),
            Map.of(
                "GIT_CONFIG_COUNT", "1",
                "GIT_CONFIG_KEY_0", "http.extraHeader",
                "GIT_CONFIG_VALUE_0", "Authorization: Basic " + login));
    checkout.git("checkout", "-q", "-b", branch);
    checkout.git("push", "-q", "origin", "HEAD:" + branch);
    return checkout;
  }

  /** Has GitHub tell of pushes; gives the webhook's id. */
  String addWebhook(String url, String secret) {
    var answer =
        send(
            "POST",
            "/hooks",
            Json.write(
                Map.of(
                    "name",
                    "web",
                    "active",
                    true,
                    "events",
                    List.of("push"),
                    "config",
                    Map.of("url", url, "content_type", "json", "secret", secret))));
    return String.valueOf(Json.parse(answer).at("id").value());
  }

  void removeWebhook(String id) {
    send("DELETE", "/hooks/" + id, "");
  }

  void removeBranch(String branch) {
    send("DELETE", "/git/refs/heads/" + branch, "");
  }

  private String send(String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(api + "/repos/" + repository + path))
            .header("Accept", "application/vnd.github+json")
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2)
        throw new IllegalStateException(
            "GitHub answered %d to %s %s: %s; may the token write contents, commit statuses, deployments and webhooks of %s?"
                .formatted(answer.statusCode(), method, request.uri(), answer.body(), repository));
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException("GitHub did not answer " + request.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
