package slipway.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import slipway.json.Json;

/** The statuses of commits, asked of GitHub's REST API. */
final class GitHubStatuses implements AutoCloseable {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI statuses;
  private final String token;

  /**
   * A status.
   *
   * @param state {@code error}, {@code failure}, {@code pending} or {@code success}
   */
  record Status(String state, String description) {
    boolean ended() {
      return !state.equals("pending");
    }
  }

  GitHubStatuses(URI api, String repository, String token) {
    statuses = URI.create(api + "/repos/" + repository + "/commits/");
    this.token = token;
  }

  /** The newest status of the commit in that context. */
  Optional<Status> newest(String commit, String context) {
    var request =
        HttpRequest.newBuilder(statuses.resolve(commit + "/statuses?per_page=100"))
            .header("Accept", "application/vnd.github+json")
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200)
        throw new IllegalStateException(
            "GitHub answered %d to %s: %s"
                .formatted(answer.statusCode(), request.uri(), answer.body()));
      return Json.parse(answer.body()).items().stream()
          .filter(status -> status.at("context").text().equals(context))
          .findFirst()
          .map(
              status ->
                  new Status(
                      status.at("state").text(),
                      status.at("description").optionalText().orElse("")));
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
