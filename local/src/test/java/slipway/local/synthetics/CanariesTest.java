package slipway.local.synthetics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;
import slipway.local.cloud.Loopback;
import slipway.local.stack.Assembly;
import slipway.local.stack.Change;
import slipway.local.stack.Clients;
import slipway.local.stack.LocalStack;
import slipway.local.stack.Piece;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;
import slipway.local.stack.Template;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;

/** The synthesized template's canary, with its own script, visits a server of the test's. */
class CanariesTest {
  private static final String NAME = "slipway-dice";
  private static final String HEALTH = "GET /healthcheck";
  private static final String ROLL = "GET /rolldice?rolls=1";
  private static final String MAY_MEASURE =
      """
      [{'Effect': 'Allow', 'Action': 'cloudwatch:PutMetricData', 'Resource': '*',
        'Condition': {'StringEquals': {'cloudwatch:namespace': 'CloudWatchSynthetics'}}}]\
      """;

  @TempDir private Path folder;
  private final LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final List<String> traces = new CopyOnWriteArrayList<>();
  private volatile int rolldice = 200;
  private Loopback service;
  private Optional<LocalStack> stack = Optional.empty();
  private Canaries canaries;

  @BeforeEach
  void start() {
    service = Loopback.serve("service", this::answer);
  }

  @AfterEach
  void stop() {
    stack.ifPresent(LocalStack::close);
    service.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI();
    traces.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Amzn-Trace-Id")));
    Loopback.answer(
        exchange, uri.getPath().equals("/rolldice") ? rolldice : 200, Map.of(), "[3]".getBytes());
    asked.add(exchange.getRequestMethod() + " " + uri);
  }

  private void deploy(String statements) throws IOException {
    Piece piece =
        around -> {
          canaries =
              new Canaries(
                  around.pace(),
                  around.metrics(),
                  around.iam(),
                  around.work().resolve("canaries"),
                  around.logs());
          return new Piece.Parts(List.of(), List.of(canaries), canaries);
        };
    stack =
        Optional.of(
            new Assembly(folder)
                .resource(
                    "Role",
                    "AWS::IAM::Role",
                    """
                    {'RoleName': 'Visitor', 'AssumeRolePolicyDocument': {'Statement': [
                       {'Effect': 'Allow', 'Action': 'sts:AssumeRole', 'Principal': {'Service': 'lambda.amazonaws.com'}}]},
                     'Policies': [{'PolicyName': 'inline', 'PolicyDocument': {'Statement': %s}}]}\
                    """
                        .formatted(statements))
                .resource(declared(properties()), "Role")
                .startWith(piece));
  }

  /** The template's canary, but for its role and the address that it visits. */
  private Map<String, Object> properties() {
    var template = Template.read(Path.of(System.getProperty("slipway.cdk.out")), "slipway");
    var canary =
        template.resources().values().stream()
            .filter(resource -> resource.at("Type").text().equals("AWS::Synthetics::Canary"))
            .findFirst()
            .orElseThrow()
            .at("Properties");
    var properties = new LinkedHashMap<String, Object>();
    canary.members().forEach((name, value) -> properties.put(name, value.value()));
    properties.put("ExecutionRoleArn", "arn:aws:iam::123456789012:role/Visitor");
    properties.put("ArtifactS3Location", "s3://reports/canary");
    var variables = new LinkedHashMap<String, Object>();
    canary
        .at("RunConfig")
        .at("EnvironmentVariables")
        .members()
        .forEach((name, value) -> variables.put(name, value.value()));
    variables.put("BASE", service.uri().toString());
    properties.put("RunConfig", Map.of("EnvironmentVariables", variables));
    return properties;
  }

  private Resource declared(Map<String, Object> properties) {
    return new Resource("Canary", "AWS::Synthetics::Canary", Json.of(properties));
  }

  private double sum(String metric, Map<String, String> dimensions) {
    return total(metric, dimensions, "Sum");
  }

  /** Of all minutes together; not a number if there is none. */
  private double total(String metric, Map<String, String> dimensions, String statistic) {
    var named =
        dimensions.entrySet().stream()
            .map(each -> Dimension.builder().name(each.getKey()).value(each.getValue()).build())
            .toList();
    var query =
        MetricDataQuery.builder()
            .id("m")
            .metricStat(
                stat ->
                    stat.stat(statistic)
                        .period(60)
                        .metric(
                            it ->
                                it.namespace("CloudWatchSynthetics")
                                    .metricName(metric)
                                    .dimensions(named)))
            .build();
    var now = Instant.now();
    try (var cloudWatch =
        Clients.of(
            CloudWatchClient.builder(), stack.orElseThrow(), stack.orElseThrow().operator())) {
      return cloudWatch
          .getMetricData(
              get ->
                  get.startTime(now.minusSeconds(60))
                      .endTime(now.plusSeconds(60))
                      .metricDataQueries(query))
          .metricDataResults()
          .getFirst()
          .values()
          .stream()
          .reduce(Double::sum)
          .orElse(Double.NaN);
    }
  }

