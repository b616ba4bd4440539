package slipway.local.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.json.Json;
import slipway.local.cloud.Pace;
import slipway.local.metrics.Evaluation;
import slipway.local.metrics.Grid;
import slipway.local.metrics.Metric;
import slipway.local.metrics.MetricStore;
import slipway.local.metrics.Minutes;
import slipway.local.metrics.Query;

class SidecarsTest {
  private static final Instant NOON = Instant.parse("2026-08-04T12:00:00Z");
  private static final ServiceKey DICE = new ServiceKey("dice", "production");
  private static final String CONFIGURATION =
      "{\"traces\":{\"traces_collected\":{\"application_signals\":{}}},"
          + "\"logs\":{\"metrics_collected\":{\"application_signals\":{}}}}";

  @TempDir Path logs;
  private final MetricStore store = new MetricStore(new Minutes(new Pace(1)));
  private final Measurements measurements = new Measurements(store);
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    http.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void serverSpansBecomeOperationsOfTheService(boolean gzip) throws Exception {
    var batch =
        spans(
            Map.of("service.name", "dice", "deployment.environment", "production"),
            span("GET /rolldice", 200, Status.StatusCode.STATUS_CODE_UNSET),
            span("GET /rolldice", 400, Status.StatusCode.STATUS_CODE_ERROR),
            span("GET /rolldice", 500, Status.StatusCode.STATUS_CODE_ERROR),
            span("GET /healthcheck", 200, Status.StatusCode.STATUS_CODE_UNSET),
            span("GET /rolldice", 200, Status.StatusCode.STATUS_CODE_UNSET).toBuilder()
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .build());
    try (var agent = agent(CONFIGURATION)) {
      assertThat(send(agent, 4316, "/v1/traces", batch.toByteArray(), gzip)).startsWith("200");
    }

    assertThat(measurements.services(NOON, NOON)).containsExactly(DICE);
    assertThat(measurements.operations(DICE, NOON, NOON))
        .containsExactly("GET /healthcheck", "GET /rolldice");
    assertThat(rolls(SignalMetrics.LATENCY, "SampleCount")).isEqualTo(3);
    assertThat(rolls(SignalMetrics.FAULT, "Sum")).isEqualTo(1);
    assertThat(rolls(SignalMetrics.ERROR, "Sum")).isEqualTo(1);
    assertThat(rolls(SignalMetrics.LATENCY, "Average")).isEqualTo(25);
    assertThat(value(SignalMetrics.service(SignalMetrics.LATENCY, DICE), "SampleCount"))
        .isEqualTo(4);
  }

  private double rolls(String metric, String statistic) {
    return value(SignalMetrics.operation(metric, DICE, "GET /rolldice"), statistic);
  }

  /** Of the minute that begins at noon. */
  private double value(Metric metric, String statistic) {
    var noon = store.minutes().index(NOON);
    return Evaluation.of(
        store, List.of(Query.stat("m", metric, 60, statistic, true)), new Grid(noon, 1, 1))[0];
  }

