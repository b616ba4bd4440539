package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import slipway.config.Config;
import slipway.json.Json;
import slipway.rollout.FirstReleaseFunction;
import slipway.rollout.RolloutFunction;

/** What the stack makes, and what it does not, where things are there already. */
class ExistingThingsTest {
  private static final String FILE = read("src/test/resources/existing.yaml");
  private static final Config CONFIG = Made.config(FILE);
  private static final Made MADE = Made.of(CONFIG, vpc(found()));
  private static final String ECS = "arn:aws:ecs:ap-northeast-1:123456789012:";

  @Test
  void editorsTakeItToo() throws IOException {
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("slipway.schema.json")), InputFormat.JSON)
                .validate(FILE, InputFormat.YAML))
        .isEmpty();
  }

  @Test
  void aVpcThatIsThereIsUsedAsItIs() {
    for (var type :
        List.of("VPC", "Subnet", "NatGateway", "InternetGateway", "VPCEndpoint", "FlowLog"))
      assertThat(MADE.resources("AWS::EC2::" + type)).as(type).isEmpty();
    assertThat(MADE.resources("AWS::EC2::SecurityGroup"))
        .isNotEmpty()
        .allSatisfy(group -> assertThat(group.text("VpcId")).isEqualTo("vpc-0123456789abcdef0"));
    assertThat(
            MADE.only("AWS::ECS::Service")
                .at("NetworkConfiguration", "AwsvpcConfiguration", "Subnets")
                .value())
        .isEqualTo(List.of("subnet-000000b1", "subnet-000000b2", "subnet-000000b3"));
    assertThat(MADE.only("AWS::ElasticLoadBalancingV2::LoadBalancer").at("Subnets").value())
        .as("one of each zone, as a load balancer takes no more")
        .isEqualTo(List.of("subnet-000000a1", "subnet-000000a3"));
  }

  @Test
  void aVpcWithoutAWayOutForTasksOrWithoutASecondZoneIsRefused() {
    var onlyPublic = vpc(List.of(found().getFirst()));
    assertThatThrownBy(() -> Made.of(CONFIG, onlyPublic))
        .hasMessage(
            "vpcId is 'vpc-0123456789abcdef0', which has no private subnet with a way out: want one"
                + " for the tasks, with a route to a NAT gateway");
    var oneZone =
        vpc(
            List.of(
                group("Public", "Public", subnet("subnet-1", "a")),
                group("Private", "Private", subnet("subnet-2", "a"))));
    assertThatThrownBy(() -> Made.of(CONFIG, oneZone))
        .hasMessageContaining("has public subnets in 1 zones: want two zones at least");
  }

  /** As in Maven's build, where nobody is signed in: it synthesizes, and local can play it. */
  @Test
  void withoutCdkAVpcIsMadeUp() {
    var made = Made.of(CONFIG);
    assertThat(made.only("AWS::ECS::Service").at("NetworkConfiguration").value()).isNotNull();
    assertThat(made.resources("AWS::EC2::VPC")).isEmpty();
  }

  @Test
  void cdkMustSayWhichAccountAVpcIsLookedUpIn() {
    assertThat(Target.of(Made.config(WITHOUT), Map.of("CDK_OUTDIR", "x"))).isEmpty();
    assertThat(
            Target.of(
                CONFIG,
                Map.of(
                    "CDK_OUTDIR", "x",
                    "CDK_DEFAULT_ACCOUNT", "210987654321",
                    "CDK_DEFAULT_REGION", "eu-west-1")))
        .hasValueSatisfying(
            target -> {
              assertThat(target.getAccount()).isEqualTo("210987654321");
              assertThat(target.getRegion()).isEqualTo("eu-west-1");
            });
    assertThatThrownBy(() -> Target.of(CONFIG, Map.of("CDK_OUTDIR", "x")))
        .hasMessageContaining("is looked up in your account, and cdk knows none: sign in");
  }

  @Test
  void whatIsFoundOutLaterIsComplainedAboutAtItsLine() throws IOException {
    assertThatThrownBy(() -> Target.of(CONFIG, Map.of("CDK_OUTDIR", "x")))
        .isInstanceOfSatisfying(
            slipway.json.Malformed.class,
            problem -> {
              try {
                assertThat(
                        ConfigFile.complaint(Path.of("src/test/resources/existing.yaml"), problem))
                    .startsWith(
                        "resources/existing.yaml:6: vpcId is 'vpc-0123456789abcdef0', which");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  @Test
  void aClusterThatIsThereIsNamedWhereverTheStacksOwnWas() {
    assertThat(MADE.resources("AWS::ECS::Cluster")).isEmpty();
    assertThat(MADE.only("AWS::ECS::Service").text("Cluster")).isEqualTo("Old_Games");
    assertThat(MADE.only("AWS::ApplicationAutoScaling::ScalableTarget").text("ResourceId"))
        .isEqualTo("service/Old_Games/dice");
    assertThat(
            MADE.resources("AWS::Events::Rule").stream()
                .map(rule -> rule.at("EventPattern", "resources"))
                .filter(resources -> !resources.missing())
                .flatMap(resources -> resources.items().stream())
                .map(Json::text))
        .containsExactlyInAnyOrder(
            ECS + "service/Old_Games/dice",
            ECS + "service/Old_Games/Cards_Service",
            ECS + "service/Old_Games/dealer");
    var may = may(RolloutFunction.class);
    assertThat(may.get("ecs:UpdateService"))
        .containsExactlyInAnyOrder(
            ECS + "service/Old_Games/dice",
            ECS + "service/Old_Games/Cards_Service",
            ECS + "service/Old_Games/dealer");
    assertThat(may.get("ecs:DescribeTasks")).containsExactlyInAnyOrder(ECS + "task/Old_Games/*");
    assertThat(Json.write(MADE.template().value()))
        .doesNotContain("service/slipway/", "task/slipway/", "cluster/slipway");
  }

  @Test
  void aRepositoryThatIsThereIsUsedAndTheOthersAreMade() {
    assertThat(MADE.resources("AWS::ECR::Repository"))
        .extracting(repository -> repository.text("RepositoryName"))
        .containsExactlyInAnyOrder("slipway/dice/side", "slipway/cards/app");
    assertThat(
            MADE.resources("AWS::Events::Rule").stream()
                .map(rule -> rule.at("EventPattern", "detail"))
                .filter(detail -> !detail.missing() && !detail.at("repository-name").missing())
                .map(detail -> detail.at("repository-name").value()))
        .contains(List.of("games/dice", "slipway/dice/side"), List.of("games/dealer"));
    var arn = "arn:aws:ecr:ap-northeast-1:123456789012:repository/games/dice";
    assertThat(may(RolloutFunction.class).get("ecr:BatchGetImage")).contains(arn);
    assertThat(may(FirstReleaseFunction.class).get("ecr:DescribeRepositories"))
        .containsExactlyInAnyOrder(
            arn, "arn:aws:ecr:ap-northeast-1:123456789012:repository/games/dealer");
    assertThat(statements("Builds").filter(it -> actions(it).contains("ecr:PutImage")))
        .singleElement()
        .satisfies(push -> assertThat(resources(push)).contains(arn));
    assertThat(statements("diceTemplate").filter(it -> actions(it).contains("ecr:BatchGetImage")))
        .as("tasks pull it")
        .anySatisfy(pull -> assertThat(resources(pull)).contains(arn));
  }

  @Test
  void ofAnAdoptedServiceTheStackMakesItsReleaseAndNothingThatServes() {
    for (var type :
        List.of(
            "AWS::ECS::Service",
            "AWS::ECS::TaskDefinition",
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            "AWS::ApplicationAutoScaling::ScalableTarget"))
      assertThat(MADE.resources(type)).as(type).hasSize(1);
    assertThat(MADE.resources("Custom::SlipwayRelease"))
        .extracting(release -> release.properties().value())
        .contains(
            Map.of(
                "ServiceToken",
                MADE.resources("Custom::SlipwayRelease").getFirst().text("ServiceToken"),
                "ServiceTimeout",
                "3600",
                "Service",
                "cards",
                "Adopted",
                "Old_Games/Cards_Service",
                "Images",
                "app=slipway/cards/app:live"));
  }

  @Test
  void whatItNeedsOfOthersIsAllowedByName() {
    var roles =
        List.of(
            "arn:aws:iam::123456789012:role/cards-task",
            "arn:aws:iam::123456789012:role/cards-execution");
    assertThat(may(RolloutFunction.class).get("iam:PassRole")).containsAll(roles).hasSize(4);
    var first = may(FirstReleaseFunction.class);
    assertThat(first.get("iam:PassRole")).containsExactlyInAnyOrderElementsOf(roles);
    assertThat(first.get("ecs:DescribeServices"))
        .containsExactlyInAnyOrder(
            ECS + "service/Old_Games/Cards_Service", ECS + "service/Old_Games/dealer");
    assertThat(first.get("ecs:TagResource"))
        .containsExactlyInAnyOrder(
            ECS + "task-definition/cards-template:*", ECS + "task-definition/dealer-template:*");
    assertThat(first).doesNotContainKeys("ecs:UpdateService", "ecs:DeregisterTaskDefinition");
  }

  @Test
  void whoHasAnAddressIsVisitedAndTold() {
    assertThat(MADE.resources("AWS::Synthetics::Canary"))
        .extracting(canary -> canary.text("RunConfig", "EnvironmentVariables", "BASE"))
        .containsExactlyInAnyOrder("https://dice.example.com", "https://cards.example.com");
    assertThat(MADE.variables(RolloutFunction.class).get("SLIPWAY_ADDRESSES").text())
        .isEqualTo(
            "{\"dice\":\"https://dice.example.com\",\"cards\":\"https://cards.example.com\"}");
    assertThat(MADE.only("AWS::ECS::TaskDefinition").at("ContainerDefinitions").items().getFirst())
        .satisfies(
            app ->
                assertThat(app.at("Environment").items())
                    .extracting(Json::value)
                    .contains(Map.of("Name", "CARDS_URL", "Value", "https://cards.example.com"))
                    .noneMatch(variable -> variable.toString().contains("DEALER")));
    assertThat(MADE.output("LoadBalancerUrlCards")).isEqualTo("https://cards.example.com");
  }

  @Test
  void itsBudgetsAreWatchedButNotByEcs() {
    assertThat(MADE.resources("AWS::CloudWatch::Alarm"))
        .extracting(alarm -> alarm.at("AlarmName").optionalText().orElse(""))
        .contains("slipway cards GET cards availability burns fast");
  }

  @Test
  void aStackOfAdoptedServicesNeedsNoNetwork() {
    var made = Made.of(WITHOUT);
    assertThat(made.resources("AWS::EC2::VPC")).isEmpty();
    assertThat(made.resources("AWS::EC2::NatGateway")).isEmpty();
    assertThat(made.resources("AWS::ECS::Cluster")).isEmpty();
    assertThat(made.resources("Custom::SlipwayRelease")).hasSize(1);
  }

  private static final String WITHOUT =
      """
      stack: slipway
      repository: example/games
      cluster: Old_Games
      services:
        dealer:
          adopt: {service: dealer}
          containers: {app: {build: dealer}}
      """;

  /** Resources by action, of what a function may do. */
  private static Map<String, List<String>> may(Class<?> function) {
    var may = new java.util.HashMap<String, List<String>>();
    statements("Deployer" + function.getSimpleName())
        .forEach(
            statement ->
                actions(statement)
                    .forEach(
                        action ->
                            may.computeIfAbsent(action, _ -> new ArrayList<>())
                                .addAll(resources(statement))));
    return may;
  }

  /** Of the policies whose id begins so. */
  private static Stream<Json> statements(String id) {
    return MADE.resources("AWS::IAM::Policy").stream()
        .filter(policy -> policy.id().startsWith(id))
        .flatMap(policy -> policy.at("PolicyDocument", "Statement").items().stream());
  }

  private static List<String> actions(Json statement) {
    return list(statement.at("Action"));
  }

  private static List<String> resources(Json statement) {
    return list(statement.at("Resource"));
  }

  private static List<String> list(Json oneOrMany) {
    return oneOrMany.value() instanceof String one
        ? List.of(one)
        : oneOrMany.items().stream().map(Json::text).toList();
  }

  private static List<Map<String, Object>> found() {
    return List.of(
        group(
            "Public",
            "Public",
            subnet("subnet-000000a1", "a"),
            subnet("subnet-000000a2", "a"),
            subnet("subnet-000000a3", "c")),
        group(
            "Private",
            "Private",
            subnet("subnet-000000b1", "a"),
            subnet("subnet-000000b2", "a"),
            subnet("subnet-000000b3", "c")),
        group("Isolated", "Isolated", subnet("subnet-000000c1", "a")));
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // List.of copies them
  private static Map<String, Object> group(
      String name, String type, Map<String, Object>... subnets) {
    return Map.of("name", name, "type", type, "subnets", List.of(subnets));
  }

  private static Map<String, Object> subnet(String id, String zone) {
    return Map.of(
        "subnetId", id, "availabilityZone", "ap-northeast-1" + zone, "routeTableId", "rtb-" + id);
  }

  /** What cdk keeps of its look at a VPC. */
  private static Map<String, Object> vpc(List<Map<String, Object>> groups) {
    return Map.of(
        "vpc-provider:account=123456789012:filter.vpc-id=vpc-0123456789abcdef0:region=ap-northeast-1:returnAsymmetricSubnets=true",
        Map.of(
            "vpcId",
            "vpc-0123456789abcdef0",
            "vpcCidrBlock",
            "10.0.0.0/16",
            "availabilityZones",
            List.of(),
            "subnetGroups",
            groups));
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
