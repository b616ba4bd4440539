package slipway.slo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on loopback that records what it is asked and answers what it was told to. */
final class Wire implements AutoCloseable {
  private final HttpServer server;
  private final Deque<Answer> answers = new ArrayDeque<>();

  /** In the order of arrival. */
  final List<Request> requests = new CopyOnWriteArrayList<>();

  /** A request; {@code target} is method, path and query as on the wire. */
  record Request(String target, String body, String authorization) {}

  private record Answer(int status, String type, String error, String body) {}

  Wire() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(
              new Request(
                  exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                  body,
                  String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
          var answer = answers.isEmpty() ? new Answer(500, "text/plain", "", "") : answers.pop();
          exchange.getResponseHeaders().add("Content-Type", answer.type());
          if (!answer.error().isEmpty())
            exchange.getResponseHeaders().add("x-amzn-ErrorType", answer.error());
          var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  Wire answers(String json) {
    answers.add(new Answer(200, "application/json", "", json));
    return this;
  }

  Wire refuses(int status, String error, String json) {
    answers.add(new Answer(status, "application/json", error, json));
    return this;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<String> targets() {
    return requests.stream().map(Request::target).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
