package slipway.local.signals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import slipway.json.Json;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.Caller;

/** A REST-JSON service on the wire, without signatures; remembers what callers needed. */
final class Wire implements AutoCloseable {
  private final AwsService service;
  private final HttpServer server;
  final List<AwsService.Permission> needed = new CopyOnWriteArrayList<>();

  Wire(AwsService service) throws IOException {
    this.service = service;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      AwsAnswer answer;
      try {
        var call = call(exchange);
        needed.addAll(service.needs(call));
        answer = service.answer(call);
      } catch (AwsError e) {
        exchange.getResponseHeaders().set("X-Amzn-ErrorType", e.code());
        var body = Json.write(Map.of("message", e.getMessage())).getBytes(StandardCharsets.UTF_8);
        answer = new AwsAnswer(e.status(), Map.of("Content-Type", "application/json"), body);
      }
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  private AwsCall call(HttpExchange exchange) throws IOException {
    var query = new HashMap<String, List<String>>();
    var raw = exchange.getRequestURI().getRawQuery();
    if (raw != null)
      for (var pair : raw.split("&")) {
        var parts = pair.split("=", 2);
        query.computeIfAbsent(decoded(parts[0]), _ -> new ArrayList<>()).add(decoded(parts[1]));
      }
    var headers = new TreeMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
    var call =
        new AwsCall(
            service.name(),
            "",
            new Caller("key", "SloFunction", "arn:aws:iam::123456789012:role/slo"),
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            query,
            headers,
            exchange.getRequestBody().readAllBytes());
    return new AwsCall(
        call.service(),
        service.operation(call.method(), call.path(), call),
        call.caller(),
        call.method(),
        call.path(),
        call.query(),
        call.headers(),
        call.body());
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
