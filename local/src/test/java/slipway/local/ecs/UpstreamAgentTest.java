package slipway.local.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.local.cloud.Loopback;
import slipway.local.cloud.Pace;
import slipway.local.metrics.MetricStore;
import slipway.local.metrics.Minutes;
import slipway.local.signals.Measurements;

class UpstreamAgentTest {
  private static final String METRICS = "OTEL_METRICS_EXPORTER";
  private static final String RUNTIME = "OTEL_AWS_APPLICATION_SIGNALS_RUNTIME_ENABLED";
  private static final Sidecars.Container AGENT =
      new Sidecars.Container(
          "cw-agent",
          "x",
          Map.of(
              "CW_CONFIG_CONTENT",
              "{\"traces\":{\"traces_collected\":{\"application_signals\":{}}},"
                  + "\"logs\":{\"metrics_collected\":{\"application_signals\":{}}}}"),
          Optional.empty());
  @TempDir private Path folder;

  private static Map<String, String> adapted(Consumer<Map<String, String>> change) {
    var environment = new TreeMap<String, String>();
    environment.put("JAVA_TOOL_OPTIONS", "-javaagent:" + UpstreamAgent.jar());
    environment.put("OTEL_AWS_APPLICATION_SIGNALS_ENABLED", "true");
    environment.put(METRICS, "none");
    change.accept(environment);
    return UpstreamAgent.environment(environment);
  }

  @Test
  void figuresOfTheJvmAreSentToTheCloudWatchAgentUnlessTheyAreSwitchedOff() {
    var usual = adapted(_ -> {});
    assertThat(usual)
        .containsEntry(METRICS, "otlp")
        .containsEntry("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://localhost:4316/v1/metrics");
    assertThat(
            adapted(
                e ->
                    e.put(
                        "OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT", "http://localhost:1/m")))
        .containsEntry("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://localhost:1/m");
    assertThat(adapted(e -> e.put(RUNTIME, "false"))).containsEntry(METRICS, "none");
    assertThat(adapted(e -> e.remove("OTEL_AWS_APPLICATION_SIGNALS_ENABLED")))
        .containsEntry(METRICS, "none");
    assertThat(adapted(e -> e.put(METRICS, "prometheus")))
        .containsEntry(METRICS, "prometheus")
        .doesNotContainKey("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
    assertThat(UpstreamAgent.environment(Map.of(METRICS, "none")))
        .isEqualTo(Map.of(METRICS, "none"));
  }

  /** The agent itself, in a JVM of its own that ends when what it sent has come. */
  @Test
  void whatTheAgentSendsBecomesTheMetricsOfTheService() throws Exception {
    var store = new MetricStore(new Minutes(new Pace(1)));
    var agents =
        new Agents(
            new slipway.local.signals.Sidecars(new Measurements(store), folder), (_, _) -> true);
    var came = new CountDownLatch(1);
    try (var running =
            agents.start(
                new Sidecars.Group(
                    "task", "slipway", "dice", Optional.of("role"), List.of(AGENT)));
        var http = HttpClient.newHttpClient();
        var relay =
            Loopback.serve(
                "relay",
                exchange -> {
                  var taken = passedOn(http, running.ports().get(4316), exchange);
                  if (store.metrics().stream().anyMatch(m -> m.name().equals("JVMGCCount")))
                    came.countDown();
                  Loopback.answer(exchange, taken, Map.of(), new byte[0]);
                })) {
      var process = java(relay.uri() + "/v1/metrics");
      assertThat(came.await(120, TimeUnit.SECONDS)).isTrue();
      process.getOutputStream().close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(store.metrics())
        .allSatisfy(
            metric ->
                assertThat(metric.dimensions())
                    .isEqualTo(Map.of("Service", "dice", "Environment", "production")))
        .extracting(metric -> metric.name())
        .contains(
            "JVMGCCount",
            "JVMGCDuration",
            "JVMMemoryHeapUsed",
            "JVMMemoryNonHeapUsed",
            "JVMMemoryUsedAfterLastGC",
            "JVMMemoryEdenSpaceUsed",
            "JVMMemoryOldGenUsed",
            "JVMThreadCount",
            "JVMClassLoaded",
            "JVMCpuTime");
  }

  private static int passedOn(HttpClient http, int port, HttpExchange exchange) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + exchange.getRequestURI()))
            .header("Content-Type", exchange.getRequestHeaders().getFirst("Content-Type"))
            .POST(BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
            .build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private Process java(String endpoint) throws IOException {
    var java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseG1GC",
            "-cp",
            Path.of("target", "test-classes").toString(),
            Collector.class.getName());
    java.environment()
        .putAll(
            adapted(
                e -> {
                  e.put("OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT", endpoint);
                  e.put("OTEL_METRIC_EXPORT_INTERVAL", "200");
                  e.put(
                      "OTEL_RESOURCE_ATTRIBUTES",
                      "service.name=dice,deployment.environment=production");
                  e.put("OTEL_TRACES_EXPORTER", "none");
                  e.put("OTEL_LOGS_EXPORTER", "none");
                }));
    return java.redirectErrorStream(true)
        .redirectOutput(folder.resolve("agent.log").toFile())
        .start();
  }

  /** Collects its garbage, and ends when nobody talks to it any more. */
  static final class Collector {
    private Collector() {}

    public static void main(String[] words) throws IOException {
      System.gc();
      while (System.in.read() >= 0) {}
    }
  }
}
