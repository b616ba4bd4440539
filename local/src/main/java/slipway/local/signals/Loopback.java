package slipway.local.signals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** An HTTP server on a free port of the loopback interface. */
final class Loopback implements AutoCloseable {
  /** OTLP exporters send batches of some hundred kilobytes. */
  private static final int LARGEST = 32 * 1024 * 1024;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private Loopback(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.start();
  }

  /** Answers every request with what the responder makes of it. */
  static Loopback start(Responder responder) {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", exchange -> respond(responder, exchange));
      return new Loopback(server);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on the loopback interface", e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void respond(Responder responder, HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = responder.answer(exchange.getRequestURI().getPath(), body(exchange), exchange);
      } catch (IOException | RuntimeException e) {
        answer = Answer.text(400, "cannot read the request: " + e.getMessage());
      }
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.sendResponseHeaders(
          answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
      if (answer.body().length > 0) exchange.getResponseBody().write(answer.body());
    }
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
