package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import slipway.aws.RawJson;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.json.Json;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecs.EcsClient;

/** What a first release does with an ECS service and a repository that are there already. */
class AdoptionTest {
  private static final String ARN =
      "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/Dice-Service:7";
  private static final Config CONFIG =
      Configs.fromJson(
          Json.parse(
              """
              {"stack": "slipway", "repository": "example/dice", "cluster": "old-shop",
               "services": {"dice": {
                 "adopt": {"service": "Dice_Service",
                           "roles": ["arn:aws:iam::123456789012:role/ecs/execution",
                                     "arn:aws:iam::123456789012:role/task"]},
                 "containers": {"app": {"build": "app", "repository": "shop/dice"}}}}}
              """));

  /** What ECS knows, by what it is asked for. */
  private final Map<String, Object> definitions = new HashMap<>();

  private final List<String> asked = new ArrayList<>();
  private final World world = new World();
  private String mutability = "MUTABLE";
  private boolean there = true;
  private String runs = ARN;
  private Wire wire;
  private FirstRelease release;

  @BeforeEach
  void start() throws IOException {
    definitions.put(ARN, definition(ARN, "app", "task", "{\"key\":\"team\",\"value\":\"games\"}"));
    wire = new Wire(this::answer);
    var ecs =
        wire.client(
            EcsClient.builder()
                .overrideConfiguration(o -> o.addExecutionInterceptor(new RawJson())));
    release =
        new FirstRelease(
            CONFIG,
            world,
            new EcrRepositories(wire.client(EcrClient.builder())),
            new EcsServices(ecs, CONFIG),
            new EcsTaskDefinitions(ecs),
            (_, images, _) -> {
              asked.add("build of " + images.size());
              return "build:1";
            },
            (service, _) -> asked.add("rollout of " + service),
            new Releases(
                wire.client(DynamoDbClient.builder()),
                "table",
                HttpClient.newHttpClient(),
                Clock.systemUTC()));
  }

  @AfterEach
  void stop() {
    wire.close();
  }

  private Wire.Answer answer(Wire.Request request) {
    if (request.method().equals("PUT")) return new Wire.Answer(200, "");
    var operation = request.target().orElseThrow().replaceAll(".*\\.", "");
    var body = Json.parse(request.body());
    return switch (operation) {
      case "DescribeRepositories" ->
          new Wire.Answer(
              200, "{\"repositories\":[{\"imageTagMutability\":\"%s\"}]}".formatted(mutability));
      case "DescribeServices" ->
          new Wire.Answer(
              200,
              there
                  ? """
                  {"services":[{"status":"ACTIVE","deployments":[
                    {"id":"ecs-svc/1","status":"PRIMARY","rolloutState":"COMPLETED",
                     "createdAt":0,"taskDefinition":"%s"}]}]}
                  """
                      .formatted(runs)
                  : "{\"failures\":[{\"reason\":\"MISSING\"}]}");
      case "DescribeTaskDefinition" -> {
        var found = definitions.get(body.at("taskDefinition").text());
        yield found == null
            ? new Wire.Answer(400, "{\"__type\":\"ClientException\"}")
            : new Wire.Answer(200, Json.write(found));
      }
      case "RegisterTaskDefinition" -> {
        var arn = ARN.replaceAll("[^/]+$", body.at("family").text() + ":1");
        var members = new HashMap<String, Object>();
        body.members().forEach((name, member) -> members.put(name, member.value()));
        members.put("taskDefinitionArn", arn);
        var tags = members.remove("tags");
        definitions.put(body.at("family").text(), Map.of("taskDefinition", members, "tags", tags));
        yield new Wire.Answer(200, Json.write(Map.of("taskDefinition", members)));
      }
      default -> new Wire.Answer(200, "{}");
    };
  }

  private static Object definition(String arn, String container, String role, String tags) {
    return Json.parse(
            """
            {"taskDefinition": {"taskDefinitionArn": "%s", "family": "Dice-Service", "revision": 7,
              "status": "ACTIVE", "registeredBy": "ann", "requiresAttributes": [{"name": "x"}],
              "taskRoleArn": "arn:aws:iam::123456789012:role/%s", "executionRoleArn": "ecs/execution",
              "runtimePlatform": {"cpuArchitecture": "ARM64"}, "memberOfTomorrow": 1,
              "containerDefinitions": [{"name": "%s", "image": "old:1"}, {"name": "log", "image": "log:2"}]},
             "tags": [%s]}
            """
                .formatted(arn, role, container, tags))
        .value();
  }

  private String on(String type) {
    return release.on(
        Json.of(
            Map.of(
                "RequestType",
                type,
                "ResponseURL",
                wire.uri("/answer").toString(),
                "StackId",
                "arn:stack",
                "RequestId",
                "request-1",
                "LogicalResourceId",
                "DiceRelease",
                "ResourceProperties",
                Map.of("Service", "dice"))));
  }

  private List<Json> registered() {
    return wire.requests.stream()
        .filter(request -> request.target().orElse("").endsWith("RegisterTaskDefinition"))
        .map(request -> Json.parse(request.body()))
        .toList();
  }

