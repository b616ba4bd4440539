package slipway.local.load;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import slipway.local.cloud.Loopback;

/**
 * A bad network: what users send goes through it, and some of it comes late or not at all. Only
 * they notice: the service never sees what was lost, and does not know what came late.
 */
final class Injector implements AutoCloseable {
  /** Says of an answer what happened to its request: {@link #FAULT} or {@link #LATENCY}. */
  static final String HEADER = "X-Slipway-Injected";

  static final String FAULT = "fault";
  static final String LATENCY = "latency";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI target;
  private final Injection injection;
  private final HttpClient http;
  private final AtomicLong requests = new AtomicLong();
  private final Loopback server;

  Injector(URI target, Injection injection, HttpClient http) {
    this.target = target;
    this.injection = injection;
    this.http = http;
    server = Loopback.serve("injector", this::pass);
  }

  URI uri() {
    return server.uri();
  }

  private void pass(HttpExchange exchange) throws IOException {
    var number = requests.getAndIncrement();
    if (injection.faults().takes(number)) {
      answer(exchange, 503, Map.of(HEADER, FAULT), "injected");
      return;
    }
    var late = injection.late().takes(injection.faults().rank(number));
    try {
      if (late) Thread.sleep(injection.latency());
      var request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI().toString()));
      var trace = exchange.getRequestHeaders().getFirst(Load.TRACE);
      if (trace != null) request.header(Load.TRACE, trace);
      var answer = http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
      answer(
          exchange,
          answer.statusCode(),
          late ? Map.of(HEADER, LATENCY) : Map.<String, String>of(),
          answer.body());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(
      HttpExchange exchange, int status, Map<String, String> headers, String body)
      throws IOException {
    Loopback.answer(exchange, status, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
