package slipway.local.build;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import slipway.json.Json;
import slipway.json.Malformed;

/** Speaks the OCI distribution protocol to one registry. */
final class RegistryClient implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI address;
  private final String authorization;

  /** A manifest and its media type. */
  record Manifest(String content, String mediaType) {}

  /**
   * @param address {@code http://127.0.0.1:port}
   * @param authorization Base64 of {@code user:password}
   */
  RegistryClient(URI address, String authorization) {
    this.address = address;
    this.authorization = authorization;
  }

  /** Whether the registry takes the login. */
  boolean welcomes() throws IOException {
    return send("GET", "/v2/", BodyPublishers.noBody(), Optional.empty()).statusCode() == 200;
  }

  void push(String repository, String digest, Path file) throws IOException {
    push(repository, digest, BodyPublishers.ofFile(file));
  }

  void push(String repository, String digest, String content) throws IOException {
    push(repository, digest, BodyPublishers.ofString(content));
  }

  private void push(String repository, String digest, BodyPublisher body) throws IOException {
    var blobs = "/v2/" + repository + "/blobs/";
    var there = send("HEAD", blobs + digest, BodyPublishers.noBody(), Optional.empty());
    if (there.statusCode() == 200) return;
    if (there.statusCode() != 404) expect(404, there);
    var upload = send("POST", blobs + "uploads/", BodyPublishers.noBody(), Optional.empty());
    var location = expect(202, upload).headers().firstValue("Location").orElseThrow();
    expect(202, send("PATCH", location, body, Optional.of("application/octet-stream")));
    var end = location + "?digest=" + digest;
    expect(201, send("PUT", end, BodyPublishers.noBody(), Optional.empty()));
  }

  void put(String repository, String reference, Manifest manifest) throws IOException {
    var path = "/v2/" + repository + "/manifests/" + reference;
    var body = BodyPublishers.ofString(manifest.content());
    expect(201, send("PUT", path, body, Optional.of(manifest.mediaType())));
  }

  /** Empty if there is none. */
  Optional<Manifest> get(String repository, String reference) throws IOException {
    var path = "/v2/" + repository + "/manifests/" + reference;
    var answer = send("GET", path, BodyPublishers.noBody(), Optional.empty());
    if (answer.statusCode() == 404) return Optional.empty();
    var type = expect(200, answer).headers().firstValue("Content-Type").orElseThrow();
    return Optional.of(new Manifest(answer.body(), type));
  }

  private HttpResponse<String> send(
      String method, String path, BodyPublisher body, Optional<String> type) throws IOException {
    var request = HttpRequest.newBuilder(address.resolve(path)).method(method, body);
    if (!authorization.isEmpty()) request.header("Authorization", "Basic " + authorization);
    type.ifPresent(value -> request.header("Content-Type", value));
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(method + " " + path + " was interrupted", e);
    }
  }

  private static HttpResponse<String> expect(int status, HttpResponse<String> answer)
      throws IOException {
    if (answer.statusCode() == status) return answer;
    throw new IOException(
        "unexpected status from %s request to %s: %d %s"
            .formatted(
                answer.request().method(),
                answer.request().uri().getPath(),
                answer.statusCode(),
                why(answer.body())));
  }

  private static String why(String body) {
    try {
      var error = Json.parse(body).at("errors").items().getFirst();
      return error.at("code").text() + ": " + error.at("message").text();
    } catch (Malformed | java.util.NoSuchElementException _) {
      return body;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
