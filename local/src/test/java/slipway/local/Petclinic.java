package slipway.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The configuration {@code infra/examples/petclinic.yaml}, with services that are no more than
 * their part in it, each in a file: a gateway that asks customers and visits, and vets that nobody
 * asks.
 */
final class Petclinic {
  /** Started in no time: of the agent only what a server and a client of the JDK want. */
  private static final String DOCKERFILE =
      """
      FROM public.ecr.aws/docker/library/eclipse-temurin:25-jdk AS build
      WORKDIR /src
      COPY Clinic.java ./
      RUN javac -d classes Clinic.java
      FROM public.ecr.aws/docker/library/eclipse-temurin:25-jre
      WORKDIR /app
      ADD --chmod=0644 --checksum=sha256:3eaf21615c658e567f40428fd582aa67ba112b416f9f856407a22264f27cd5db https://github.com/aws-observability/aws-otel-java-instrumentation/releases/download/v2.30.0/aws-opentelemetry-agent.jar /opt/aws-opentelemetry-agent.jar
      COPY --from=build /src/classes/ ./
      ENV OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED=false \\
          OTEL_INSTRUMENTATION_JAVA_HTTP_SERVER_ENABLED=true \\
          OTEL_INSTRUMENTATION_JAVA_HTTP_CLIENT_ENABLED=true
      VOLUME /tmp
      USER 10001
      ENTRYPOINT ["java", "-cp", "/app", "Clinic"]
      """;

  /** Answers its word, and the trace that its caller sent; the owner 0 is too much for it. */
  private static final String SOURCE =
      """
      import com.sun.net.httpserver.HttpExchange;
      import com.sun.net.httpserver.HttpServer;
      import java.net.InetSocketAddress;
      import java.net.URI;
      import java.net.http.HttpClient;
      import java.net.http.HttpRequest;
      import java.net.http.HttpResponse;
      import java.util.concurrent.Executors;

      class Clinic {
        static final int HEALTH = 200;
        static final String WORD = "%s";
        static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

        public static void main(String[] arguments) throws Exception {
          var port = Integer.parseInt(System.getenv("SERVER_PORT"));
          var server = HttpServer.create(new InetSocketAddress(port), 0);
          server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
          server.createContext("/actuator/health", exchange -> answer(exchange, HEALTH, WORD));
          server.createContext("/api/gateway/owners", Clinic::gateway);
          for (var path : new String[] {"/owners", "/pets/visits", "/vets"})
            server.createContext(
                path,
                exchange ->
                    answer(
                        exchange,
                        exchange.getRequestURI().getPath().endsWith("/0") ? 500 : 200,
                        WORD + " " + exchange.getRequestHeaders().getFirst("traceparent")));
          server.start();
        }

        static void gateway(HttpExchange exchange) throws java.io.IOException {
          var path = exchange.getRequestURI().getPath();
          var id = path.substring(path.lastIndexOf('/') + 1);
          var owner = ask("CUSTOMERS_URL", "/owners/" + id);
          var visits = ask("VISITS_URL", "/pets/visits?petId=" + id);
          var fine = owner.statusCode() == 200 && visits.statusCode() == 200;
          answer(exchange, fine ? 200 : 502, owner.body() + "\\n" + visits.body());
        }

        static HttpResponse<String> ask(String service, String path) throws java.io.IOException {
          try {
            return HTTP.send(
                HttpRequest.newBuilder(URI.create(System.getenv(service) + path)).build(),
                HttpResponse.BodyHandlers.ofString());
          } catch (InterruptedException e) {
            throw new java.io.IOException(e);
          }
        }

        static void answer(HttpExchange exchange, int status, String text)
            throws java.io.IOException {
          exchange.sendResponseHeaders(status, 0);
          exchange.getResponseBody().write(text.getBytes());
          exchange.close();
        }
      }
      """;

  private static final Map<String, String> FOLDERS =
      Map.of("gateway", "gateway", "customers", "customers", "visits", "visits", "app", "vets");

  private Petclinic() {}

  /** Writes the code of the services and what builds it; each folder has its service's. */
  static Path code(Path folder, Path project) {
    try {
      var sources = Files.createDirectory(folder.resolve("clinic-sources"));
      Files.copy(project.resolve("buildspec.yml"), sources.resolve("buildspec.yml"));
      for (var each : FOLDERS.entrySet()) {
        var code = Files.createDirectory(sources.resolve(each.getKey()));
        Files.writeString(code.resolve("Dockerfile"), DOCKERFILE);
        Files.writeString(code.resolve("Clinic.java"), SOURCE.formatted(each.getValue()));
      }
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the clinic to " + folder, e);
    }
  }

  /**
   * The example as it is, but for the routes, as the JDK's server knows none with parameters, and
   * for the collectors, which would be built four times and tell nothing here.
   */
  static String configuration(Path project) {
    var file = project.resolve("infra/examples/petclinic.yaml");
    try {
      return Files.readString(file).replace("/{ownerId}", "").replaceAll("(?m)^ *adot: .*\\n", "");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
