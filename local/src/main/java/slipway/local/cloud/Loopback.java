package slipway.local.cloud;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server on a free port of 127.0.0.1, a virtual thread per request. */
public final class Loopback implements AutoCloseable {
  static {
    // Without it, small answers on a kept connection wait for Nagle's timer: 40 ms each.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;

  private Loopback(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts one.
   *
   * @param purpose for thread names and errors, such as {@code front door}
   */
  public static Loopback serve(String purpose, HttpHandler handler) {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var threads =
          Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(purpose + "-", 0).factory());
      server.setExecutor(threads);
      server.createContext("/", handler);
      server.start();
      return new Loopback(server, threads);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a port on 127.0.0.1 for the " + purpose, e);
    }
  }

  /** Such as {@code http://127.0.0.1:40123}, without a trailing slash. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Sends a whole answer; a HEAD request gets its headers only. */
  public static void answer(
      HttpExchange exchange, int status, Map<String, String> headers, byte[] body)
      throws IOException {
    headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    var bodiless =
        exchange.getRequestMethod().equals("HEAD")
            || status == 204
            || status == 304
            || body.length == 0;
    exchange.sendResponseHeaders(status, bodiless ? -1 : body.length);
    if (!bodiless) exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Stops at once; open connections are cut. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
