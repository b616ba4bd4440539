package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.tests.EventLoader;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import slipway.Invocation;
import slipway.Samples;
import slipway.aws.RehearsalClients;
import slipway.build.CodeBuilds;
import slipway.config.Container;
import slipway.json.Json;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Measure;
import slipway.notice.Measured;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Events as a function URL sends them, read by the Lambda runtime's own serializers. */
class WebhookFunctionTest {
  private final List<String> started = new ArrayList<>();
  private final Map<String, Answer> remembered = new HashMap<>();
  private final List<Line> log = new ArrayList<>();
  private final Invocation invocation = new Invocation();

  private final Deliveries deliveries =
      new Deliveries() {
        @Override
        public Optional<Answer> find(String delivery) {
          return Optional.ofNullable(remembered.get(delivery));
        }

        @Override
        public Answer remember(String delivery, Answer answer) {
          remembered.put(delivery, answer);
          return answer;
        }
      };

  private final Webhook webhook =
      new Webhook(
          Samples.config(),
          new WebhookSecret(
              () -> new WebhookSecret.Versions(Samples.SECRET, Optional.empty(), Optional.empty()),
              Clock.systemUTC()),
          deliveries,
          (source, images, commit, _, token) -> {
            var folders = images.stream().map(Container.Built::folder).toList();
            started.add(folders + " of " + source + " at " + commit + " for " + token);
            return "slipway-images:1";
          },
          log::add);

  private final WebhookFunction function =
      new WebhookFunction(
          webhook,
          new Rehearsal(
              Samples.config().sources().getFirst(),
              _ -> {
                throw new IllegalStateException("not today");
              },
              () -> {
                throw new IllegalStateException("not today");
              },
              log::add),
          log::add);

  @Test
  void thePushOfTheSampleStartsTheBuildOfBothImages() {
    var response = function.handleRequest(sample(), invocation);

    assertThat(response.getStatusCode()).isEqualTo(202);
    assertThat(response.getHeaders()).containsEntry("content-type", "application/json");
    assertThat(Json.parse(response.getBody()).at("outcome").text()).isEqualTo("building");
    assertThat(started)
        .containsExactly(
            "[app, adot] of example/dice, branch main at "
                + Samples.COMMIT
                + " for 7a9c1e50-8fc6-11f1-9c2b-5d3b6f0e4a11");
  }

  @Test
  void theSameDeliveryAgainGetsTheSameAnswer() {
    var first = function.handleRequest(sample(), invocation);
    var second = function.handleRequest(sample(), invocation);
    assertThat(second.getBody()).isEqualTo(first.getBody());
    assertThat(started).hasSize(1);
    // Only one push; and what was answered again is about it, too.
    assertThat(log)
        .extracting(Line::what)
        .containsExactly("push builds", "answered GitHub", "answered GitHub");
    assertThat(log.get(2).about()).isEqualTo(log.get(1).about());
  }

  @Test
  void aBodyInBase64IsDecodedBeforeItsSignatureIsChecked() {
    var event = sample();
    event.setBody(Base64.getEncoder().encodeToString(event.getBody().getBytes(UTF_8)));
    event.setIsBase64Encoded(true);
    assertThat(function.handleRequest(event, invocation).getStatusCode()).isEqualTo(202);
  }

  @Test
  void aRequestWithoutAnythingIsUnauthorized() {
    var response = function.handleRequest(new APIGatewayV2HTTPEvent(), invocation);
    assertThat(response.getStatusCode()).isEqualTo(401);
    assertThat(response.getBody()).isEmpty();
  }

  @Test
  void whatIsNoBase64CannotBeSigned() {
    var event = sample();
    event.setBody("%");
    event.setIsBase64Encoded(true);
    assertThat(function.handleRequest(event, invocation).getStatusCode()).isEqualTo(401);
  }

  @Test
  void aHugeBodyIsRefusedBeforeItIsDecoded() {
    var event = sample();
    event.setBody("A".repeat(Request.LONGEST_TEXT + 4));
    event.setIsBase64Encoded(true);
    assertThat(function.handleRequest(event, invocation).getStatusCode()).isEqualTo(413);
  }

  @Test
  void theLogHoldsTheAnswerAndNeitherSignatureNorBody() {
    function.handleRequest(sample(), invocation);
    var about = About.services(List.of("dice")).commit(Samples.COMMIT);
    assertThat(log).extracting(Line::what).containsExactly("push builds", "answered GitHub");
    assertThat(log).extracting(Line::about).containsExactly(about, about);
    assertThat(log.getFirst().measured())
        .hasValue(new Measured("slipway", Map.of(Measure.PUSHES, 1.0)));
    assertThat(log.getLast().facts()).containsEntry("status", 202);
    assertThat(log.toString()).doesNotContain("sha256=", "pusher");
  }

  @Test
  void aRehearsalThatFailsDoesNotStopTheFunction() {
    function.beforeCheckpoint(org.crac.Core.getGlobalContext());
    assertThat(log).singleElement().asString().contains("not today");
    assertThat(function.handleRequest(sample(), invocation).getStatusCode()).isEqualTo(202);
  }

  @Test
  void theRehearsalRunsAPushToItsEndWithoutANetwork() {
    var offline = new RehearsalClients(Rehearsal.AWS_ANSWER);
    var secret = new StoredSecret(offline.build(SecretsManagerClient.builder()), "secret");
    var rehearsed =
        new Webhook(
            Samples.config(),
            new WebhookSecret(secret, Clock.systemUTC()),
            new TableDeliveries(
                offline.build(DynamoDbClient.builder()), "table", Clock.systemUTC()),
            new CodeBuilds(
                offline.build(CodeBuildClient.builder()), "project", Samples.config().github()),
            log::add);
    var answers = new ArrayList<Answer>();

    new Rehearsal(
            Samples.config().sources().getFirst(),
            request -> {
              answers.add(rehearsed.answer(request));
              return answers.getLast();
            },
            secret,
            log::add)
        .run();

    assertThat(answers).singleElement().extracting(Answer::status).isEqualTo(202);
    assertThat(answers.getFirst().body()).contains("as build rehearsal");
    assertThat(log).extracting(Line::what).containsExactly("push builds");
  }

  private static APIGatewayV2HTTPEvent sample() {
    return EventLoader.loadApiGatewayHttpEvent("events/lambda-function-url-github-push.json");
  }
}
