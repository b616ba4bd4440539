package slipway.local.signals;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import slipway.local.cloud.Loopback;

/** What telemetry is sent to: a loopback port that reads whole requests, unzipped. */
final class Receiver implements AutoCloseable {
  /** OTLP exporters send batches of some hundred kilobytes. */
  private static final int LARGEST = 32 * 1024 * 1024;

  private final Loopback server;

  private Receiver(Loopback server) {
    this.server = server;
  }

  /**
   * Answers every request with what the responder makes of it.
   *
   * @param purpose for thread names and errors, such as {@code traces}
   */
  static Receiver start(String purpose, Responder responder) {
    return new Receiver(Loopback.serve(purpose, exchange -> respond(responder, exchange)));
  }

  int port() {
    return server.uri().getPort();
  }

  @Override
  public void close() {
    server.close();
  }

  private static void respond(Responder responder, HttpExchange exchange) throws IOException {
    Answer answer;
    try {
      answer = responder.answer(exchange.getRequestURI().getPath(), body(exchange), exchange);
    } catch (IOException | RuntimeException e) {
      answer = Answer.text(400, "cannot read the request: " + e.getMessage());
    }
    Loopback.answer(
        exchange, answer.status(), Map.of("Content-Type", answer.type()), answer.body());
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    var encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
    InputStream in = exchange.getRequestBody();
    if ("gzip".equalsIgnoreCase(encoding)) in = new GZIPInputStream(in);
    var body = in.readNBytes(LARGEST + 1);
    if (body.length > LARGEST) throw new IOException("more than " + LARGEST + " bytes");
    return body;
  }

  /** What a server does with a request. */
  interface Responder {
    Answer answer(String path, byte[] body, HttpExchange exchange) throws IOException;
  }

  record Answer(int status, String type, byte[] body) {
    static Answer text(int status, String text) {
      return new Answer(status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    static Answer json(String text) {
      return new Answer(200, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    /** An OTLP answer: everything was taken. */
    static Answer taken() {
      return new Answer(200, "application/x-protobuf", new byte[0]);
    }
  }
}
