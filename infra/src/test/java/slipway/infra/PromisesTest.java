package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static slipway.infra.Synthesized.only;
import static slipway.infra.Synthesized.referredTo;
import static slipway.infra.Synthesized.resources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.config.Configs;
import slipway.config.Service;
import slipway.json.Json;
import slipway.telemetry.Task;
import slipway.telemetry.TelemetryDecision;

/** What the stack promises, one by one. */
class PromisesTest {

  @Test
  void theNetworkHasTwoZonesAndOneWayOut() {
    assertThat(resources("AWS::EC2::Subnet")).hasSize(4);
    assertThat(
            resources("AWS::EC2::Subnet").stream()
                .map(subnet -> subnet.text("AvailabilityZone"))
                .distinct())
        .hasSize(2);
    assertThat(resources("AWS::EC2::NatGateway")).hasSize(1);
  }

  @Test
  void theClusterIsNamedAsTheStackAndHasInsights() {
    var cluster = only("AWS::ECS::Cluster");
    assertThat(cluster.text("ClusterName")).isEqualTo("slipway");
    assertThat(cluster.at("ClusterSettings").value())
        .isEqualTo(List.of(Map.of("Name", "containerInsights", "Value", "enabled")));
  }

  @Test
  void theServiceNamesAFamilyAndWaitsForItsFirstRelease() {
    var service = only("AWS::ECS::Service");
    assertThat(service.text("TaskDefinition")).isEqualTo("dice");
    assertThat(service.text("ServiceName")).isEqualTo("dice");
    assertThat(service.at("DesiredCount").missing()).as("autoscaling's to say").isTrue();
    assertThat(service.dependsOn()).contains(only("Custom::SlipwayRelease").id());
    assertThat(service.at("DeploymentConfiguration").value())
        .isEqualTo(
            Map.of(
                "MinimumHealthyPercent",
                100,
                "MaximumPercent",
                200,
                "DeploymentCircuitBreaker",
                Map.of("Enable", true, "Rollback", true),
                "Alarms",
                Map.of("AlarmNames", fastAlarms(), "Enable", true, "Rollback", true)));
  }

  private static List<String> fastAlarms() {
    return resources("AWS::CloudWatch::Alarm").stream()
        .filter(alarm -> alarm.at("AlarmName").optionalText().orElse("").endsWith(" burns fast"))
        .map(alarm -> "${" + alarm.id() + "}")
        .toList();
  }

  @Test
  void eachSloHasAFastAndASlowAlarmOfItsBurnRate() {
    var alarms =
        resources("AWS::CloudWatch::Alarm").stream()
            .filter(alarm -> !alarm.at("Metrics").missing())
            .toList();
    assertThat(alarms)
        .extracting(alarm -> alarm.text("AlarmName"))
        .containsExactly(
            "slipway dice GET rolldice availability burns fast",
            "slipway dice GET rolldice availability burns slowly",
            "slipway dice GET rolldice p99 latency burns fast",
            "slipway dice GET rolldice p99 latency burns slowly");
    assertThat(alarms)
        .allSatisfy(
            alarm -> {
              assertThat(alarm.text("TreatMissingData")).isEqualTo("notBreaching");
              for (var actions : List.of("AlarmActions", "OKActions"))
                assertThat(alarm.at(actions).items())
                    .singleElement()
                    .satisfies(
                        topic ->
                            assertThat(referredTo(topic.text()).type())
                                .isEqualTo("AWS::SNS::Topic"));
            });
    var fast = alarms.getFirst();
    assertThat(fast.at("Threshold").value()).isEqualTo(3.36);
    assertThat(fast.at("Metrics").items())
        .extracting(Json::value)
        .containsExactly(
            Map.of(
                "Id", "expr_1",
                "Label", "burn rate",
                "Expression", "MIN([long, short])",
                "ReturnData", true),
            burnRate("long", "60"),
            burnRate("short", "5"));
  }

