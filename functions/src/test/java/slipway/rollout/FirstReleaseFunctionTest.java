package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import slipway.Invocation;
import slipway.json.Json;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class FirstReleaseFunctionTest {
  private final World world = new World();
  private final List<String> builds = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private int cloudFormationAnswers = 200;
  private Wire wire;
  private FirstReleaseFunction function;

  @BeforeEach
  void start() throws IOException {
    wire =
        new Wire(
            request ->
                request.method().equals("PUT")
                    ? new Wire.Answer(cloudFormationAnswers, "")
                    : new Wire.Answer(200, "{}"));
    var releases =
        new Releases(
            wire.client(DynamoDbClient.builder()),
            "table",
            HttpClient.newHttpClient(),
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    function =
        new FirstReleaseFunction(
            new FirstRelease(
                Samples.config(),
                world,
                _ -> {
                  throw new AssertionError("asks only about repositories that are given");
                },
                world,
                world,
                (source, images, _) -> {
                  builds.add(images.size() + " images at " + source);
                  return "build:1";
                },
                (service, why) -> asked.add(service + ": " + why),
                releases));
  }

  @AfterEach
  void stop() {
    wire.close();
  }

  private Map<String, Object> event(String type, String service) {
    return Map.of(
        "RequestType",
        type,
        "ResponseURL",
        wire.uri("/answer?X-Amz-Signature=secret").toString(),
        "StackId",
        "arn:stack",
        "RequestId",
        "request-1",
        "LogicalResourceId",
        "DiceRelease",
        "ResourceProperties",
        Map.of("Service", service, "TemplateArn", "dice-template:1"));
  }

  private List<Wire.Request> puts() {
    return wire.requests.stream().filter(request -> request.method().equals("PUT")).toList();
  }

  @Test
  void withoutImagesTheFirstReleaseBuildsAllOfThemAndLeavesTheAnswerToTheRollout() {
    world.behindTag.clear();

    function.handleRequest(event("Create", "dice"), new Invocation());

    assertThat(builds).containsExactly("2 images at example/dice, branch main");
    assertThat(asked).isEmpty();
    assertThat(puts()).isEmpty();
    assertThat(wire.requests)
        .singleElement()
        .extracting(Wire.Request::body)
        .asString()
        .contains("FIRST#dice", "RELEASE", "\"expires\":{\"N\":\"3600\"}");
  }

  @Test
  void withAllImagesThereItAsksForTheRollout() {
    function.handleRequest(event("Create", "dice"), new Invocation());

    assertThat(builds).isEmpty();
    assertThat(asked).containsExactly("dice: first release, request request-1");
  }

  @Test
  void anUpdateIsAHintAndIsAnsweredAtOnce() {
    function.handleRequest(event("Update", "dice"), new Invocation());

    assertThat(asked).hasSize(1);
    assertThat(puts())
        .singleElement()
        .satisfies(
            put -> {
              assertThat(put.path()).isEqualTo("/answer?X-Amz-Signature=secret");
              assertThat(put.type()).isEmpty();
              assertThat(Json.parse(put.body()).value())
                  .isEqualTo(
                      Map.of(
                          "Status", "SUCCESS",
                          "Reason", "done",
                          "PhysicalResourceId", "slipway-release-dice",
                          "StackId", "arn:stack",
                          "RequestId", "request-1",
                          "LogicalResourceId", "DiceRelease"));
            });
  }

  @Test
  void anUpdateThatNeedsAnImageNobodyBuiltHasItBuiltAndTheStackDoesNotWait() {
    world.behindTag.keySet().removeIf(image -> image.contains("/adot"));

    function.handleRequest(event("Update", "dice"), new Invocation());

    assertThat(builds).containsExactly("1 images at example/dice, branch main");
    assertThat(asked).isEmpty();
    assertThat(Json.parse(puts().getFirst().body()).at("Status").text()).isEqualTo("SUCCESS");
  }

  @Test
  void aDeleteSucceedsEvenForAServiceThatIsNotThere() {
    function.handleRequest(event("Delete", "No Such"), new Invocation());

    assertThat(Json.parse(puts().getFirst().body()).at("Status").text()).isEqualTo("SUCCESS");
  }

  @Test
  void whateverFailsIsAnsweredWithItsReason() {
    function.handleRequest(event("Create", "cards"), new Invocation());

    var answer = Json.parse(puts().getFirst().body());
    assertThat(answer.at("Status").text()).isEqualTo("FAILED");
    assertThat(answer.at("Reason").text())
        .startsWith("the release of cards failed: ResourceProperties.Service is 'cards'");
  }

  @Test
  void anAnswerThatDoesNotArriveIsTriedAgainByLambda() {
    cloudFormationAnswers = 503;

    assertThatThrownBy(() -> function.handleRequest(event("Delete", "dice"), new Invocation()))
        .hasMessageContaining("answered 503")
        .hasMessageNotContaining("secret");
  }
}
