package slipway.local.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.local.cloud.Authorizer;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Caller;

/** The OCI distribution protocol under {@code /v2/}, each request checked as ECR checks it. */
final class Distribution implements HttpHandler {
  private static final Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/(sha256:[0-9a-f]{64})");
  private static final Pattern UPLOADS = Pattern.compile("/v2/(.+)/blobs/uploads/([^/]*)");
  private static final Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/([^/]+)");

  private final Repositories repositories;
  private final Logins logins;
  private final Authorizer authorizer;

  Distribution(Repositories repositories, Logins logins, Authorizer authorizer) {
    this.repositories = repositories;
    this.logins = logins;
    this.authorizer = authorizer;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        route(exchange);
      } catch (RegistryError e) {
        var error = Map.of("code", e.code(), "message", e.getMessage());
        if (e.status() == 401) {
          exchange
              .getResponseHeaders()
              .set("WWW-Authenticate", "Basic realm=\"https://" + Repository.HOST + "/\"");
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        // The rest of a refused upload must be read, or the client sees a broken pipe, not why.
        exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
        send(
            exchange,
            e.status(),
            Json.write(Map.of("errors", List.of(error))).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    var caller =
        logins
            .caller(exchange.getRequestHeaders().getFirst("Authorization"))
            .orElseThrow(
                () ->
                    new RegistryError(
                        401, "UNAUTHORIZED", "log in: aws ecr get-login-password | docker login"));
    var path = exchange.getRequestURI().getPath();
    var blob = BLOB.matcher(path);
    var uploads = UPLOADS.matcher(path);
    var manifest = MANIFEST.matcher(path);
    if (path.equals("/v2/")) {
      send(exchange, 200, new byte[0]);
    } else if (blob.matches()) {
      blob(exchange, caller, repositories.get(blob.group(1)), blob.group(2));
    } else if (uploads.matches()) {
      upload(exchange, caller, repositories.get(uploads.group(1)), uploads.group(2));
    } else if (manifest.matches()) {
      manifest(exchange, caller, repositories.get(manifest.group(1)), manifest.group(2));
    } else {
      throw new RegistryError(404, "UNSUPPORTED", "no such address in a registry: " + path);
    }
  }

  private void blob(HttpExchange exchange, Caller caller, Repository repository, String digest)
      throws IOException {
    var head = exchange.getRequestMethod().equals("HEAD");
    check(caller, head ? "BatchCheckLayerAvailability" : "GetDownloadUrlForLayer", repository);
    var file =
        repositories
            .blobs()
            .find(digest)
            .orElseThrow(
                () ->
                    new RegistryError(
                        404, "BLOB_UNKNOWN", "no blob " + digest + " in " + repository.name()));
    exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
    send(exchange, file, head);
  }

  private void upload(HttpExchange exchange, Caller caller, Repository repository, String id)
      throws IOException {
    var blobs = repositories.blobs();
    switch (exchange.getRequestMethod()) {
      case "POST" -> {
        check(caller, "InitiateLayerUpload", repository);
        var upload = blobs.startUpload();
        location(exchange, "/v2/" + repository.name() + "/blobs/uploads/" + upload);
        send(exchange, 202, new byte[0]);
      }
      case "PATCH" -> {
        check(caller, "UploadLayerPart", repository);
        var size = blobs.append(id, exchange.getRequestBody());
        location(exchange, exchange.getRequestURI().getPath());
        exchange.getResponseHeaders().set("Range", "0-" + (size - 1));
        send(exchange, 202, new byte[0]);
      }
      case "PUT" -> {
        check(caller, "CompleteLayerUpload", repository);
        var digest = Queries.first(exchange.getRequestURI(), "digest");
        blobs.append(id, exchange.getRequestBody());
        blobs.finish(id, digest);
        location(exchange, "/v2/" + repository.name() + "/blobs/" + digest);
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
        send(exchange, 201, new byte[0]);
      }
      default -> throw new RegistryError(405, "UNSUPPORTED", "an upload is POST, PATCH or PUT");
    }
  }

  private void manifest(
      HttpExchange exchange, Caller caller, Repository repository, String reference)
      throws IOException {
    var method = exchange.getRequestMethod();
    if (method.equals("PUT")) {
      check(caller, "PutImage", repository);
      var type = exchange.getRequestHeaders().getFirst("Content-Type");
      var manifest = repository.manifest(exchange.getRequestBody().readAllBytes(), type);
      repositories.put(repository, manifest, reference);
      location(exchange, "/v2/" + repository.name() + "/manifests/" + manifest.digest());
      exchange.getResponseHeaders().set("Docker-Content-Digest", manifest.digest());
      send(exchange, 201, new byte[0]);
      return;
    }
    check(caller, "BatchGetImage", repository);
    var manifest =
        repository
            .find(reference)
            .orElseThrow(
                () ->
                    new RegistryError(
                        404,
                        "MANIFEST_UNKNOWN",
                        "Requested image not found: " + repository.name() + " " + reference));
    exchange.getResponseHeaders().set("Content-Type", manifest.mediaType());
    exchange.getResponseHeaders().set("Docker-Content-Digest", manifest.digest());
    if (method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Long.toString(manifest.size()));
      exchange.sendResponseHeaders(200, -1);
    } else {
      send(exchange, 200, manifest.content().getBytes(StandardCharsets.UTF_8));
    }
  }

  private void check(Caller caller, String action, Repository repository) {
    if (!authorizer.allows(caller, new Permission("ecr:" + action, repository.arn()))) {
      throw new RegistryError(
          403,
          "DENIED",
          "User: %s is not authorized to perform: ecr:%s on resource: %s because no identity-based policy allows it"
              .formatted(caller.roleArn(), action, repository.arn()));
    }
  }

  private static void location(HttpExchange exchange, String path) {
    exchange.getResponseHeaders().set("Location", path);
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    var empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) exchange.getResponseBody().write(body);
  }

  static void send(HttpExchange exchange, Path file, boolean head) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Long.toString(Files.size(file)));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    exchange.sendResponseHeaders(200, Files.size(file));
    Files.copy(file, exchange.getResponseBody());
  }
}
