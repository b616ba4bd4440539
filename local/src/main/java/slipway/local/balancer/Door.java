package slipway.local.balancer;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;

/** A port of 127.0.0.1 that stands for one of a load balancer's. */
record Door(HttpServer server, String scheme) implements AutoCloseable {
  private static final int WAITING = 1024;

  static Door plain(Proxy proxy, Executor threads) {
    try {
      return open(HttpServer.create(free(), WAITING), "http", proxy, threads);
    } catch (IOException e) {
      throw new UncheckedIOException("load balancer: cannot open a port", e);
    }
  }

  /**
   * @param protocols of TLS, such as {@code TLSv1.3}
   */
  static Door encrypted(SSLContext context, List<String> protocols, Proxy proxy, Executor threads) {
    try {
      var server = HttpsServer.create(free(), WAITING);
      server.setHttpsConfigurator(
          new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
              var those = getSSLContext().getDefaultSSLParameters();
              those.setProtocols(protocols.toArray(String[]::new));
              parameters.setSSLParameters(those);
            }
          });
      return open(server, "https", proxy, threads);
    } catch (IOException e) {
      throw new UncheckedIOException("load balancer: cannot open a port", e);
    }
  }

  private static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static Door open(HttpServer server, String scheme, Proxy proxy, Executor threads) {
    server.setExecutor(threads);
    server.createContext("/", proxy);
    server.start();
    return new Door(server, scheme);
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
