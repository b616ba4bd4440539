package slipway.local.balancer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import slipway.json.Json;

/** Passes requests on to targets, as an application load balancer does. */
final class Proxy implements HttpHandler {
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

  /** Of one connection only, or set by the client itself. */
  private static final Set<String> NOT_PASSED =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final HttpClient client;
  private final Supplier<Optional<Listener>> listener;
  private final Map<String, TargetGroup> groups;
  private final UnaryOperator<String> doors;

  /**
   * @param doors the port of this machine for one of the load balancer's; one that no listener is
   *     on stays as it is
   */
  Proxy(
      HttpClient client,
      Supplier<Optional<Listener>> listener,
      Map<String, TargetGroup> groups,
      UnaryOperator<String> doors) {
    this.client = client;
    this.listener = listener;
    this.groups = groups;
    this.doors = doors;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var found = listener.get();
      if (found.isEmpty()) {
        answer(exchange, 503, "text/html", "<h1>503 Service Temporarily Unavailable</h1>");
        return;
      }
      var action = found.get().actionFor(exchange.getRequestURI().getPath());
      switch (action.at("Type").text()) {
        case "forward" -> forward(exchange, found.get(), groups.get(targetGroup(action)));
        case "redirect" ->
            redirect(exchange, found.get(), Redirect.of(action.at("RedirectConfig")));
        case "fixed-response" -> fixed(exchange, action.at("FixedResponseConfig"));
        default -> answer(exchange, 500, "text/plain", "local plays no such action: " + action);
      }
    }
  }

  private static String targetGroup(Json action) {
    var forward = Forward.of(action);
    return forward.group(ThreadLocalRandom.current().nextInt(Math.max(1, forward.whole())));
  }

  private static void fixed(HttpExchange exchange, Json config) throws IOException {
    answer(
        exchange,
        Integer.parseInt(String.valueOf(config.at("StatusCode").value())),
        config.at("ContentType").optionalText().orElse("text/plain"),
        config.at("MessageBody").optionalText().orElse(""));
  }

  private void redirect(HttpExchange exchange, Listener listener, Redirect redirect)
      throws IOException {
    var uri = exchange.getRequestURI();
    var host = exchange.getRequestHeaders().getFirst("Host");
    var request =
        Map.of(
            "protocol",
            listener.protocol().toLowerCase(Locale.ROOT),
            "host",
            host == null ? "127.0.0.1" : host.replaceFirst(":\\d+$", ""),
            "port",
            String.valueOf(listener.port()),
            "path",
            uri.getRawPath().replaceFirst("^/", ""),
            "query",
            uri.getRawQuery() == null ? "" : uri.getRawQuery());
    exchange
        .getResponseHeaders()
        .set("Location", redirect.onPort(doors.apply(redirect.portFor(request))).location(request));
    answer(exchange, redirect.status(), "text/html", "<h1>%d</h1>".formatted(redirect.status()));
  }

  private void forward(HttpExchange exchange, Listener listener, TargetGroup group)
      throws IOException {
    var target = group.take();
    if (target.isEmpty()) {
      answer(exchange, 503, "text/html", "<h1>503 Service Temporarily Unavailable</h1>");
      return;
    }
    try {
      pass(exchange, listener, target.get().port());
    } finally {
      target.get().done();
    }
  }

  private void pass(HttpExchange exchange, Listener listener, int port) throws IOException {
    HttpResponse<java.io.InputStream> response;
    try {
      response = client.send(request(exchange, listener, port), BodyHandlers.ofInputStream());
    } catch (HttpTimeoutException _) {
      answer(exchange, 504, "text/html", "<h1>504 Gateway Time-out</h1>");
      return;
    } catch (IOException _) {
      answer(exchange, 502, "text/html", "<h1>502 Bad Gateway</h1>");
      return;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    }
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!NOT_PASSED.contains(name.toLowerCase(Locale.ROOT)))
                exchange.getResponseHeaders().put(name, values);
            });
    try (var body = response.body()) {
      var status = response.statusCode();
      var length = response.headers().firstValueAsLong("content-length");
      var empty = exchange.getRequestMethod().equals("HEAD") || status == 204 || status == 304;
      // -1 says no body, 0 says a body of unknown length.
      if (empty || length.orElse(-1) == 0) exchange.sendResponseHeaders(status, -1);
      else {
        exchange.sendResponseHeaders(status, length.orElse(0));
        body.transferTo(exchange.getResponseBody());
      }
    }
  }

  private static HttpRequest request(HttpExchange exchange, Listener listener, int port) {
    var uri = exchange.getRequestURI();
    var headers = exchange.getRequestHeaders();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + uri.toString()))
            .timeout(IDLE_TIMEOUT);
    headers.forEach(
        (name, values) -> {
          if (!NOT_PASSED.contains(name.toLowerCase(Locale.ROOT)))
            values.forEach(value -> request.header(name, value));
        });
    var client = exchange.getRemoteAddress().getAddress().getHostAddress();
    var before = headers.getFirst("X-Forwarded-For");
    request.setHeader("X-Forwarded-For", before == null ? client : before + ", " + client);
    request.setHeader("X-Forwarded-Proto", listener.protocol().toLowerCase(Locale.ROOT));
    request.setHeader("X-Forwarded-Port", String.valueOf(listener.port()));
    request.setHeader("X-Amzn-Trace-Id", trace(headers.getFirst("X-Amzn-Trace-Id")));
    return request.method(exchange.getRequestMethod(), body(exchange)).build();
  }

  private static HttpRequest.BodyPublisher body(HttpExchange exchange) {
    var length = exchange.getRequestHeaders().getFirst("Content-Length");
    var chunked = exchange.getRequestHeaders().containsKey("Transfer-Encoding");
    if (!chunked && (length == null || length.equals("0"))) return BodyPublishers.noBody();
    var stream = BodyPublishers.ofInputStream(exchange::getRequestBody);
    return length == null ? stream : BodyPublishers.fromPublisher(stream, Long.parseLong(length));
  }

  /** A new root, or this hop added to the client's own. */
  private static String trace(String given) {
    var bytes = new byte[12];
    ThreadLocalRandom.current().nextBytes(bytes);
    var id = "1-%08x-%s".formatted(Instant.now().getEpochSecond(), HexFormat.of().formatHex(bytes));
    return given == null ? "Root=" + id : "Self=" + id + ";" + given;
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    var body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    var empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) exchange.getResponseBody().write(body);
  }
}
