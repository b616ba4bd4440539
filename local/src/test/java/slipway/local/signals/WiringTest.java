package slipway.local.signals;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.config.Configs;
import slipway.config.Service;
import slipway.json.Json;
import slipway.local.cloud.Pace;
import slipway.local.ecs.TestProcess;
import slipway.local.metrics.Metric;
import slipway.local.metrics.MetricStore;
import slipway.local.metrics.Minutes;
import slipway.local.stack.Template;
import slipway.telemetry.Task;
import slipway.telemetry.TelemetryDecision;

/**
 * Every environment variable of the synthesized task definition matters: with another value, what a
 * real agent sends does not arrive as it should, or the check that synth makes complains. One JVM
 * with the agent for each variable of the app, so it takes a while.
 */
class WiringTest {
  private static final String TRACE = "5759e988bd862e3fe1be46a994272793";

  /** A likely mistake for each variable; a new variable wants one, too. */
  private static final Map<String, String> MISTAKES =
      Map.ofEntries(
          Map.entry("JAVA_TOOL_OPTIONS", "-javaagent:/opt/opentelemetry-agent.jar"),
          Map.entry("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=production"),
          Map.entry("OTEL_METRICS_EXPORTER", "cloudwatch"),
          Map.entry("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
          Map.entry("OTEL_PROPAGATORS", "b3"),
          Map.entry("OTEL_AWS_APPLICATION_SIGNALS_ENABLED", "false"),
          Map.entry(
              "OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT", "http://localhost:4317/v1/metrics"),
          Map.entry("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://localhost:4318/v1/traces"),
          Map.entry("OTEL_TRACES_SAMPLER", "always_off"),
          Map.entry("OTEL_TRACES_SAMPLER_ARG", "endpoint=http://localhost:2001"),
          Map.entry("OTEL_LOGS_EXPORTER", "none"),
          Map.entry("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://localhost:4316/v1/logs"),
          Map.entry("CW_CONFIG_CONTENT", "{}"),
          Map.entry("LOG_GROUP", "/slipway/other"));

  /**
   * What only ADOT reads, and local has the agent that ADOT is built on, which knows no X-Ray
   * sampler: so nothing else than the check sees it.
   */
  private static final Set<String> SEEN_BY_THE_CHECK_ONLY = Set.of("OTEL_TRACES_SAMPLER_ARG");

  /** With a mistake in these, no metrics of the JVM come; with one in another, they do. */
  private static final Set<String> WITHOUT_RUNTIME_METRICS =
      Set.of(
          "JAVA_TOOL_OPTIONS",
          "OTEL_METRICS_EXPORTER",
          // gRPC knows no paths, and no endpoint that has one.
          "OTEL_EXPORTER_OTLP_PROTOCOL",
          "OTEL_AWS_APPLICATION_SIGNALS_ENABLED",
          "OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT",
          "CW_CONFIG_CONTENT");

  @TempDir private static Path folder;
  private static Path image;
  private static Service dice;
  private static Json usual;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void readTheTemplate() throws IOException {
    image = TestProcess.image(folder.resolve("image"));
    var template = Template.read(Path.of(System.getProperty("slipway.cdk.out")), "slipway");
    var config =
        template.assets().values().stream()
            .map(asset -> asset.resolve("slipway.json"))
            .filter(Files::exists)
            .map(Configs::read)
            .findFirst()
            .orElseThrow();
    dice = config.services().getFirst();
    usual =
        template.resources().values().stream()
            .filter(resource -> resource.at("Type").text().equals("AWS::ECS::TaskDefinition"))
            .map(resource -> Json.of(registered(resource.at("Properties").value(), template)))
            .findFirst()
            .orElseThrow();
  }

  @AfterAll
  static void end() {
    HTTP.close();
  }

  /**
   * What came of one request.
   *
   * @param operations by service and environment
   * @param runtimes of which service and environment the JVM's metrics came
   * @param logs trace ids of the log records, by log group's file
   */
  private record Seen(
      Map<ServiceKey, List<String>> operations,
      Set<Map<String, String>> runtimes,
      Map<String, List<String>> logs) {
    static final Seen NOTHING = new Seen(Map.of(), Set.of(), Map.of());
  }

  @Test
  void noVariableCanChangeUnseen() throws Exception {
    var changed = new LinkedHashMap<String, Json>();
    for (var container : usual.at("containerDefinitions").items())
      for (var variable : container.at("environment").items()) {
        var name = variable.at("name").text();
        assertThat(MISTAKES).as("a likely mistake").containsKey(name);
        changed.put(name, with(name, MISTAKES.get(name)));
      }
    assertThat(changed.keySet()).containsAll(SEEN_BY_THE_CHECK_ONLY);

    var seen = new TreeMap<String, Seen>();
    Seen asItShouldBe;
    // A little more than processors: who has nobody to send to waits a while before it gives up.
    try (var threads = Executors.newFixedThreadPool(4)) {
      var first = threads.submit(() -> run("usual", usual));
      var others = new LinkedHashMap<String, Future<Seen>>();
      changed.forEach(
          (name, task) -> {
            if (!SEEN_BY_THE_CHECK_ONLY.contains(name))
              others.put(name, threads.submit((Callable<Seen>) () -> run(name, task)));
          });
      asItShouldBe = first.get();
      for (var other : others.entrySet()) seen.put(other.getKey(), get(other.getValue()));
    }

    assertThat(TelemetryDecision.mistakes(Task.of(dice, usual))).isEmpty();
    assertThat(asItShouldBe)
        .isEqualTo(
            new Seen(
                Map.of(new ServiceKey("dice", "production"), List.of("GET /rolldice")),
                Set.of(Map.of("Service", "dice", "Environment", "production")),
                Map.of("slipway-dice.jsonl", List.of(TRACE))));
    assertThat(seen).doesNotContainValue(asItShouldBe);
    seen.forEach(
        (name, one) ->
            assertThat(one.runtimes().isEmpty())
                .as("no metrics of the JVM because of %s", name)
                .isEqualTo(WITHOUT_RUNTIME_METRICS.contains(name)));
    for (var name : SEEN_BY_THE_CHECK_ONLY)
      assertThat(TelemetryDecision.mistakes(Task.of(dice, changed.get(name))))
          .as("the check of %s", name)
          .isNotEmpty();
  }

  private static Seen get(Future<Seen> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  /** Starts the task's sidecars and its app, makes one request, and ends them all. */
  private static Seen run(String name, Json task) throws IOException, InterruptedException {
    var begun = Instant.now();
    var store = new MetricStore(new Minutes(new Pace(1)));
    var measurements = new Measurements(store);
    var logs = Files.createDirectories(folder.resolve("logs-" + name));
    var sidecars = new Sidecars(measurements, logs);
    var ports = new HashMap<Integer, Integer>();
    var open = new ArrayList<Sidecar>();
    try {
      for (var container : task.at("containerDefinitions").items())
        sidecars
            .start(
                new Sidecars.Container(
                    container.at("name").text(),
                    container.at("image").text(),
                    variables(container),
                    "slipway"))
            .ifPresent(open::add);
      open.forEach(sidecar -> ports.putAll(sidecar.ports()));
      try (var app = new TestProcess(image, front(task), ports, logs.resolve("app.log"))) {
        request(app);
        awaitRuntime(app, store, WITHOUT_RUNTIME_METRICS.contains(name));
      }
    } catch (IllegalArgumentException e) {
      // The agent does not start with its configuration, so nothing of the task does.
      return Seen.NOTHING;
    } finally {
      open.forEach(Sidecar::close);
    }
    return new Seen(operations(measurements, begun), runtimes(store), traces(logs));
  }

  /** As a load balancer would, with a trace that has begun before. */
  private static void request(TestProcess app) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + "/rolldice"))
            .header(
                "X-Amzn-Trace-Id",
                "Root=1-%s-%s;Parent=53995c3f42cd8ad8;Sampled=1"
                    .formatted(TRACE.substring(0, 8), TRACE.substring(8)))
            .timeout(Duration.ofSeconds(10))
            .build();
    var patience = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (!app.ended() && System.nanoTime() < patience) {
      try {
        assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
        idle(app);
        return;
      } catch (IOException _) {
        Thread.yield(); // It does not listen yet.
      }
    }
    assertThat(app.ended()).as("neither answers nor ends").isTrue();
  }

  /**
   * The app does one thing after the other: when it has said that there is nothing else, the span
   * of what was there has ended.
   */
  private static void idle(TestProcess app) throws IOException, InterruptedException {
    var nothing =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + "/")).build();
    assertThat(HTTP.send(nothing, BodyHandlers.discarding()).statusCode()).isEqualTo(404);
  }

  /** The JVM's metrics are sent every now and then, and not at the end. */
  private static void awaitRuntime(TestProcess app, MetricStore store, boolean inVain)
      throws IOException, InterruptedException {
    var patience = System.nanoTime() + Duration.ofSeconds(inVain ? 2 : 30).toNanos();
    while (!app.ended() && runtimes(store).isEmpty() && System.nanoTime() < patience) idle(app);
  }

  private static Map<ServiceKey, List<String>> operations(Measurements measurements, Instant from) {
    var operations = new HashMap<ServiceKey, List<String>>();
    var now = Instant.now();
    for (var service : measurements.services(from, now))
      operations.put(service, measurements.operations(service, from, now));
    return operations;
  }

  private static Set<Map<String, String>> runtimes(MetricStore store) {
    return store.metrics().stream()
        .filter(metric -> metric.name().equals("JVMThreadCount"))
        .map(Metric::dimensions)
        .collect(Collectors.toSet());
  }

  private static Map<String, List<String>> traces(Path logs) throws IOException {
    var traces = new TreeMap<String, List<String>>();
    try (var files = Files.newDirectoryStream(logs, "*.jsonl")) {
      for (var file : files)
        traces.put(
            file.getFileName().toString(),
            Files.readAllLines(file).stream()
                .map(line -> Json.parse(line).at("trace_id").text())
                .toList());
    }
    return traces;
  }

  private static Json front(Json task) {
    return task.at("containerDefinitions").items().stream()
        .filter(container -> container.at("name").text().equals(dice.front().name()))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> variables(Json container) {
    var variables = new TreeMap<String, String>();
    for (var variable : container.at("environment").items())
      variables.put(variable.at("name").text(), variable.at("value").text());
    return variables;
  }

  private static Json with(String name, String value) {
    return Json.of(replaced(usual.value(), name, value));
  }

  /** The tree with another value of a variable. */
  private static Object replaced(Object tree, String name, String value) {
    return switch (tree) {
      case Map<?, ?> map when name.equals(map.get("name")) -> Map.of("name", name, "value", value);
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((key, member) -> copy.put((String) key, replaced(member, name, value)));
        yield copy;
      }
      case List<?> list -> list.stream().map(item -> replaced(item, name, value)).toList();
      default -> tree;
    };
  }

  /**
   * A task definition's properties in the members of ECS's own API: log groups by their names, and
   * nothing where other resources are referred to, which telemetry has no use for.
   */
  private static Object registered(Object tree, Template template) {
    return switch (tree) {
      case Map<?, ?> map when map.get("Ref") instanceof String id ->
          template.resources().containsKey(id)
              ? template
                  .resources()
                  .get(id)
                  .at("Properties")
                  .at("LogGroupName")
                  .optionalText()
                  .orElse("")
              : "";
      case Map<?, ?> map when map.get("Fn::Join") instanceof List<?> join -> {
        var parts = new ArrayList<String>();
        for (var part : (List<?>) join.get(1))
          parts.add(String.valueOf(registered(part, template)));
        yield String.join((String) join.getFirst(), parts);
      }
      case Map<?, ?> map
          when map.keySet().stream().anyMatch(key -> key.toString().startsWith("Fn::")) ->
          "";
      case Map<?, ?> map -> {
        var renamed = new LinkedHashMap<String, Object>();
        map.forEach(
            (key, member) ->
                renamed.put(
                    key.toString().substring(0, 1).toLowerCase(java.util.Locale.ROOT)
                        + key.toString().substring(1),
                    registered(member, template)));
        yield renamed;
      }
      case List<?> list -> list.stream().map(item -> registered(item, template)).toList();
      default -> tree;
    };
  }
}
