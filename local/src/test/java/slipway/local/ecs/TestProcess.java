package slipway.local.ecs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import slipway.json.Json;

/** A container as the process that local makes of it, from an image that is there already. */
public final class TestProcess implements AutoCloseable {
  /** Answers {@code GET /rolldice}, and logs that it did. */
  private static final String SOURCE =
      """
      import com.sun.net.httpserver.HttpServer;
      import java.net.InetSocketAddress;
      import java.util.logging.Logger;

      public class Dice {
        public static void main(String[] words) throws Exception {
          var log = Logger.getLogger("dice");
          var server = HttpServer.create(
              new InetSocketAddress(Integer.parseInt(System.getenv("SERVER_PORT"))), 0);
          server.createContext("/rolldice", exchange -> {
            log.info("rolled");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
          server.start();
        }
      }
      """;

  private final ContainerProcess process;
  private final int port;

  /** The files of an image that has the app, and the agent where app/Dockerfile puts it. */
  public static Path image(Path folder) throws IOException {
    var app = Files.createDirectories(folder.resolve("app"));
    Files.writeString(app.resolve("Dice.java"), SOURCE);
    if (ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", app.toString(), app.resolve("Dice.java").toString())
        != 0) throw new IllegalStateException("the app does not compile");
    Files.copy(
        UpstreamAgent.jar(),
        Files.createDirectories(folder.resolve("opt")).resolve("aws-opentelemetry-agent.jar"));
    return folder;
  }

  /**
   * Starts it.
   *
   * @param image files
   * @param container of the task definition, in ECS's own members; has one port
   * @param sidecars loopback port for each port of the other containers
   */
  public TestProcess(Path image, Json container, Map<Integer, Integer> sidecars, Path log)
      throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var ports = new HashMap<>(sidecars);
    ports.put(
        container.at("portMappings").items().getFirst().at("containerPort").integer(1, 65535),
        port);
    var config =
        Json.of(
            Map.of(
                "architecture",
                "arm64",
                "config",
                Map.of(
                    "Entrypoint", List.of("java", "-cp", "/app", "Dice"),
                    "WorkingDir", "/app",
                    // Only what the app uses, so that it starts in no time.
                    "Env",
                        List.of(
                            "OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED=false",
                            "OTEL_INSTRUMENTATION_JAVA_HTTP_SERVER_ENABLED=true",
                            "OTEL_INSTRUMENTATION_RUNTIME_TELEMETRY_ENABLED=true",
                            "OTEL_METRIC_EXPORT_INTERVAL=250",
                            "OTEL_INSTRUMENTATION_JAVA_UTIL_LOGGING_ENABLED=true"))));
    process = new ContainerProcess(new Image("sha256:00", config, image), container, ports);
    process.start("arm64", log);
  }

  /** Where it listens, sooner or later. */
  public int port() {
    return port;
  }

  public boolean ended() {
    return process.exit().isDone();
  }

  /** SIGTERM, on which an agent sends what it has; returns when it has ended. */
  @Override
  public void close() {
    process.stop(30);
  }
}
