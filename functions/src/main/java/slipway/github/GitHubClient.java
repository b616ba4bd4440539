package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * GitHub's REST API. On HttpURLConnection, as the AWS clients are: its classes are loaded already,
 * while java.net.http would bring hundreds more, and threads and a selector that a SnapStart
 * snapshot has to carry.
 */
final class GitHubClient implements CommitStatuses {
  private static final int LONGEST_DESCRIPTION = 140;
  private static final int LONGEST_ANSWER = 64 * 1024;
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration READ = Duration.ofSeconds(5);

  private final URI api;
  private final String repository;
  private final GitHubToken token;

  GitHubClient(URI api, String repository, GitHubToken token) {
    this.api = api;
    this.repository = repository;
    this.token = token;
  }

  private record Reply(int status, String body) {
    boolean ok() {
      return status >= 200 && status < 300;
    }

    /** GitHub's own words, or nothing: a proxy may answer with a page. */
    String message() {
      try {
        return Json.parse(body).at("message").optionalText().map(m -> ": " + m).orElse("");
      } catch (Malformed _) {
        return "";
      }
    }
  }

  @Override
  public void set(
      String commit, State state, String context, String description, Optional<URI> target) {
    var body = new LinkedHashMap<String, String>();
    body.put("state", state.wireName());
    target.ifPresent(page -> body.put("target_url", page.toString()));
    body.put("description", cut(description));
    body.put("context", context);
    post(
        "/repos/%s/statuses/%s".formatted(repository, commit),
        Json.write(body),
        "set status %s of commit %s".formatted(context, commit));
  }

  /** Tries twice where another try can help: a token that was replaced, a bad moment. */
  private void post(String path, String body, String what) {
    var uri = URI.create(api.toString().replaceAll("/+$", "") + path);
    var reply = send(uri, body, what);
    if (reply.status() == HttpURLConnection.HTTP_UNAUTHORIZED) token.forget();
    if (reply.status() == HttpURLConnection.HTTP_UNAUTHORIZED || reply.status() >= 500)
      reply = send(uri, body, what);
    if (!reply.ok())
      throw new GitHubFailed(
          "cannot %s of %s: POST %s answered %d%s"
              .formatted(what, repository, uri, reply.status(), reply.message()));
  }

  private Reply send(URI uri, String body, String what) {
    try {
      var connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) READ.toMillis());
      // A redirect would turn the POST into a GET, and carry the token wherever it points.
      connection.setInstanceFollowRedirects(false);
      connection.setRequestMethod("POST");
      connection.setRequestProperty("Authorization", "Bearer " + token.get());
      connection.setRequestProperty("Accept", "application/vnd.github+json");
      connection.setRequestProperty("X-GitHub-Api-Version", "2022-11-28");
      connection.setRequestProperty("User-Agent", "slipway");
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setDoOutput(true);
      try (var out = connection.getOutputStream()) {
        out.write(body.getBytes(UTF_8));
      }
      return new Reply(connection.getResponseCode(), text(connection));
    } catch (IOException e) {
      throw new GitHubFailed(
          "cannot %s of %s: POST %s failed: %s".formatted(what, repository, uri, e), e);
    }
  }

  /** Read to its end in good cases, so that the connection can be used again. */
  private static String text(HttpURLConnection connection) throws IOException {
    var status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return in == null ? "" : new String(in.readNBytes(LONGEST_ANSWER), UTF_8);
    }
  }

  private static String cut(String description) {
    if (description.codePointCount(0, description.length()) <= LONGEST_DESCRIPTION)
      return description;
    var end = description.offsetByCodePoints(0, LONGEST_DESCRIPTION - 1);
    return description.substring(0, end) + "…";
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "GitHubClient[" + api + ", " + repository + "]";
  }
}
