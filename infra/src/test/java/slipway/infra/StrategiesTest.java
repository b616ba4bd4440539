package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.jr.ob.JSON;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.json.Json;

/** The third example: a service for each way from one version to the next. */
class StrategiesTest {
  private static final Path FILE = Path.of("examples/strategies.yaml");
  private static final Path SNAPSHOT = Path.of("src/test/resources/strategies.snapshot.json");
  private static final Config CONFIG = read(FILE);
  private static final Map<String, Json> RESOURCES = synthesized(CONFIG);

  /** What of a service is there because of its strategy. */
  private static final Set<String> TYPES =
      Set.of(
          "AWS::ECS::Service",
          "AWS::ElasticLoadBalancingV2::Listener",
          "AWS::ElasticLoadBalancingV2::ListenerRule",
          "AWS::ElasticLoadBalancingV2::TargetGroup");

  private static Config read(Path file) {
    return switch (ConfigFile.read(file)) {
      case ConfigFile.Good(var config) -> config;
      case ConfigFile.Bad(var messages) -> throw new AssertionError(messages);
    };
  }

  private static Map<String, Json> synthesized(Config config) {
    try {
      var output = Files.createTempDirectory(Path.of("target"), "strategies-cdk.out");
      Synth.app(config, output, output.resolve("layer")).synth();
      var template =
          Json.parse(Files.readString(output.resolve(config.stack() + ".template.json")));
      return Json.of(Synthesized.resolve(template.value())).at("Resources").members();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Json> all(String type) {
    return RESOURCES.values().stream().filter(resource -> resource.at("Type").text().equals(type));
  }

  private static Json service(String name) {
    return all("AWS::ECS::Service")
        .filter(service -> service.at("Properties").at("ServiceName").text().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Json deployment(String service) {
    return service(service).at("Properties").at("DeploymentConfiguration");
  }

  private static Json balancer(String service) {
    return service(service).at("Properties").at("LoadBalancers").items().getFirst();
  }

  private static Json properties(String reference) {
    return RESOURCES.get(id(reference)).at("Properties");
  }

  /** Of what {@code ${Name}} or {@code ${Name.Attribute}} refers to. */
  private static String id(String reference) {
    return reference.replaceAll("^\\$\\{([A-Za-z0-9]+).*", "$1");
  }

  private static List<String> texts(Json oneOrMore) {
    return oneOrMore.value() instanceof String one
        ? List.of(one)
        : oneOrMore.items().stream().map(Json::text).toList();
  }

  @Test
  void editorsTakeItToo() throws IOException {
    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(Path.of("slipway.schema.json")), InputFormat.JSON);
    assertThat(schema.validate(Configs.toJson(CONFIG), InputFormat.JSON)).isEmpty();
  }

  @Test
  void whatAServicesStrategyMakesIsWhatWasReviewed() throws IOException {
    var made = new TreeMap<String, Object>();
    RESOURCES.forEach(
        (id, resource) -> {
          if (TYPES.contains(resource.at("Type").text()) || id.contains("ShiftRole"))
            made.put(id, resource.at("Properties").value());
        });
    var now = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(made) + "\n";
    if ("update".equals(System.getProperty("snapshot"))) Files.writeString(SNAPSHOT, now);
    assertThat(now)
        .as("if this change is meant: mvn -pl infra -am verify -Dsnapshot=update, and commit")
        .isEqualTo(Files.readString(SNAPSHOT));
  }

  @Test
  void ecsIsToldTheStrategyAndItsNumbers() {
    assertThat(deployment("pilot").at("Strategy").missing()).isTrue();
    assertThat(deployment("pilot").at("BakeTimeInMinutes").missing()).isTrue();
    assertThat(Stream.of("crane", "berth", "tide").map(StrategiesTest::deployment))
        .extracting(
            deployment -> deployment.at("Strategy").text(),
            deployment -> deployment.at("BakeTimeInMinutes").value(),
            deployment -> deployment.at("CanaryConfiguration").value(),
            deployment -> deployment.at("LinearConfiguration").value())
        .containsExactly(
            tuple("BLUE_GREEN", 10, null, null),
            tuple("CANARY", 15, Map.of("CanaryPercent", 5, "CanaryBakeTimeInMinutes", 30), null),
            tuple("LINEAR", 5, null, Map.of("StepPercent", 25, "StepBakeTimeInMinutes", 10)));
  }

  @Test
  void theBreakerAndTheAlarmsStayWhateverTheStrategy() {
    for (var service : CONFIG.services()) {
      var deployment = deployment(service.name().value());
      assertThat(deployment.at("DeploymentCircuitBreaker").value())
          .isEqualTo(Map.of("Enable", true, "Rollback", true));
      assertThat(deployment.at("Alarms").at("Enable").flag()).isEqualTo(!service.slos().isEmpty());
    }
    assertThat(texts(deployment("berth").at("Alarms").at("AlarmNames")))
        .singleElement()
        .extracting(alarm -> properties(alarm).at("AlarmName").text())
        .isEqualTo("harbor berth GET berths availability burns fast");
  }

  @Test
  void whereTasksAreReplacedOneByOneNothingIsThereTwice() {
    assertThat(balancer("pilot").at("AdvancedConfiguration").missing()).isTrue();
    assertThat(RESOURCES.keySet().stream().filter(id -> id.startsWith("pilot")))
        .noneMatch(id -> id.contains("OtherTargets") || id.contains("ShiftRole"))
        .noneMatch(id -> id.contains("Production"));
  }

  @ParameterizedTest
  @CsvSource({"crane", "berth", "tide"})
  void twoEqualTargetGroupsAreBehindOneRuleThatTakesAllRequests(String name) {
    var groups =
        List.of(
            balancer(name).at("TargetGroupArn").text(),
            balancer(name).at("AdvancedConfiguration").at("AlternateTargetGroupArn").text());
    assertThat(groups).doesNotHaveDuplicates();
    assertThat(groups.stream().map(StrategiesTest::properties).map(Json::value).distinct())
        .hasSize(1);
    var rule =
        properties(balancer(name).at("AdvancedConfiguration").at("ProductionListenerRule").text());
    assertThat(rule.at("Conditions").value())
        .isEqualTo(
            List.of(
                Map.of(
                    "Field",
                    "path-pattern",
                    "PathPatternConfig",
                    Map.of("Values", List.of("/*")))));
    assertThat(rule.at("Actions").items())
        .singleElement()
        .extracting(action -> action.at("ForwardConfig").at("TargetGroups").value())
        .isEqualTo(
            List.of(
                Map.of("TargetGroupArn", groups.get(0), "Weight", 1),
                Map.of("TargetGroupArn", groups.get(1), "Weight", 0)));
    // The same as that of a service whose tasks are replaced one by one.
    var listener = properties(rule.at("ListenerArn").text());
    assertThat(listener.at("DefaultActions").value())
        .isEqualTo(List.of(Map.of("TargetGroupArn", groups.get(0), "Type", "forward")));
  }

  @ParameterizedTest
  @CsvSource({"crane", "berth", "tide"})
  void ecsMayShiftTheRequestsOfThisServiceAndNothingElse(String name) {
    var advanced = balancer(name).at("AdvancedConfiguration");
    var role = id(advanced.at("RoleArn").text());
    assertThat(
            RESOURCES
                .get(role)
                .at("Properties")
                .at("AssumeRolePolicyDocument")
                .at("Statement")
                .items())
        .singleElement()
        .satisfies(
            trust ->
                assertThat(trust.at("Principal").value())
                    .isEqualTo(Map.of("Service", "ecs.amazonaws.com")));
    var allowed = new TreeMap<String, List<String>>();
    all("AWS::IAM::Policy")
        .filter(
            policy -> texts(policy.at("Properties").at("Roles")).equals(List.of("${" + role + "}")))
        .flatMap(
            policy -> policy.at("Properties").at("PolicyDocument").at("Statement").items().stream())
        .forEach(
            statement ->
                texts(statement.at("Action"))
                    .forEach(action -> allowed.put(action, texts(statement.at("Resource")))));
    var groups =
        Stream.of(
                balancer(name).at("TargetGroupArn").text(),
                advanced.at("AlternateTargetGroupArn").text())
            .sorted()
            .toList();
    assertThat(allowed)
        .isEqualTo(
            Map.of(
                "elasticloadbalancing:DescribeListeners", List.of("*"),
                "elasticloadbalancing:DescribeRules", List.of("*"),
                "elasticloadbalancing:DescribeTargetGroups", List.of("*"),
                "elasticloadbalancing:DescribeTargetHealth", List.of("*"),
                "elasticloadbalancing:RegisterTargets", groups,
                "elasticloadbalancing:DeregisterTargets", groups,
                "elasticloadbalancing:ModifyRule",
                    List.of(advanced.at("ProductionListenerRule").text())));
  }

  /** So it is deleted before what it needs to take its tasks out. */
  @ParameterizedTest
  @CsvSource({"crane", "berth", "tide"})
  void theServiceWaitsForItsRuleAndItsRolesPolicy(String name) {
    assertThat(texts(service(name).at("DependsOn")))
        .anyMatch(id -> id.startsWith(name + "ServiceProduction"))
        .anyMatch(id -> id.startsWith(name + "ServiceShiftRoleDefaultPolicy"));
  }

  @Test
  void theDeployerMayTakeBackWhatShiftsRequestsAndNothingElse() {
    var statements =
        all("AWS::IAM::Policy")
            .flatMap(
                policy ->
                    policy.at("Properties").at("PolicyDocument").at("Statement").items().stream())
            .filter(
                statement -> texts(statement.at("Action")).contains("ecs:StopServiceDeployment"))
            .toList();
    assertThat(statements)
        .singleElement()
        .satisfies(
            statement ->
                assertThat(texts(statement.at("Resource")))
                    .extracting(arn -> arn.replaceAll(".*:service-deployment/", ""))
                    .containsExactly("harbor/berth/*", "harbor/crane/*", "harbor/tide/*"));
    assertThat(String.valueOf(Synthesized.template())).doesNotContain("StopServiceDeployment");
  }

  /**
   * ECS shifts the weights, and CloudFormation writes a rule anew only if its declaration differs:
   * nothing that people change may change it.
   */
  @Test
  void noChangeOfTheConfigurationTouchesTheRule(@TempDir Path folder) throws IOException {
    var changed =
        Files.writeString(
            folder.resolve("slipway.yaml"),
            Files.readString(FILE)
                .replace("blue-green", "linear")
                .replace("percent: 5\n", "percent: 20\n")
                .replace("bake: 15 minutes", "bake: 1 hour")
                .replace("availability: 99.9", "availability: 99")
                .replace("build: crane\n", "build: crane\n        environment: {A: b}\n")
                .replace(
                    "  tide:\n", "  tide:\n    health: /up\n    cpu: 2048\n    memory: 4096\n"));

    assertThat(rules(synthesized(read(changed)))).isEqualTo(rules(RESOURCES)).hasSize(3);
  }

  private static Map<String, Object> rules(Map<String, Json> resources) {
    var rules = new TreeMap<String, Object>();
    resources.forEach(
        (id, resource) -> {
          if (resource.at("Type").text().endsWith("::ListenerRule"))
            rules.put(id, resource.value());
        });
    return rules;
  }
}
