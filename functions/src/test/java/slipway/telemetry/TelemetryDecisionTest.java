package slipway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.config.Configs;
import slipway.config.Service;
import slipway.json.Json;

class TelemetryDecisionTest {
  private static final String AGENT =
      "\"cw-agent\": {\"image\":"
          + " \"public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0b1720\"}";
  private static final String COLLECTOR = "\"adot\": {\"build\": \"adot\"}";

  @Test
  void whatSlipwaySetsIsRight() {
    assertThat(mistakes(containers("", AGENT, COLLECTOR))).isEmpty();
    assertThat(mistakes(containers("", AGENT))).isEmpty();
    assertThat(mistakes(containers("", COLLECTOR))).isEmpty();
    assertThat(mistakes(containers(""))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT | http://localhost:4318/v1/traces | is 'http://localhost:4318/v1/traces': want http://localhost:4316/v1/traces, where cw-agent takes traces over HTTP
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT | http://localhost:4316/traces | is 'http://localhost:4316/traces': want http://localhost:4316/v1/traces, where cw-agent takes traces over HTTP
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT | http://localhost:4316 | is 'http://localhost:4316': want http://localhost:4316/v1/traces, where cw-agent takes traces over HTTP
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT | https://localhost:4316/v1/traces | is 'https://localhost:4316/v1/traces': want http://localhost:4316/v1/traces, where cw-agent takes traces over HTTP
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT | http://cw-agent:4316/v1/traces | is 'http://cw-agent:4316/v1/traces': want http://localhost:4316/v1/traces, where cw-agent takes traces over HTTP
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT | '' | is not set: want http://localhost:4316/v1/traces, where cw-agent takes traces over HTTP
          OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT | http://localhost:4315/v1/metrics | is 'http://localhost:4315/v1/metrics': want http://localhost:4316/v1/metrics, where cw-agent takes metrics over HTTP
          OTEL_EXPORTER_OTLP_LOGS_ENDPOINT | http://localhost:4316/v1/logs | is 'http://localhost:4316/v1/logs': want http://localhost:4318/v1/logs, where adot takes logs over HTTP
          OTEL_LOGS_EXPORTER | console | is 'console', so that adot gets no logs: want otlp, or no container of that name
          OTEL_TRACES_EXPORTER | none | is 'none', so that cw-agent gets no traces: want otlp, or no container of that name
          OTEL_METRICS_EXPORTER | otlp | is 'otlp', and nobody takes other metrics than Application Signals': want none, or OTEL_EXPORTER_OTLP_METRICS_ENDPOINT to say who does
          OTEL_EXPORTER_OTLP_PROTOCOL | http | is 'http': want http/protobuf or grpc
          OTEL_AWS_APPLICATION_SIGNALS_ENABLED | false | is 'false': want true, or there are no metrics to have SLOs on
          OTEL_TRACES_SAMPLER_ARG | endpoint=http://xray:2000 | is 'endpoint=http://xray:2000': want endpoint=http://localhost:2000, where cw-agent answers the sampler
          OTEL_PROPAGATORS | b3 | is 'b3': want tracecontext and xray among them, or traces end between services
          OTEL_SDK_DISABLED | true | is 'true', which turns all telemetry off: take it out
          OTEL_JAVAAGENT_ENABLED | false | is 'false', which turns all telemetry off: take it out
          OTEL_SERVICE_NAME | dices | has service.name=dices, and SLOs are on dice: want service.name=dice
          OTEL_RESOURCE_ATTRIBUTES | deployment.environment=production,aws.log.group.names=/slipway/dice | has no service.name, and SLOs are on dice: want service.name=dice
          OTEL_RESOURCE_ATTRIBUTES | service.name=dice,aws.log.group.names=/slipway/dice | has no deployment.environment, and SLOs are on production: want deployment.environment=production
          OTEL_RESOURCE_ATTRIBUTES | service.name=dice,deployment.environment=test,aws.log.group.names=/slipway/dice | has deployment.environment=test, and SLOs are on production: want deployment.environment=production
          OTEL_RESOURCE_ATTRIBUTES | service.name=dice,deployment.environment=production | does not have /slipway/dice in aws.log.group.names, so that CloudWatch does not link traces to those logs: want aws.log.group.names=/slipway/dice
          """)
  void aMistakeInTheServicesEnvironmentIsToldWithWhatIsWanted(
      String variable, String value, String complaint) {
    var place = variable.equals("OTEL_SERVICE_NAME") ? "OTEL_RESOURCE_ATTRIBUTES" : variable;
    assertThat(mistakes(containers("\"%s\": \"%s\"".formatted(variable, value), AGENT, COLLECTOR)))
        .containsExactly("container app: " + place + " " + complaint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Over gRPC, which has no paths.
        "'OTEL_EXPORTER_OTLP_PROTOCOL': 'grpc',"
            + "'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT': 'http://localhost:4315',"
            + "'OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT': 'http://127.0.0.1:4315',"
            + "'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT': 'http://localhost:4317/'",
        "'OTEL_EXPORTER_OTLP_LOGS_PROTOCOL': 'grpc',"
            + "'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT': 'http://localhost:4317'",
        // In another language, or without an agent of AWS.
        "'JAVA_TOOL_OPTIONS': ''",
        "'OTEL_TRACES_SAMPLER': 'always_on', 'OTEL_TRACES_SAMPLER_ARG': ''",
        "'OTEL_TRACES_SAMPLER': 'parentbased_traceidratio', 'OTEL_TRACES_SAMPLER_ARG': '0.1'",
        "'OTEL_TRACES_SAMPLER_ARG': 'endpoint=http://localhost:2000,polling_interval=60'",
        "'OTEL_METRICS_EXPORTER': 'otlp', 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT':"
            + " 'https://x.example'",
        "'OTEL_RESOURCE_ATTRIBUTES': 'team=x, service.name=dice,"
            + " deployment.environment.name=production, aws.log.group.names=/other&/slipway/dice'",
        "'OTEL_LOGS_EXPORTER': 'console,otlp'",
        "'SOMETHING_ELSE': 'OTEL'"
      })
  void whatTheSidecarsCanWorkWithIsNoMistake(String variables) {
    assertThat(mistakes(containers(variables.replace('\'', '"'), AGENT, COLLECTOR))).isEmpty();
  }

  /** Where nobody is that Slipway knows, everything is the user's own affair. */
  @Test
  void withoutSidecarsTelemetryGoesWhereverItLikes() {
    assertThat(
            mistakes(
                containers(
                    "\"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT\": \"https://x.example\","
                        + " \"OTEL_TRACES_EXPORTER\": \"otlp\", \"OTEL_RESOURCE_ATTRIBUTES\":"
                        + " \"\"")))
        .isEmpty();
  }

  /**
   * What no text tells is left to local's WiringTest, which lets a real agent read it: whether the
   * image has the file that JAVA_TOOL_OPTIONS names, or wants it; and names that only agents know.
   * Which sampler decides is free, as metrics count every request whatever is sampled.
   */
  @Test
  void noVariableOfTheWiringCanGoMissingOrChangeUnseen() {
    var task = Task.of(service(containers("", AGENT, COLLECTOR)), "/slipway/dice");
    var unseen = new TreeSet<String>();
    for (var part : task.parts())
      for (var variable : part.variables().keySet())
        for (var instead : List.of("", "other"))
          if (TelemetryDecision.mistakes(with(task, part, variable, instead)).isEmpty())
            unseen.add(variable + "=" + instead);
    assertThat(unseen)
        .containsExactly(
            "JAVA_TOOL_OPTIONS=",
            "JAVA_TOOL_OPTIONS=other",
            "OTEL_METRICS_EXPORTER=other",
            "OTEL_TRACES_SAMPLER=",
            "OTEL_TRACES_SAMPLER=other",
            "OTEL_TRACES_SAMPLER_ARG=",
            "OTEL_TRACES_SAMPLER_ARG=other");
  }

  private static Task with(Task task, Task.Part part, String variable, String value) {
    var variables = new LinkedHashMap<>(part.variables());
    variables.put(variable, value);
    return new Task(
        task.service(),
        task.environment(),
        task.front(),
        task.parts().stream()
            .map(
                other ->
                    other == part
                        ? new Task.Part(part.name(), part.source(), variables, part.startsAfter())
                        : other)
            .toList());
  }

  @ParameterizedTest
  @CsvSource({
    "agent, public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0b1720, cw-agent",
    "agent, 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/mirror/cloudwatch-agent:1.0,"
        + " cw-agent",
    "ecs-cwagent, example/agent:1.0, cw-agent",
    "cw_agent, example/agent:1.0, cw-agent",
    "collector, public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0, adot",
    "collector, otel/opentelemetry-collector-contrib:0.156.0, adot",
    "aws-otel-collector, example/collector:1, adot"
  })
  void aSidecarUnderAnotherNameIsKnown(String name, String image, String wanted) {
    assertThat(mistakes(containers("", "\"%s\": {\"image\": \"%s\"}".formatted(name, image))))
        .containsExactly(
            "container "
                + name
                + " looks like the sidecar that Slipway knows by the name "
                + wanted
                + ", and nothing is sent to it under another: rename the container");
  }

  @Test
  void aBuiltSidecarUnderAnotherNameIsKnownByItsFolder() {
    assertThat(mistakes(containers("", "\"logs\": {\"build\": \"infra/adot\"}")))
        .singleElement()
        .asString()
        .startsWith("container logs looks like the sidecar that Slipway knows by the name adot,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"example/nginx:1.0", "example/datadog-agent:7", "example/proxy-for-adot-x:1"})
  void anotherContainerIsNoSidecar(String image) {
    assertThat(mistakes(containers("", "\"side\": {\"image\": \"%s\"}".formatted(image))))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example/agent:1.0-amd64",
        "example/agent:amd64",
        "example/agent:1.0-x86_64-alpine",
        "amd64/nginx:1.0",
        "docker.io/amd64/nginx:1.0"
      })
  void anImageForAmd64IsToldByItsName(String image) {
    assertThat(mistakes(containers("", "\"side\": {\"image\": \"%s\"}".formatted(image))))
        .containsExactly(
            "container side has an image for amd64 ("
                + image
                + "), and tasks run on arm64: want one for arm64, or for both");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"example/agent:1.0-arm64", "example/amd64-tools:1.0", "example/agent:v86"})
  void anImageThatDoesNotSayAmd64IsNotGuessedAt(String image) {
    assertThat(mistakes(containers("", "\"side\": {\"image\": \"%s\"}".formatted(image))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | has no traces.traces_collected.application_signals, without which Application Signals"
            + " sees nothing: want it there, {} is enough",
        "{\\\"traces\\\":{\\\"traces_collected\\\":{\\\"application_signals\\\":{}}}} | has no"
            + " logs.metrics_collected.application_signals, without which Application Signals sees"
            + " nothing: want it there, {} is enough",
        "{\\\"traces\\\":[]} | is no configuration of the agent: traces is a list: want an object",
        "`` | is not set: want the agent's configuration, with Application Signals in it"
      })
  void anAgentWithoutApplicationSignalsIsTold(String configuration, String complaint) {
    var agent =
        AGENT.replace(
            "\"}",
            "\", \"environment\": {\"CW_CONFIG_CONTENT\": \"%s\"}}".formatted(configuration));
    assertThat(mistakes(containers("", agent)))
        .contains("container cw-agent: CW_CONFIG_CONTENT " + complaint);
  }

  @Test
  void aCollectorThatDoesNotKnowWhereToWriteIsTold() {
    var adot = COLLECTOR.replace("}", ", \"environment\": {\"LOG_GROUP\": \"\"}}");
    assertThat(mistakes(containers("", adot)))
        .containsExactly(
            "container adot: LOG_GROUP is not set: want the log group that logs are written to");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | does not wait for cw-agent, which then misses the first telemetry, and the last: want"
            + " dependsOn cw-agent HEALTHY",
        "[{\"containerName\": \"cw-agent\", \"condition\": \"SUCCESS\"}] | waits for cw-agent to"
            + " end (SUCCESS), which it never does: want dependsOn cw-agent HEALTHY"
      })
  void anAppThatStartsBeforeItsSidecarIsTold(String dependsOn, String complaint) {
    assertThat(registered(dependsOn)).containsExactly("container app " + complaint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"START", "HEALTHY"})
  void anAppThatStartsAfterItsSidecarIsFine(String condition) {
    assertThat(
            registered(
                "[{\"containerName\": \"cw-agent\", \"condition\": \"%s\"}]".formatted(condition)))
        .isEmpty();
  }

  /** The same task as ECS describes it. */
  private static List<String> registered(String dependsOn) {
    var service = service(containers("", AGENT));
    var containers =
        Task.of(service, "/slipway/dice").parts().stream()
            .map(
                part ->
                    Map.of(
                        "name", part.name(),
                        "image", part.source(),
                        "dependsOn",
                            part.name().equals("app") ? Json.parse(dependsOn).value() : List.of(),
                        "environment",
                            part.variables().entrySet().stream()
                                .map(it -> Map.of("name", it.getKey(), "value", it.getValue()))
                                .toList()))
            .toList();
    return TelemetryDecision.mistakes(
            Task.of(service, Json.of(Map.of("containerDefinitions", containers))))
        .stream()
        .map(Mistake::toString)
        .toList();
  }

  @Test
  void aMistakeHasItsPlaceInTheConfiguration() {
    assertThat(new Mistake("app", java.util.Optional.of("A"), "is").place())
        .isEqualTo("containers.app.environment.A");
    assertThat(new Mistake("app", java.util.Optional.empty(), "is").place())
        .isEqualTo("containers.app");
  }

  private static List<String> mistakes(String containers) {
    return TelemetryDecision.mistakes(Task.of(service(containers), "/slipway/dice")).stream()
        .map(Mistake::toString)
        .toList();
  }

  private static String containers(String variables, String... sidecars) {
    return "{\"app\": {\"build\": \"app\", \"port\": 8080, \"environment\": {%s}}%s}"
        .formatted(
            variables,
            List.of(sidecars).stream()
                .map(", "::concat)
                .collect(java.util.stream.Collectors.joining()));
  }

  private static Service service(String containers) {
    return Configs.fromJson(
            Json.parse(
                """
                {"stack": "slipway", "repository": "example/dice",
                 "services": {"dice": {"containers": %s}}}
                """
                    .formatted(containers)))
        .services()
        .getFirst();
  }
}
