package slipway.local.ecs;

/** A service that answers with its word; it can crash, and it can be sick. */
final class TestApp {
  static final String SOURCE =
      """
      import com.sun.net.httpserver.HttpServer;
      import java.net.InetSocketAddress;

      public class App {
        public static void main(String[] words) throws Exception {
          if (words[0].equals("crash")) System.exit(7);
          var server = HttpServer.create(
              new InetSocketAddress(Integer.parseInt(System.getenv("SERVER_PORT"))), 0);
          server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
          server.createContext("/", exchange -> {
            var sick = words[0].equals("sick") && exchange.getRequestURI().getPath().equals("/health");
            var body = (words[0] + " " + System.getenv("AGENT")).getBytes();
            exchange.sendResponseHeaders(sick ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
          server.start();
        }
      }
      """;

  private TestApp() {}
}