  @Test
  void aVisitAsksForEachPathAndItsResultIsMeasured() throws Exception {
    deploy(MAY_MEASURE);

    var visit = canaries.visit(NAME);

    assertThat(asked).containsExactly(HEALTH, ROLL);
    assertThat(traces).doesNotHaveDuplicates().allMatch(text -> text.startsWith("Root=1-"));
    assertThat(visit.passed()).isTrue();
    assertThat(visit.steps()).extracting(Visit.Step::name).containsExactly(HEALTH, ROLL);
    assertThat(canaries.visits(NAME)).containsExactly(visit);
    var whole = Map.of("CanaryName", NAME);
    assertThat(sum("SuccessPercent", whole)).isEqualTo(100);
    assertThat(sum("2xx", whole)).isEqualTo(2);
    assertThat(sum("5xx", whole)).isZero();
    assertThat(sum("Failed", whole)).isZero();
    assertThat(sum("Duration", whole)).isEqualTo(visit.millis());
    assertThat(sum("SuccessPercent", Map.of("CanaryName", NAME, "StepName", ROLL))).isEqualTo(100);
  }

  @Test
  void oneBadAnswerFailsTheVisitAndNoOther() throws Exception {
    deploy(MAY_MEASURE);
    canaries.visit(NAME);
    rolldice = 503;

    var visit = canaries.visit(NAME);

    assertThat(visit.passed()).isFalse();
    assertThat(visit.steps()).extracting(Visit.Step::passed).containsExactly(true, false);
    assertThat(visit.steps().getLast().status()).contains(503);
    var whole = Map.of("CanaryName", NAME);
    assertThat(total("SuccessPercent", whole, "SampleCount")).isEqualTo(2);
    assertThat(sum("SuccessPercent", whole)).isEqualTo(100);
    assertThat(sum("2xx", whole)).isEqualTo(3);
    assertThat(sum("5xx", whole)).isEqualTo(1);
    assertThat(sum("Failed", whole)).isZero();
    assertThat(Files.readString(stack.orElseThrow().logs().resolve(NAME + ".log")))
        .isEqualTo(ROLL + ": answered 503\n");
  }

  @Test
  void nobodyAtTheDoorFailsTheVisit() throws Exception {
    deploy(MAY_MEASURE);
    service.close();

    var visit = canaries.visit(NAME);

    assertThat(visit.passed()).isFalse();
    assertThat(visit.steps()).hasSize(2).allMatch(step -> step.status().isEmpty());
    assertThat(sum("Failed requests", Map.of("CanaryName", NAME))).isEqualTo(2);
    assertThat(sum("SuccessPercent", Map.of("CanaryName", NAME))).isZero();
  }

  @Test
  void aScriptThatBreaksIsAFailedRun() throws Exception {
    deploy(MAY_MEASURE);
    var broken = properties();
    broken.put(
        "Code",
        Map.of(
            "Handler",
            "index.handler",
            "Script",
            "exports.handler = async () => { throw new Error('oops') }"));
    canaries.update(
        new Change(declared(properties()), new Provisioner.Made(NAME, Map.of()), declared(broken)));

    var visit = canaries.visit(NAME);

    assertThat(visit.ended()).isFalse();
    assertThat(visit.passed()).isFalse();
    assertThat(sum("Failed", Map.of("CanaryName", NAME))).isEqualTo(1);
    assertThat(Files.readString(stack.orElseThrow().logs().resolve(NAME + ".log")))
        .contains("oops");
  }

  /** Pace 600 makes five minutes into half a second. */
  @Test
  void itVisitsAtItsRateFromTheStartUntilItIsToldToBeQuiet() throws Exception {
    deploy(MAY_MEASURE);
    assertThat(asked).isEmpty();

    canaries.start();

    for (var path : List.of(HEALTH, ROLL, HEALTH, ROLL))
      assertThat(asked.poll(20, TimeUnit.SECONDS)).isEqualTo(path);
    canaries.onlyWhenTold();
    // One visit at a time: this one comes after any that was under way, and is the last.
    canaries.visit(NAME);
    asked.clear();
    assertThat(asked.poll(1500, TimeUnit.MILLISECONDS)).isNull();
    canaries.visit(NAME);
    assertThat(asked).hasSize(2);
  }

  @Test
  void whatItsRoleDoesNotLetItSayIsNotMeasured() throws Exception {
    deploy(MAY_MEASURE.replace("'CloudWatchSynthetics'", "'Other'"));

    assertThat(canaries.visit(NAME).passed()).isTrue();

    assertThat(sum("SuccessPercent", Map.of("CanaryName", NAME))).isNaN();
    assertThat(Files.readString(stack.orElseThrow().logs().resolve(NAME + ".log")))
        .contains(
            "no metrics, because no identity-based policy allows the cloudwatch:PutMetricData");
  }

  @Test
  void aCanaryThatIsGoneVisitsNobody() throws Exception {
    deploy(MAY_MEASURE);
    assertThat(canaries.existing())
        .containsExactly("arn:aws:synthetics:ap-northeast-1:123456789012:canary:" + NAME);

    stack.orElseThrow().destroy();

    assertThat(canaries.existing()).isEmpty();
    assertThatThrownBy(() -> canaries.visit(NAME)).hasMessageContaining("there is no canary");
  }

  @Test
  void whatIsNotPlayedIsNamed() throws Exception {
    deploy(MAY_MEASURE);
    var other = properties();
    other.put("Name", "other");
    other.put("RuntimeVersion", "syn-python-selenium-4.0");

    assertThatThrownBy(() -> canaries.make(declared(other)))
        .hasMessageContaining("RuntimeVersion")
        .hasMessageContaining("syn-nodejs");
    other.put("RuntimeVersion", "syn-nodejs-puppeteer-9.1");
    other.put("ExecutionRoleArn", "arn:aws:iam::123456789012:role/nobody");
    assertThatThrownBy(() -> canaries.make(declared(other)))
        .hasMessageContaining("canary 'other' cannot run, because the role");
  }
}