  @Test
  void whatTheServiceRunsBecomesItsTemplateWithAllItsMembersButThoseThatEcsAdds() {
    on("Create");

    assertThat(registered())
        .singleElement()
        .extracting(Json::value)
        .isEqualTo(
            Json.parse(
                    """
                    {"family": "dice-template",
                     "taskRoleArn": "arn:aws:iam::123456789012:role/task", "executionRoleArn": "ecs/execution",
                     "runtimePlatform": {"cpuArchitecture": "ARM64"}, "memberOfTomorrow": 1,
                     "containerDefinitions": [{"name": "app", "image": "old:1"}, {"name": "log", "image": "log:2"}],
                     "tags": [{"key": "team", "value": "games"}, {"key": "slipway:adopted", "value": "%s"}]}
                    """
                        .formatted(ARN))
                .value());
    assertThat(wire.requests)
        .filteredOn(request -> request.target().orElse("").endsWith("DescribeServices"))
        .singleElement()
        .extracting(Wire.Request::body)
        .isEqualTo("{\"cluster\":\"old-shop\",\"services\":[\"Dice_Service\"]}");
    assertThat(asked).containsExactly("build of 1");
  }

  @Test
  void aSecondTryRegistersNoOther() {
    on("Create");
    on("Create");

    assertThat(registered()).hasSize(1);
  }

  /** As long as no stack had it, somebody deployed by hand. */
  @Test
  void aServiceThatIsAdoptedAgainIsReadAgainIfSomebodyElseChangedIt() {
    on("Create");
    runs = ARN.replace(":7", ":9");
    definitions.put(runs, definition(runs, "app", "task", ""));
    on("Update");
    assertThat(registered()).as("a deploy of the same stack leaves that to the rollout").hasSize(1);

    on("Create");

    assertThat(registered()).hasSize(2);
  }

  @Test
  void whatItsOwnerRegisteredAsTheTemplateStays() {
    definitions.put("dice-template", definition(ARN.replace(":7", ":8"), "app", "task", ""));

    on("Create");

    assertThat(registered()).isEmpty();
    assertThat(asked).containsExactly("build of 1");
  }

  @Test
  void aServiceThatAnEarlierStackRolledOutKeepsItsTemplate() {
    on("Create");
    runs = "dice:3";
    definitions.put(
        runs,
        definition(
            ARN.replace("Dice-Service:7", "dice:3"),
            "app",
            "task",
            "{\"key\":\"slipway:fingerprint\",\"value\":\"f\"}"));

    on("Create");

    assertThat(registered()).hasSize(1);
  }

  @Test
  void aContainerThatTheTaskDefinitionDoesNotHaveIsNamed() {
    definitions.put(ARN, definition(ARN, "web", "task", ""));

    on("Create");

    assertFailed(
        "Dice-Service:7 has no container app, which the configuration builds: it has web, log");
  }

  @Test
  void aRoleThatSlipwayMayNotPassIsNamedBeforeAnythingIsRegistered() {
    definitions.put(ARN, definition(ARN, "app", "admin", ""));

    on("Create");

    assertFailed(
        "Dice-Service:7 has the role arn:aws:iam::123456789012:role/admin, which Slipway may not"
            + " pass on: name it in adopt.roles of dice, and cdk deploy");
  }

  @Test
  void aServiceThatIsNotThereIsNamedWithItsCluster() {
    there = false;

    on("Create");

    assertFailed("cluster old-shop has no active service Dice_Service to adopt");
  }

  @Test
  void aRepositoryWhoseTagsCannotMoveFailsBeforeTheBuild() {
    mutability = "IMMUTABLE";

    on("Create");

    assertFailed(
        "container app: tags of repository shop/dice are immutable, and the deploy tag live has to"
            + " move: except it");
  }

  private void assertFailed(String why) {
    var answer =
        wire.requests.stream()
            .filter(request -> request.method().equals("PUT"))
            .map(request -> Json.parse(request.body()))
            .toList();
    assertThat(answer)
        .singleElement()
        .satisfies(
            said -> {
              assertThat(said.at("Status").text()).isEqualTo("FAILED");
              assertThat(said.at("Reason").text()).startsWith("the release of dice failed: " + why);
            });
    assertThat(registered()).isEmpty();
    assertThat(asked).isEmpty();
  }

  /** The owner may register a template that is not fit, at any time. */
  @Test
  void aTemplateThatIsNotFitIsNotRolledOut() {
    var service = CONFIG.services().getFirst();
    var template = TaskDefinition.described(Json.of(definition(ARN, "app", "admin", "")));

    assertThat(Desired.of(service, "live", java.util.Optional.of(template), Map.of()))
        .isInstanceOfSatisfying(
            Desired.Unusable.class,
            unusable ->
                assertThat(unusable.outcome())
                    .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.text()).contains("role/admin")));
  }

  @Test
  void whatEventsSayIsOfTheServiceThatHasThatNameInEcs() {
    var event =
        new DeploymentEvent("Dice_Service", DeploymentEvent.Kind.COMPLETED, "ecs-svc/1", "");
    var other = new DeploymentEvent("dice", DeploymentEvent.Kind.FAILED, "ecs-svc/2", "");

    assertThat(new Hints(true, List.of(other, event)).about(CONFIG.services().getFirst().ecsName()))
        .isEqualTo(new Hints(true, List.of(event)));
  }
}