  @Test
  void aCallIsOfTheOperationWhoseServerSpanIsAboveItWheneverThatComes() throws Exception {
    var server = span("GET /rolldice", 200, Status.StatusCode.STATUS_CODE_UNSET);
    var call =
        Span.newBuilder()
            .setName("GET")
            .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
            .setTraceId(server.getTraceId())
            .setSpanId(ByteString.fromHex("00000000000000aa"))
            .setParentSpanId(ByteString.fromHex("00000000000000bb"))
            .setStartTimeUnixNano(server.getEndTimeUnixNano() - 10_000_000L)
            .setEndTimeUnixNano(server.getEndTimeUnixNano())
            .addAttributes(attribute("http.request.method", "GET"))
            .addAttributes(attribute("url.full", "http://rates:8080/rates/eur?on=today"))
            .addAttributes(attribute("server.address", "rates"))
            .addAttributes(attribute("server.port", "8080"))
            .addAttributes(attribute("http.response.status_code", "503"))
            .build();
    var between =
        Span.newBuilder()
            .setKind(Span.SpanKind.SPAN_KIND_INTERNAL)
            .setTraceId(server.getTraceId())
            .setSpanId(ByteString.fromHex("00000000000000bb"))
            .setParentSpanId(server.getSpanId())
            .build();
    var resource = Map.of("service.name", "dice", "deployment.environment", "production");
    try (var agent = agent(CONFIGURATION)) {
      send(agent, 4316, "/v1/traces", spans(resource, call).toByteArray(), false);
      assertThat(measurements.dependencies(DICE, NOON, NOON)).isEmpty();
      send(agent, 4316, "/v1/traces", spans(resource, between, server).toByteArray(), false);
    }

    assertThat(measurements.dependencies(DICE, NOON, NOON))
        .containsExactly(new Measurements.Dependency("GET /rolldice", "rates:8080", "GET /rates"));
    for (var operation : List.of(Optional.of("GET /rolldice"), Optional.<String>empty()))
      assertThat(
              value(
                  SignalMetrics.dependency(
                      SignalMetrics.FAULT, DICE, operation, "rates:8080", "GET /rates"),
                  "Sum"))
          .isEqualTo(1);
    assertThat(
            value(
                SignalMetrics.remote(SignalMetrics.LATENCY, Optional.empty(), "rates:8080"),
                "Average"))
        .isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aws.remote.service=a,rpc.service=b | a | UnknownRemoteOperation",
        "peer.service=rates,rpc.service=b,rpc.method=c | rates | c",
        "rpc.system=aws-api,rpc.service=DynamoDb,rpc.method=GetItem | AWS::DynamoDB | GetItem",
        "rpc.system=aws-api,rpc.service=Ssm,rpc.method=GetParameter | AWS::Ssm | GetParameter",
        "db.system.name=postgresql,db.operation.name=SELECT,server.address=h | postgresql | SELECT",
        "db.system=mysql,db.statement=insert into t values 1 | mysql | INSERT",
        "messaging.system=kafka,messaging.operation.type=send | kafka | send",
        "server.address=h,server.port=81,http.request.method=GET | h:81 | GET"
            + " UnknownRemoteOperation",
        "url.full=https://h/,http.request.method=POST | h | POST /",
        "url.full=https://h:82/a/b,http.request.method=PUT | h:82 | PUT /a",
        "other=1 | UnknownRemoteService | UnknownRemoteOperation"
      })
  void whatIsCalledIsNamedAsAdotNamesIt(String attributes, String service, String operation) {
    var span = new java.util.TreeMap<String, Object>();
    for (var pair : attributes.split(",")) span.put(pair.split("=")[0], pair.split("=")[1]);
    assertThat(Remote.of(span)).isEqualTo(new Remote(service, operation));
  }

  @Test
  void figuresOfTheJvmBecomeMetricsOfTheService() throws Exception {
    var nanos = NOON.getEpochSecond() * 1_000_000_000L;
    var batch =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .setResource(
                        resource(
                            Map.of("service.name", "dice", "deployment.environment", "production")))
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder()
                            .addMetrics(
                                sum(
                                    "jvm.memory.used",
                                    number(nanos, 30, "heap", "G1 Eden Space"),
                                    number(nanos, 12, "heap", "G1 Old Gen"),
                                    number(nanos, 5, "non_heap", "Metaspace")))
                            .addMetrics(
                                sum(
                                    "jvm.thread.count",
                                    number(nanos, 7, "", ""),
                                    number(nanos, 4, "", "")))
                            .addMetrics(
                                sum("http.server.active_requests", number(nanos, 1, "", "")))
                            .addMetrics(
                                io.opentelemetry.proto.metrics.v1.Metric.newBuilder()
                                    .setName("jvm.gc.duration")
                                    .setHistogram(
                                        Histogram.newBuilder()
                                            .addDataPoints(
                                                HistogramDataPoint.newBuilder()
                                                    .setTimeUnixNano(nanos)
                                                    .setCount(2)
                                                    .setSum(0.25)
                                                    .addAttributes(
                                                        attribute(
                                                            "jvm.gc.name",
                                                            "G1 Young Generation")))))))
            .build();
    try (var agent = agent(CONFIGURATION)) {
      assertThat(send(agent, 4316, "/v1/metrics", batch.toByteArray(), true)).startsWith("200");
    }

    assertThat(store.metrics())
        .allSatisfy(metric -> assertThat(metric.namespace()).isEqualTo("ApplicationSignals"))
        .allSatisfy(
            metric ->
                assertThat(metric.dimensions())
                    .isEqualTo(Map.of("Service", "dice", "Environment", "production")))
        .extracting(metric -> metric.name() + " " + value(metric, "Sum"))
        .containsExactly(
            "JVMGCCount 2.0",
            "JVMGCDuration 250.0",
            "JVMGCYoungGenCount 2.0",
            "JVMGCYoungGenDuration 250.0",
            "JVMMemoryEdenSpaceUsed 30.0",
            "JVMMemoryHeapUsed 42.0",
            "JVMMemoryNonHeapUsed 5.0",
            "JVMMemoryOldGenUsed 12.0",
            "JVMThreadCount 11.0");
  }

  private static io.opentelemetry.proto.metrics.v1.Metric sum(
      String name, NumberDataPoint... points) {
    return io.opentelemetry.proto.metrics.v1.Metric.newBuilder()
        .setName(name)
        .setSum(Sum.newBuilder().addAllDataPoints(List.of(points)))
        .build();
  }

  private static NumberDataPoint number(long nanos, long value, String type, String pool) {
    return NumberDataPoint.newBuilder()
        .setTimeUnixNano(nanos)
        .setAsInt(value)
        .addAttributes(attribute("jvm.memory.type", type))
        .addAttributes(attribute("jvm.memory.pool.name", pool))
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "200, UNSET, OK",
    "302, OK, OK",
    "404, UNSET, ERROR",
    "404, ERROR, ERROR",
    "500, UNSET, FAULT",
    "503, ERROR, FAULT",
    "0, UNSET, OK",
    "0, ERROR, FAULT"
  })
  void theAnswerDecidesWhoseFaultItWas(int http, String status, Request.Outcome outcome) {
    var batch =
        spans(
            Map.of("service.name", "dice"),
            span("GET /rolldice", http, Status.StatusCode.valueOf("STATUS_CODE_" + status)));
    assertThat(Spans.requests(batch, new Names(Optional.empty(), Optional.empty())))
        .extracting(Request::outcome)
        .containsExactly(outcome);
  }

  @Test
  void aSpanWithoutARouteIsNamedByItsName() {
    var span =
        Span.newBuilder()
            .setName("GET")
            .setKind(Span.SpanKind.SPAN_KIND_SERVER)
            .addAttributes(attribute("http.request.method", "GET"))
            .build();
    assertThat(Spans.requests(spans(Map.of(), span), new Names(Optional.empty(), Optional.empty())))
        .extracting(Request::operation, request -> request.service().name())
        .containsExactly(org.assertj.core.groups.Tuple.tuple("GET", "UnknownService"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deployment.environment=prod,aws.hostedin.environment=x | fleet | slipway | prod",
        "deployment.environment.name=prod | fleet | slipway | prod",
        "aws.hostedin.environment=hosted | fleet | slipway | hosted",
        "aws.ecs.cluster.arn=arn:aws:ecs:r:1:cluster/c | fleet | slipway | ecs:fleet",
        "aws.ecs.cluster.arn=arn:aws:ecs:r:1:cluster/c | | slipway | ecs:c",
        "aws.ecs.task.arn=arn:aws:ecs:r:1:task/c/0123 | | slipway | ecs:c",
        "other=1 | | slipway | ecs:slipway",
        "other=1 | | | ecs:default"
      })
  void theEnvironmentIsTheFirstThatIsKnown(
      String attributes, String hostedIn, String cluster, String environment) {
    var resource = new java.util.TreeMap<String, Object>();
    for (var pair : attributes.split(",")) resource.put(pair.split("=")[0], pair.split("=")[1]);
    assertThat(
            new Names(Optional.ofNullable(hostedIn), Optional.ofNullable(cluster))
                .service(resource)
                .environment())
        .isEqualTo(environment);
  }

  @Test
  void theAgentDoesNotStartWithoutApplicationSignals() {
    assertThatThrownBy(() -> agent("{\"logs\":{}}"))
        .hasMessageContaining("traces.traces_collected.application_signals");
    assertThatThrownBy(() -> agent("no json")).hasMessageContaining("CW_CONFIG_CONTENT");
    assertThatThrownBy(
            () -> sidecars().start(container("cw-agent", "x/cloudwatch-agent:1", Map.of())))
        .hasMessageContaining("CW_CONFIG_CONTENT");
  }

  @Test
  void theAgentTakesMetricsHasEverythingSampledAndRefusesTheRest() throws Exception {
    try (var agent = agent(CONFIGURATION)) {
      var metrics = ExportMetricsServiceRequest.getDefaultInstance().toByteArray();
      var rubbish = "rubbish".getBytes(StandardCharsets.UTF_8);
      assertThat(send(agent, 4316, "/v1/metrics", metrics, false)).startsWith("200");
      assertThat(send(agent, 4316, "/v1/traces", rubbish, false)).startsWith("400");
      assertThat(send(agent, 4316, "/v1/logs", metrics, false)).startsWith("404");
      assertThat(send(agent, 2000, "/GetSamplingRules", new byte[0], false))
          .contains("\"FixedRate\":1.0")
          .contains("\"RuleName\":\"Default\"");
      assertThat(send(agent, 2000, "/SamplingTargets", new byte[0], false))
          .contains("\"FixedRate\":1.0");
    }
  }

  @Test
  void logRecordsBecomeLinesWithTraceIdsInTheFileOfTheLogGroup() throws Exception {
    var record =
        LogRecord.newBuilder()
            .setTimeUnixNano(NOON.getEpochSecond() * 1_000_000_000L)
            .setSeverityText("INFO")
            .setBody(AnyValue.newBuilder().setStringValue("rolled 6"))
            .setTraceId(ByteString.fromHex("0123456789abcdef0123456789abcdef"))
            .setSpanId(ByteString.fromHex("0123456789abcdef"));
    var batch =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .setResource(resource(Map.of("service.name", "dice")))
                    .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(record)))
            .build()
            .toByteArray();
    var sidecars = sidecars();
    try (var collector =
        sidecars
            .start(container("adot", "r/slipway/dice/adot", Map.of("LOG_GROUP", "/slipway/dice")))
            .orElseThrow()) {
      assertThat(send(collector, 4318, "/v1/logs", batch, true)).startsWith("200");
      assertThat(send(collector, 4318, "/v1/logs", batch, false)).startsWith("200");
    }

    var lines = Files.readAllLines(sidecars.file("/slipway/dice"));
    assertThat(sidecars.file("/slipway/dice")).isEqualTo(logs.resolve("slipway-dice.jsonl"));
    assertThat(lines).hasSize(2);
    var line = Json.parse(lines.getFirst());
    assertThat(line.at("body").text()).isEqualTo("rolled 6");
    assertThat(line.at("time").text()).isEqualTo("2026-08-04T12:00:00Z");
    assertThat(line.at("trace_id").text()).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(line.at("span_id").text()).isEqualTo("0123456789abcdef");
    assertThat(line.at("resource").at("service.name").text()).isEqualTo("dice");
  }

  @Test
  void aClosedSidecarTakesNothingMoreAndAnotherContainerIsNotOne() throws Exception {
    var agent = agent(CONFIGURATION);
    agent.close();
    assertThatThrownBy(() -> send(agent, 4316, "/v1/metrics", new byte[0], false))
        .isInstanceOf(ConnectException.class);
    assertThat(sidecars().start(container("app", "r/slipway/dice/app", Map.of()))).isEmpty();
  }

  private Sidecars sidecars() {
    return new Sidecars(measurements, logs);
  }

  private Sidecar agent(String configuration) {
    return sidecars()
        .start(container("cw-agent", "x", Map.of("CW_CONFIG_CONTENT", configuration)))
        .orElseThrow();
  }

  private static Sidecars.Container container(
      String name, String image, Map<String, String> environment) {
    return new Sidecars.Container(name, image, environment, "slipway");
  }

  private String send(Sidecar sidecar, int port, String path, byte[] body, boolean gzip)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sidecar.ports().get(port) + path))
            .header("Content-Type", "application/x-protobuf");
    if (gzip) request.header("Content-Encoding", "gzip");
    var sent = gzip ? zipped(body) : body;
    var response =
        http.send(
            request.POST(HttpRequest.BodyPublishers.ofByteArray(sent)).build(),
            HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }

  private static byte[] zipped(byte[] body) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    }
    return bytes.toByteArray();
  }

  private static ExportTraceServiceRequest spans(Map<String, String> resource, Span... spans) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(resource(resource))
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
        .build();
  }

  private static Resource resource(Map<String, String> attributes) {
    var resource = Resource.newBuilder();
    attributes.forEach((name, value) -> resource.addAttributes(attribute(name, value)));
    return resource.build();
  }

  /** A server span of 25 ms that ends at noon. */
  private static Span span(String operation, int http, Status.StatusCode status) {
    var end = NOON.getEpochSecond() * 1_000_000_000L;
    var span =
        Span.newBuilder()
            .setName(operation)
            .setKind(Span.SpanKind.SPAN_KIND_SERVER)
            .setTraceId(ByteString.fromHex("0123456789abcdef0123456789abcdef"))
            .setSpanId(ByteString.fromHex("0123456789abcdef"))
            .setStartTimeUnixNano(end - 25_000_000L)
            .setEndTimeUnixNano(end)
            .setStatus(Status.newBuilder().setCode(status))
            .addAttributes(attribute("http.request.method", operation.split(" ")[0]))
            .addAttributes(attribute("http.route", operation.split(" ")[1]));
    if (http > 0)
      span.addAttributes(
          KeyValue.newBuilder()
              .setKey("http.response.status_code")
              .setValue(AnyValue.newBuilder().setIntValue(http)));
    return span.build();
  }

  private static KeyValue attribute(String name, String value) {
    return KeyValue.newBuilder()
        .setKey(name)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
