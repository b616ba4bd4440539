package slipway.local.github;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import slipway.json.Json;

/** One HTTP request and its answer. */
record Exchange(HttpExchange http) {

  String method() {
    return http.getRequestMethod();
  }

  String path() {
    return http.getRequestURI().getPath();
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(http.getRequestHeaders().getFirst(name));
  }

  Map<String, String> query() {
    var query = new HashMap<String, String>();
    var raw = http.getRequestURI().getRawQuery();
    if (raw == null) return query;
    for (var pair : raw.split("&")) {
      var parts = pair.split("=", 2);
      query.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
    }
    return query;
  }

  /** The body, unpacked. */
  InputStream body() throws IOException {
    var in = http.getRequestBody();
    return header("Content-Encoding").filter("gzip"::equalsIgnoreCase).isPresent()
        ? new GZIPInputStream(in)
        : in;
  }

  Json json() throws IOException {
    var text = new String(body().readAllBytes(), StandardCharsets.UTF_8);
    return text.isBlank() ? Json.of(Map.of()) : Json.parse(text);
  }

  void answer(int status, Object tree) throws IOException {
    answer(
        status,
        "application/json; charset=utf-8",
        GitHub.json(tree).getBytes(StandardCharsets.UTF_8));
  }

  void answer(int status, String type, byte[] body) throws IOException {
    http.getResponseHeaders().set("Content-Type", type);
    http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) http.getResponseBody().write(body);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
