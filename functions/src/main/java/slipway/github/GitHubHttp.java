package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * The HTTP under GitHub's REST API. On HttpURLConnection, as the AWS clients are: its classes are
 * loaded already, while java.net.http would bring hundreds more, and threads and a selector that a
 * SnapStart snapshot has to carry.
 */
final class GitHubHttp {
  private static final int LONGEST_ANSWER = 1024 * 1024;
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration READ = Duration.ofSeconds(5);

  private final URI api;
  private final Optional<GitHubToken> token;

  /**
   * @param token none: only what anybody may read of public repositories
   */
  GitHubHttp(URI api, Optional<GitHubToken> token) {
    this.api = URI.create(api.toString().replaceAll("/+$", ""));
    this.token = token;
  }

  /**
   * What to ask.
   *
   * @param what for messages, after "cannot": such as {@code read branch main of example/dice}
   * @param path with query, after the API's root; encoded
   * @param body JSON
   * @param headers beside those that every call has
   */
  record Call(
      String what, String method, String path, Optional<String> body, Map<String, String> headers) {
    Call {
      headers = Map.copyOf(headers);
    }

    static Call get(String what, String path) {
      return new Call(what, "GET", path, Optional.empty(), Map.of());
    }

    static Call post(String what, String path, Map<String, ?> tree) {
      return new Call(what, "POST", path, Optional.of(Json.write(tree)), Map.of());
    }

    Call with(String header, String value) {
      var more = new TreeMap<>(headers);
      more.put(header, value);
      return new Call(what, method, path, body, more);
    }
  }

  /**
   * What GitHub answered.
   *
   * @param headers the first of each name, whatever its case
   * @param body up to 1 MiB; empty if there is none
   */
  record Reply(Call call, URI uri, int status, Map<String, String> headers, String body) {
    boolean ok() {
      return status >= 200 && status < 300;
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    /**
     * What the reader finds in the body of a good answer.
     *
     * @throws GitHubFailed if the answer is no good one, or the reader finds it {@link Malformed}
     */
    <T> T read(Function<Json, T> reader) {
      if (!ok()) throw refusal();
      try {
        return reader.apply(Json.parse(body));
      } catch (Malformed e) {
        throw new GitHubFailed(
            "cannot %s: %s %s answered %d, but %s"
                .formatted(call.what(), call.method(), uri, status, e.getMessage()),
            e);
      }
    }

    /** The complaint that GitHub did not do it, with its own words. */
    GitHubFailed refusal() {
      return new GitHubFailed(
          "cannot %s: %s %s answered %d%s"
              .formatted(call.what(), call.method(), uri, status, message()));
    }

    /** GitHub's own words, or nothing: a proxy may answer with a page. */
    private String message() {
      try {
        return Json.parse(body).at("message").optionalText().map(m -> ": " + m).orElse("");
      } catch (Malformed _) {
        return "";
      }
    }
  }

  /**
   * Asks, and asks again once where that can help: a token that was replaced, a bad moment. For
   * what may be done twice: after a 5xx it may have been done.
   *
   * @return any answer, a refusal too
   * @throws GitHubFailed if there is none
   */
  Reply send(Call call) {
    var reply = sendOnce(call);
    return reply.status() >= 500 ? sendOnce(call) : reply;
  }

  /**
   * Asks for what must not be done twice; again only if the token was refused, so that nothing was
   * done.
   *
   * @return any answer, a refusal too
   * @throws GitHubFailed if there is none; it may have been done
   */
  Reply sendOnce(Call call) {
    var reply = exchange(call);
    if (reply.status() != HttpURLConnection.HTTP_UNAUTHORIZED || token.isEmpty()) return reply;
    token.get().forget();
    return exchange(call);
  }

  private Reply exchange(Call call) {
    var uri = URI.create(api + call.path());
    try {
      var connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) READ.toMillis());
      // A redirect would turn a POST into a GET, and carry the token wherever it points.
      connection.setInstanceFollowRedirects(false);
      connection.setRequestMethod(call.method());
      token.ifPresent(t -> connection.setRequestProperty("Authorization", "Bearer " + t.get()));
      connection.setRequestProperty("Accept", "application/vnd.github+json");
      connection.setRequestProperty("X-GitHub-Api-Version", "2022-11-28");
      connection.setRequestProperty("User-Agent", "slipway");
      call.headers().forEach(connection::setRequestProperty);
      if (call.body().isPresent()) write(call.body().get(), connection);
      return new Reply(
          call, uri, connection.getResponseCode(), headers(connection), text(connection));
    } catch (IOException e) {
      throw new GitHubFailed(
          "cannot %s: %s %s failed: %s".formatted(call.what(), call.method(), uri, e), e);
    }
  }

  private static void write(String body, HttpURLConnection connection) throws IOException {
    var bytes = body.getBytes(UTF_8);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    // Otherwise the JDK sends a POST again, untold, when the connection ends without an answer.
    connection.setFixedLengthStreamingMode(bytes.length);
    try (var out = connection.getOutputStream()) {
      out.write(bytes);
    }
  }

  private static Map<String, String> headers(HttpURLConnection connection) {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    connection
        .getHeaderFields()
        .forEach(
            (name, values) -> {
              // The status line comes without a name.
              if (name != null) headers.put(name, values.getFirst());
            });
    return headers;
  }

  /** Read to its end in good cases, so that the connection can be used again. */
  private static String text(HttpURLConnection connection) throws IOException {
    var status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      if (in == null) return "";
      var bytes = in.readNBytes(LONGEST_ANSWER + 1);
      if (bytes.length > LONGEST_ANSWER)
        throw new IOException("the answer is longer than " + LONGEST_ANSWER + " bytes");
      return new String(bytes, UTF_8);
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "GitHubHttp[" + api + "]";
  }
}
