package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import slipway.json.Json;

/**
 * That the collector's image can do what adot/config.yaml asks, and the task gives what it needs.
 * The collector itself is not run in tests: what is known of it is written down here, from the
 * sources of aws-otel-collector and of the contrib components of that version.
 */
class CollectorTest {
  private static final String VERSION = "v0.49.0";

  /** Of pkg/defaultcomponents of that version, by their types; not by their deprecated names. */
  private static final Map<String, Set<String>> COMPONENTS =
      Map.of(
          "extensions",
          Set.of(
              "awsproxy",
              "ecs_observer",
              "health_check",
              "pprof",
              "sigv4auth",
              "zpages",
              "file_storage"),
          "receivers",
          Set.of(
              "awsecscontainermetrics",
              "awscontainerinsightreceiver",
              "awsxray",
              "statsd",
              "prometheus",
              "kafka",
              "jaeger",
              "zipkin",
              "otlp",
              "filelog"),
          "processors",
          Set.of(
              "groupbytrace",
              "tail_sampling",
              "attributes",
              "resource",
              "probabilistic_sampler",
              "span",
              "filter",
              "metricstransform",
              "resource_detection",
              "metricsgeneration",
              "cumulativetodelta",
              "deltatorate",
              "batch",
              "memory_limiter",
              "k8s_attributes"),
          "exporters",
          Set.of(
              "awsemf",
              "prometheusremotewrite",
              "prometheus",
              "file",
              "kafka",
              "debug",
              "otlp_grpc",
              "otlp_http",
              "awsxray",
              "loadbalancing",
              "awscloudwatchlogs"));

  /** That awscloudwatchlogs fills in, by the resource attribute that they come from. */
  private static final Map<String, String> PLACEHOLDERS =
      Map.of(
          "{ClusterName}", "aws.ecs.cluster.name",
          "{ServiceName}", "service.name",
          "{TaskDefinitionFamily}", "aws.ecs.task.family",
          "{TaskId}", "aws.ecs.task.id");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:(\\w+)(:-[^}]*)?}");
  private static final Json CONFIG = config();

  @Test
  void theImageIsOfTheVersionThatThisIsWrittenFor() throws IOException {
    assertThat(Files.readString(Path.of("../adot/Dockerfile")).lines())
        .filteredOn(line -> line.startsWith("FROM "))
        .containsExactly("FROM public.ecr.aws/aws-observability/aws-otel-collector:" + VERSION);
  }

  @Test
  void everyComponentIsInTheImage() {
    COMPONENTS.forEach(
        (kind, known) ->
            assertThat(CONFIG.at(kind).members().keySet().stream().map(CollectorTest::type))
                .as(kind)
                .isNotEmpty()
                .isSubsetOf(known));
  }

  /** What is configured and not named under service does nothing; what is named must be there. */
  @Test
  void everyComponentIsUsed() {
    var pipelines = CONFIG.at("service").at("pipelines").members().values();
    for (var kind : List.of("receivers", "processors", "exporters"))
      assertThat(pipelines.stream().flatMap(pipeline -> texts(pipeline.at(kind))))
          .as(kind)
          .containsOnlyOnceElementsOf(CONFIG.at(kind).members().keySet());
    assertThat(texts(CONFIG.at("service").at("extensions")))
        .as("extensions")
        .containsExactlyElementsOf(CONFIG.at("extensions").members().keySet());
  }

  /** The image's /healthcheck asks 127.0.0.1:13133, and cannot be told otherwise by ECS's CMD. */
  @Test
  void theHealthCheckAnswersWhereItIsAsked() {
    assertThat(CONFIG.at("extensions").at("health_check").at("endpoint").text())
        .isEqualTo("127.0.0.1:13133");
  }

  @Test
  void logsAreTakenOverGrpcAndHttpFromTheTaskOnlyAndBesideTheAgentsPorts() {
    var protocols = CONFIG.at("receivers").at("otlp").at("protocols");
    assertThat(protocols.at("grpc").at("endpoint").text()).isEqualTo("127.0.0.1:4317");
    assertThat(protocols.at("http").at("endpoint").text()).isEqualTo("127.0.0.1:4318");
    assertThat(CONFIG.at("receivers").members()).containsOnlyKeys("otlp");
  }

  /** Refuse before anything is worked on; send in batches of what is complete. */
  @Test
  void memoryIsLimitedFirstAndBatchesAreMadeLast() {
    var processors = texts(CONFIG.at("service").at("pipelines").at("logs").at("processors"));
    assertThat(processors).startsWith("memory_limiter").endsWith("batch");
    var limiter = CONFIG.at("processors").at("memory_limiter");
    assertThat(limiter.at("check_interval").text()).as("it must be said").isEqualTo("1s");
    int limit = limiter.at("limit_mib").integer(64, 256);
    assertThat(limiter.at("spike_limit_mib").integer(1, 256)).isLessThan(limit);
  }

  /**
   * A stream of its own for each task: the detector finds the task's id, the exporter fills it in.
   */
  @Test
  void theStreamIsNamedAfterTheTask() {
    var exporter = CONFIG.at("exporters").at("awscloudwatchlogs");
    var used =
        Pattern.compile("\\{[A-Za-z]+}")
            .matcher(VARIABLE.matcher(written(exporter)).replaceAll(""))
            .results()
            .map(match -> match.group())
            .toList();
    assertThat(used).containsExactly("{TaskId}").isSubsetOf(PLACEHOLDERS.keySet());
    assertThat(texts(CONFIG.at("processors").at("resource_detection").at("detectors")))
        .contains("ecs");
  }

  /** LOG_GROUP is the template's, AWS_REGION is ECS's; the rest has a default. */
  @Test
  void whatItWantsOfTheEnvironmentIsThere() {
    var needed = new TreeSet<String>();
    VARIABLE
        .matcher(written(CONFIG))
        .results()
        .filter(match -> match.group(2) == null)
        .forEach(match -> needed.add(match.group(1)));
    assertThat(needed).containsExactly("AWS_REGION", "LOG_GROUP");
    var exporter = CONFIG.at("exporters").at("awscloudwatchlogs");
    assertThat(exporter.at("region").text()).isEqualTo("${env:AWS_REGION}");
    assertThat(exporter.at("log_group_name").text()).isEqualTo("${env:LOG_GROUP}");
    assertThat(exporter.at("log_stream_name").text()).startsWith("${env:LOG_STREAM:-");
  }

  /** To create groups, or set how long they are kept, the task has no permission. */
  @Test
  void nothingIsAskedOfCloudWatchThatTheTaskMayNotDo() {
    assertThat(CONFIG.at("exporters").at("awscloudwatchlogs").members())
        .doesNotContainKeys("log_retention", "tags", "role_arn");
  }

  private static String type(String name) {
    return name.split("/")[0];
  }

  private static Stream<String> texts(Json list) {
    return list.items().stream().map(Json::text);
  }

  private static String written(Json json) {
    return Json.write(json.value());
  }

  private static Json config() {
    try {
      return YamlTree.parse(new StringReader(Files.readString(Path.of("../adot/config.yaml"))))
          .root();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
