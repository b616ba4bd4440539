package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import slipway.aws.RawJson;
import slipway.json.Json;
import software.amazon.awssdk.services.ecs.EcsClient;

class EcsTaskDefinitionsTest {
  private static final String DESCRIBED = resource("/rollout/maximal-task-definition.json");

  private static EcsClient client(Wire wire) {
    return wire.client(
        EcsClient.builder().overrideConfiguration(o -> o.addExecutionInterceptor(new RawJson())));
  }

  @Test
  void everyMemberIsCarriedEvenThoseThatTheSdkDoesNotKnow() throws IOException {
    try (var wire =
        new Wire(
            request ->
                new Wire.Answer(
                    200,
                    request.target().orElseThrow().endsWith("DescribeTaskDefinition")
                        ? DESCRIBED
                        : "{\"taskDefinition\":{\"taskDefinitionArn\":\"dice:1\"}}"))) {
      var definitions = new EcsTaskDefinitions(client(wire));

      var template = definitions.find("dice-template").orElseThrow();
      var pinned = Samples.image("app", 1).pinned();
      var arn =
          definitions.register(
              template
                  .revisionOf(Samples.DICE, Map.of("app", pinned))
                  .tagged(Map.of("slipway:fingerprint", "f")));

      assertThat(arn).isEqualTo("dice:1");
      var sent = Json.parse(wire.requests.getLast().body());
      assertThat(wire.requests.getLast().target())
          .contains("AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition");
      assertThat(wire.requests.getLast().type()).contains("application/x-amz-json-1.1");
      var expected = new LinkedHashMap<String, Object>();
      Json.parse(DESCRIBED)
          .at("taskDefinition")
          .members()
          .forEach((name, value) -> expected.put(name, value.value()));
      expected
          .keySet()
          .removeAll(
              Set.of(
                  "taskDefinitionArn",
                  "revision",
                  "status",
                  "requiresAttributes",
                  "compatibilities",
                  "registeredAt",
                  "registeredBy",
                  "deregisteredAt",
                  "deleteRequestedAt"));
      expected.put("family", "dice");
      expected.put(
          "containerDefinitions",
          Json.parse(
                  Json.write(expected.get("containerDefinitions"))
                      .replace(Samples.REGISTRY + "/slipway/dice/app:live", pinned))
              .value());
      expected.put(
          "tags",
          Json.parse(
                  """
                  [{"key": "team", "value": "games"}, {"key": "slipway:fingerprint", "value": "f"}]
                  """)
              .value());
      assertThat(sent.value()).isEqualTo(expected);
      assertThat(wire.requests.getLast().body()).contains("memberOfTomorrow");
    }
  }

  @Test
  void anUnknownFamilyIsNone() throws IOException {
    try (var wire =
        new Wire(
            _ ->
                new Wire.Answer(
                    400,
                    """
                    {"__type": "ClientException", "message": "Unable to describe task definition."}
                    """))) {
      assertThat(new EcsTaskDefinitions(client(wire)).find("dice")).isEmpty();
    }
  }

  @Test
  void deregisteringWhatIsInactiveAlreadyIsDone() throws IOException {
    try (var wire =
        new Wire(
            request ->
                request.target().orElseThrow().endsWith("DeregisterTaskDefinition")
                    ? new Wire.Answer(
                        400, "{\"__type\": \"ClientException\", \"message\": \"inactive\"}")
                    : new Wire.Answer(200, "{\"taskDefinition\": {\"status\": \"INACTIVE\"}}"))) {
      new EcsTaskDefinitions(client(wire)).deregister("dice:1");

      assertThat(wire.requests).hasSize(2);
    }
  }

  @Test
  void tagsOfAwsItselfAreNotCopiedWhateverTheirCase() {
    var revision =
        tagged("aws:cloudformation:stack-name", "AWS:a", "Aws:b", "awsome", "team")
            .revisionOf(Samples.DICE, Map.of());

    assertThat(Json.of(revision.tree()).at("tags").items())
        .extracting(tag -> tag.at("key").text())
        .containsExactly("awsome", "team");
  }

  @Test
  void aTemplateWhoseTagsLeaveNoRoomForSlipwaysIsRefusedBeforeEcsWould() {
    var keys = new ArrayList<>(List.of("aws:cloudformation:stack-name", "slipway:service"));
    for (int i = 1; i <= 47; i++) keys.add("tag" + i);
    assertThat(desired(keys)).isInstanceOf(Desired.Content.class);

    keys.addAll(List.of("tag48", "tag49"));
    assertThat(desired(keys))
        .isEqualTo(
            new Desired.Unusable(
                new Outcome.Refused(
                    "dice-template leaves no room for Slipway's tags, as ECS takes 50: remove 2 of"
                        + " its tags, and cdk deploy",
                    List.of(Samples.commit(1)))));
  }

  private static Desired desired(List<String> keys) {
    var template = tagged(keys.toArray(String[]::new));
    return Desired.of(Samples.service(), "live", Optional.of(template), Samples.images(1, 2));
  }

  private static TaskDefinition tagged(String... keys) {
    var tree = new LinkedHashMap<>(Samples.template().tree());
    tree.put("tags", Stream.of(keys).map(key -> Map.of("key", key, "value", "v")).toList());
    return new TaskDefinition(tree);
  }

  @Test
  void theFingerprintIsThatOfTheRegisteredRevisionToo() {
    var template = TaskDefinition.described(Json.parse(DESCRIBED));
    var revision = template.revisionOf(Samples.DICE, Map.of());

    assertThat(
            revision
                .tagged(Map.of("slipway:fingerprint", "x", "slipway:commit", "y"))
                .fingerprint())
        .isEqualTo(revision.fingerprint());
  }

  static String resource(String name) {
    try (var stream = EcsTaskDefinitionsTest.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
