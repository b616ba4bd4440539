package slipway.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Two services, {@code tea} and {@code coffee}, that build in no time; and any configuration. */
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

  /**
   * Synthesizes a configuration.
   *
   * @param name of the assembly's folder
   */
  static Path assembly(Path folder, String name, String configuration, Path project) {
    try {
      var file = Files.writeString(folder.resolve(name + ".yaml"), configuration);
      var assembly = folder.resolve(name);
      synthesize(file, assembly, project);
      return assembly;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot synthesize " + name + " in " + folder, e);
    }
  }

  /** In a JVM of its own: the CDK's node process ends with it. */
  private static void synthesize(Path configuration, Path assembly, Path project)
      throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classpath = System.getProperty("java.class.path");
    var log = new File(assembly + ".log");
    var builder =
        new ProcessBuilder(java, "-cp", classpath, "slipway.infra.Synth", configuration.toString())
            .directory(project.resolve("local").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log);
    builder.environment().put("CDK_OUTDIR", assembly.toString());
    builder.environment().put("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20");
    try {
      if (builder.start().waitFor() != 0)
        throw new IllegalStateException(
            "cannot synthesize %s: %s".formatted(configuration, Files.readString(log.toPath())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while synthesizing " + configuration, e);
    }
  }
}
