package slipway.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Two services, {@code tea} and {@code coffee}, that build in no time. */
final class TwoServices {
  private static final String DOCKERFILE =
      """
      FROM public.ecr.aws/docker/library/eclipse-temurin:25-jdk
      WORKDIR /app
      COPY Drink.java ./
      EXPOSE 8080
      ENTRYPOINT ["java", "Drink.java"]
      """;

  private static final String SOURCE =
      """
      import com.sun.net.httpserver.HttpServer;
      import java.net.InetSocketAddress;

      class Drink {
        static final int HEALTH = 200;
        static final String WORD = "%s";

        public static void main(String[] arguments) throws Exception {
          var port = Integer.parseInt(System.getenv().getOrDefault("SERVER_PORT", "8080"));
          var server = HttpServer.create(new InetSocketAddress(port), 0);
          var sugar = System.getenv().getOrDefault("SUGAR", "");
          server.createContext(
              "/",
              exchange -> {
                var health = exchange.getRequestURI().getPath().equals("/health");
                exchange.sendResponseHeaders(health ? HEALTH : 200, 0);
                exchange.getResponseBody().write((WORD + sugar).getBytes());
                exchange.close();
              });
          server.start();
        }
      }
      """;

  private TwoServices() {}

  /** Writes the code of {@code tea} and {@code coffee}, and what builds it. */
  static Path code(Path folder, Path project) {
    try {
      var sources = Files.createDirectory(folder.resolve("sources"));
      Files.copy(project.resolve("buildspec.yml"), sources.resolve("buildspec.yml"));
      for (var service : List.of("tea", "coffee")) {
        var code = Files.createDirectory(sources.resolve(service));
        Files.writeString(code.resolve("Dockerfile"), DOCKERFILE);
        Files.writeString(code.resolve("Drink.java"), SOURCE.formatted(service));
      }
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write two services to " + folder, e);
    }
  }
}