  private static Map<String, Object> burnRate(String id, String minutes) {
    return Map.of(
        "Id",
        id,
        "MetricStat",
        Map.of(
            "Metric",
            Map.of(
                "Namespace",
                "AWS/ApplicationSignals",
                "MetricName",
                "BurnRate",
                "Dimensions",
                List.of(
                    Map.of("Name", "BurnRateWindowMinutes", "Value", minutes),
                    Map.of("Name", "SloName", "Value", "dice GET rolldice availability"))),
            "Period",
            60,
            "Stat",
            "Maximum"),
        "ReturnData",
        false);
  }

  /** ECS would go on with the alarms of a service that has no SLO any more. */
  @Test
  void withoutSlosNoAlarmEndsARollout(@TempDir Path folder) throws IOException {
    var config =
        Configs.fromJson(
            Json.parse(
                """
                {"stack": "slipway", "repository": "example/dice",
                 "services": {"dice": {"containers": {"app": {"build": "app", "port": 8080}}}}}
                """));
    Synth.app(config, folder, folder.resolve("layer")).synth();

    var template = Json.parse(Files.readString(folder.resolve("slipway.template.json")));
    var services =
        template.at("Resources").members().values().stream()
            .filter(it -> it.at("Type").text().equals("AWS::ECS::Service"))
            .map(it -> it.at("Properties").at("DeploymentConfiguration").at("Alarms").value());
    assertThat(services)
        .containsExactly(Map.of("AlarmNames", List.of(), "Enable", false, "Rollback", false));
  }

  @Test
  void aFirstReleaseWaitsForAllThatMakesOne() {
    var release = only("Custom::SlipwayRelease");
    assertThat(release.text("Service")).isEqualTo("dice");
    assertThat(referredTo(release.text("TemplateArn")).type())
        .isEqualTo("AWS::ECS::TaskDefinition");
    assertThat(release.dependsOn())
        .containsAll(
            List.of("AWS::Events::Rule", "AWS::SQS::Queue", "AWS::ECR::Repository").stream()
                .flatMap(type -> resources(type).stream())
                .map(Synthesized.Resource::id)
                .toList())
        .contains(only("AWS::CodeBuild::Project").id());
  }

  @Test
  void theTemplateHasItsOwnFamilyForArm() {
    var template = only("AWS::ECS::TaskDefinition");
    assertThat(template.text("Family")).isEqualTo("dice-template");
    assertThat(template.at("RuntimePlatform").value())
        .isEqualTo(Map.of("CpuArchitecture", "ARM64", "OperatingSystemFamily", "LINUX"));
    assertThat(container("app").at("Image").text()).endsWith(":live");
    assertThat(container("adot").at("Image").text()).endsWith(":live");
    assertThat(container("cw-agent").at("Image").text())
        .isEqualTo("public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0b1720");
  }

  @Test
  void theAppIsWiredForApplicationSignals() {
    assertThat(environment("app"))
        .containsEntry("JAVA_TOOL_OPTIONS", "-javaagent:/opt/aws-opentelemetry-agent.jar")
        .containsEntry("OTEL_AWS_APPLICATION_SIGNALS_ENABLED", "true")
        .containsEntry(
            "OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT", "http://localhost:4316/v1/metrics")
        .containsEntry("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://localhost:4316/v1/traces")
        .containsEntry("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
        .containsEntry("OTEL_METRICS_EXPORTER", "none")
        .containsEntry("OTEL_LOGS_EXPORTER", "otlp")
        .containsEntry("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://localhost:4318/v1/logs")
        .containsEntry("OTEL_TRACES_SAMPLER", "xray")
        .containsEntry("OTEL_TRACES_SAMPLER_ARG", "endpoint=http://localhost:2000")
        .containsEntry("OTEL_PROPAGATORS", "tracecontext,baggage,b3,xray")
        .hasEntrySatisfying(
            "OTEL_RESOURCE_ATTRIBUTES",
            value ->
                assertThat(value)
                    .startsWith("service.name=dice,deployment.environment=production,"));
    assertThat(Json.parse(environment("cw-agent").get("CW_CONFIG_CONTENT")).value())
        .isEqualTo(
            Map.of(
                "traces", Map.of("traces_collected", Map.of("application_signals", Map.of())),
                "logs", Map.of("metrics_collected", Map.of("application_signals", Map.of()))));
    assertThat(referredTo(environment("adot").get("LOG_GROUP")).type())
        .isEqualTo("AWS::Logs::LogGroup");
  }

  @Test
  void theAppStartsAfterItsSidecarsAndOutlivesThem() {
    assertThat(container("app").at("DependsOn").value())
        .isEqualTo(
            List.of(
                Map.of("Condition", "HEALTHY", "ContainerName", "adot"),
                Map.of("Condition", "HEALTHY", "ContainerName", "cw-agent")));
    assertThat(container("adot").at("HealthCheck").at("Command").value())
        .isEqualTo(List.of("CMD", "/healthcheck"));
    assertThat(container("cw-agent").at("HealthCheck").at("Command").value())
        .isEqualTo(
            List.of(
                "CMD", "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent", "-version"));
    assertThat(container("app").at("Essential").flag()).isTrue();
    assertThat(container("adot").at("Essential").flag()).isFalse();
    assertThat(container("cw-agent").at("Essential").flag()).isFalse();
  }

  @Test
  void noWellKnownMistakeIsInTheWiring() {
    assertThat(TelemetryDecision.mistakes(task())).isEmpty();
  }

  /** Those that no text tells are left to local, which lets a real agent read them. */
  @Test
  void aChangedVariableOfTheWiringIsNoticed() {
    var unseen = new TreeSet<String>();
    for (var part : task().parts())
      for (var variable : part.variables().keySet())
        if (TelemetryDecision.mistakes(task(part.name(), variable)).isEmpty()) unseen.add(variable);
    assertThat(unseen)
        .containsExactly(
            "JAVA_TOOL_OPTIONS",
            "OTEL_METRICS_EXPORTER",
            "OTEL_TRACES_SAMPLER",
            "OTEL_TRACES_SAMPLER_ARG");
  }

  private static Task task() {
    return Task.of(dice(), Synthesized.registered(only("AWS::ECS::TaskDefinition").properties()));
  }

  private static Service dice() {
    return switch (ConfigFile.read(Path.of("src/test/resources/slipway.yaml"))) {
      case ConfigFile.Good(var config) -> config.services().getFirst();
      case ConfigFile.Bad(var messages) -> throw new AssertionError(messages);
    };
  }

  /** The same with another value in one variable. */
  private static Task task(String container, String variable) {
    return new Task(
        task().service(),
        task().environment(),
        task().front(),
        task().parts().stream()
            .map(
                part -> {
                  var variables = new LinkedHashMap<>(part.variables());
                  if (part.name().equals(container)) variables.put(variable, "changed");
                  return new Task.Part(part.name(), part.source(), variables, part.startsAfter());
                })
            .toList());
  }

  /** What the app may write: an empty volume, which its image has a VOLUME for. */
  @Test
  void whatIsBuiltWritesInTmpOnly() throws IOException {
    assertThat(container("app").at("ReadonlyRootFilesystem").flag()).isTrue();
    assertThat(container("adot").at("ReadonlyRootFilesystem").flag()).isTrue();
    assertThat(container("cw-agent").at("ReadonlyRootFilesystem").missing())
        .as("the agent writes beside its programs")
        .isTrue();
    assertThat(container("app").at("MountPoints").value())
        .isEqualTo(
            List.of(Map.of("ContainerPath", "/tmp", "ReadOnly", false, "SourceVolume", "app-tmp")));
    assertThat(only("AWS::ECS::TaskDefinition").at("Volumes").items())
        .extracting(volume -> volume.at("Name").text())
        .containsExactly("app-tmp", "adot-tmp");
    assertThat(Files.readString(Path.of("../app/Dockerfile"))).contains("\nVOLUME /tmp\n");
  }

  /** Deregistration, then SIGTERM, then SIGKILL: each leaves the one before it time enough. */
  @Test
  void requestsAreFinishedBeforeTheAppIsKilled() throws IOException {
    var settings = Files.readString(Path.of("../app/src/main/resources/application.yaml"));
    int drained =
        only("AWS::ElasticLoadBalancingV2::TargetGroup")
            .at("TargetGroupAttributes")
            .items()
            .stream()
            .filter(it -> it.at("Key").text().equals("deregistration_delay.timeout_seconds"))
            .map(it -> Integer.parseInt(it.at("Value").text()))
            .findFirst()
            .orElseThrow();
    int killed = container("app").at("StopTimeout").integer(0, 120);
    int phase = seconds(settings, "timeout-per-shutdown-phase");
    assertThat(drained).as("that the load balancer waits for a request").isEqualTo(30);
    assertThat(phase).as("that Spring waits for a request").isBetween(10, killed - 10);
    assertThat(seconds(settings, "keep-alive-timeout"))
        .as("longer than the load balancer's idle timeout, or it meets closing connections")
        .isGreaterThan(60);
    for (var sidecar : List.of("adot", "cw-agent"))
      assertThat(container(sidecar).at("StopTimeout").integer(0, 120)).isEqualTo(30);
  }

  private static int seconds(String settings, String key) {
    return settings
        .lines()
        .filter(line -> line.strip().startsWith(key + ":"))
        .map(line -> line.replaceAll("\\D", ""))
        .map(Integer::parseInt)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theBalancerAsksForHealth() {
    var targets = only("AWS::ElasticLoadBalancingV2::TargetGroup");
    assertThat(targets.text("HealthCheckPath")).isEqualTo("/healthcheck");
    assertThat(targets.at("Port").integer(1, 65535)).isEqualTo(8080);
    assertThat(targets.text("TargetType")).isEqualTo("ip");
  }

  @Test
  void onlyTheBalancerReachesTheTasks() {
    var group = referredTo(serviceGroup());
    assertThat(group.at("SecurityGroupIngress").missing()).isTrue();
    var ingress = only("AWS::EC2::SecurityGroupIngress");
    assertThat(ingress.text("GroupId")).isEqualTo(serviceGroup());
    assertThat(ingress.at("FromPort").integer(1, 65535)).isEqualTo(8080);
    assertThat(ingress.at("CidrIp").missing()).isTrue();
    assertThat(group.at("SecurityGroupEgress").items())
        .singleElement()
        .satisfies(egress -> assertThat(egress.at("ToPort").integer(1, 65535)).isEqualTo(443));
  }

  @Test
  void theServiceScalesOnItsCpu() {
    var target = only("AWS::ApplicationAutoScaling::ScalableTarget");
    assertThat(target.at("MinCapacity").integer(0, 9)).isEqualTo(1);
    assertThat(target.at("MaxCapacity").integer(0, 9)).isEqualTo(4);
    assertThat(
            only("AWS::ApplicationAutoScaling::ScalingPolicy")
                .at("TargetTrackingScalingPolicyConfiguration", "TargetValue")
                .number())
        .isEqualTo(70);
  }

  @Test
  void everyLogIsKeptAWeek() {
    assertThat(resources("AWS::Logs::LogGroup"))
        .hasSizeGreaterThan(10)
        .allSatisfy(
            group -> {
              assertThat(group.at("RetentionInDays").integer(1, 9999)).isEqualTo(7);
              assertThat(group.deletionPolicy()).isEqualTo("Delete");
            });
  }

  @Test
  void onlyTheTagsThatExistToMoveMayMove() {
    assertThat(resources("AWS::ECR::Repository"))
        .extracting(repository -> repository.text("RepositoryName"))
        .containsExactly("slipway/dice/app", "slipway/dice/adot");
    assertThat(resources("AWS::ECR::Repository"))
        .allSatisfy(
            repository -> {
              assertThat(repository.text("ImageTagMutability"))
                  .isEqualTo("IMMUTABLE_WITH_EXCLUSION");
              assertThat(repository.at("ImageTagMutabilityExclusionFilters").items())
                  .extracting(filter -> filter.at("ImageTagMutabilityExclusionFilterValue").text())
                  .containsExactly("live", "cache");
              assertThat(repository.at("ImageScanningConfiguration", "ScanOnPush").flag()).isTrue();
            });
  }

  @Test
  void imagesAreBuiltOnArm() {
    var project = only("AWS::CodeBuild::Project");
    assertThat(project.text("Name")).isEqualTo("slipway-images");
    assertThat(project.text("Environment", "Type")).isEqualTo("ARM_CONTAINER");
    assertThat(project.at("Environment", "PrivilegedMode").flag()).isTrue();
    assertThat(project.text("Source", "Location")).isEqualTo("https://github.com/example/dice.git");
    assertThat(project.at("Environment", "EnvironmentVariables").items())
        .extracting(variable -> variable.at("Name").text(), variable -> variable.at("Value").text())
        .containsExactlyInAnyOrder(
            tuple("REGISTRY", "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com"),
            tuple("BRANCH", "main"),
            tuple("DEPLOY_TAG", "live"),
            tuple("OVERRIDE_MARKER", "[ignore budget]"));
  }

  @Test
  void stateSurvivesMistakesAndForgetsInTime() {
    var table = only("AWS::DynamoDB::Table");
    assertThat(table.text("BillingMode")).isEqualTo("PAY_PER_REQUEST");
    assertThat(table.at("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled").flag())
        .isTrue();
    assertThat(table.text("TimeToLiveSpecification", "AttributeName")).isEqualTo("expires");
    var reports = only("AWS::S3::Bucket", bucket -> bucket.id().startsWith("StateReports"));
    assertThat(reports.deletionPolicy()).isEqualTo("Retain");
    assertThat(reports.at("LifecycleConfiguration", "Rules").items())
        .filteredOn(rule -> rule.at("Prefix").optionalText().filter("audits/"::equals).isPresent())
        .singleElement()
        .satisfies(rule -> assertThat(rule.at("ExpirationInDays").integer(1, 4000)).isEqualTo(400));
  }

  @Test
  void theCanaryCallsEveryFiveMinutes() {
    var canary = only("AWS::Synthetics::Canary");
    assertThat(canary.text("Schedule", "Expression")).isEqualTo("rate(5 minutes)");
    assertThat(canary.text("RunConfig", "EnvironmentVariables", "PATHS"))
        .isEqualTo("[\"/healthcheck\",\"/rolldice?rolls=1\"]");
    assertThat(canary.at("RunConfig", "ActiveTracing").flag()).isTrue();
  }

  @Test
  void thePersonIsToldWhatComesNext() {
    assertThat(Json.of(Synthesized.template()).at("Outputs").members().keySet())
        .contains("WebhookUrl", "WebhookSecretArn", "LoadBalancerUrl", "TopicArn");
  }

  @Test
  void aPersonOnCallKnowsTheOperatorByName() {
    assertThat(
            only("AWS::Lambda::Function", f -> f.text("Handler").endsWith(".OperatorFunction"))
                .text("FunctionName"))
        .isEqualTo("slipway-operator");
    assertThat(Json.of(Synthesized.template()).at("Outputs").members())
        .containsKey("OperatorFunctionName");
  }

  @Test
  void nothingIsThereThatTheCdkHides() {
    assertThat(resources("AWS::Lambda::Function"))
        .extracting(function -> function.text("Runtime"))
        .containsOnly("java25");
  }

  private static String serviceGroup() {
    return only("AWS::ECS::Service")
        .at("NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups")
        .items()
        .getFirst()
        .text();
  }

  private static Json container(String name) {
    return only("AWS::ECS::TaskDefinition").at("ContainerDefinitions").items().stream()
        .filter(container -> container.at("Name").text().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> environment(String container) {
    return container(container).at("Environment").items().stream()
        .collect(
            Collectors.toMap(
                variable -> variable.at("Name").text(), variable -> variable.at("Value").text()));
  }
}
