package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.RecordingServer;
import slipway.RecordingServer.Call;
import slipway.RecordingServer.Reply;
import slipway.Samples;
import slipway.build.CodeBuilds;
import slipway.config.Config;
import slipway.json.Json;
import slipway.notice.Line;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The webhook with real AWS clients, on real requests. */
class WebhookOnTheWireTest {
  private static final Config CONFIG = Samples.config("example/cards");
  private static final Instant NOW = Instant.parse("2026-08-04T00:12:06Z");
  private static final String DELIVERY = "7a9c1e50-8fc6-11f1-9c2b-5d3b6f0e4a11";

  /** Replies that differ from the good ones, by operation. */
  private final Map<String, Reply> instead = new ConcurrentHashMap<>();

  /** The table's one item, if any. */
  private final Map<String, Object> stored = new ConcurrentHashMap<>();

  private final List<Line> log = new ArrayList<>();
  private final RecordingServer aws = new RecordingServer(this::reply);
  private final Webhook webhook =
      new Webhook(
          CONFIG,
          new WebhookSecret(
              new StoredSecret(aws.client(SecretsManagerClient.builder()), "the-webhook-secret"),
              Clock.fixed(NOW, ZoneOffset.UTC)),
          new TableDeliveries(
              aws.client(DynamoDbClient.builder()), "the-table", Clock.fixed(NOW, ZoneOffset.UTC)),
          new CodeBuilds(aws.client(CodeBuildClient.builder()), "slipway-images", CONFIG.github()),
          log::add);

  @AfterEach
  void stop() {
    aws.close();
  }

  @Test
  void aPushStartsABuildAndIsThenRemembered() {
    var answer = webhook.answer(push());

    assertThat(answer.status()).isEqualTo(202);
    assertThat(Json.parse(answer.body()).value())
        .isEqualTo(
            Map.of(
                "outcome",
                "building",
                "reason",
                "slipway/dice/app, slipway/dice/adot at "
                    + Samples.COMMIT
                    + ", as build slipway-images:1: their folders were touched"));
    assertThat(aws.operations())
        .containsExactly("GetSecretValue", "GetSecretValue", "GetItem", "StartBuild", "PutItem");
  }

  @Test
  void theBuildIsAskedForByCommitWithTheDeliveryAsToken() {
    webhook.answer(push());

    assertThat(call("StartBuild").json().value())
        .isEqualTo(
            Map.of(
                "projectName",
                "slipway-images",
                "sourceVersion",
                Samples.COMMIT,
                "idempotencyToken",
                DELIVERY,
                "environmentVariablesOverride",
                List.of(
                    Map.of(
                        "name",
                        "IMAGES",
                        "type",
                        "PLAINTEXT",
                        "value",
                        "app=slipway/dice/app adot=slipway/dice/adot"),
                    Map.of("name", "BRANCH", "type", "PLAINTEXT", "value", "main"),
                    Map.of("name", "COMMIT", "type", "PLAINTEXT", "value", Samples.COMMIT),
                    Map.of(
                        "name",
                        "PUSHED_AT",
                        "type",
                        "PLAINTEXT",
                        "value",
                        "2026-08-04T00:12:05Z"))));
  }

  @Test
  void aPushToAnotherRepositoryIsClonedFromThere() {
    var body = new String(Samples.event("github-push.json"), UTF_8);
    webhook.answer(push(body.replace("example/dice", "example/cards").getBytes(UTF_8)));

    var start = call("StartBuild").json();
    assertThat(start.at("sourceLocationOverride").text())
        .isEqualTo("https://github.com/example/cards.git");
    assertThat(start.at("sourceVersion").text()).isEqualTo(Samples.COMMIT);
    assertThat(start.at("environmentVariablesOverride").items().getFirst().at("value").text())
        .isEqualTo("app=slipway/cards/app adot=slipway/cards/adot");
  }

  @Test
  void theSecretIsReadInItsCurrentAndPreviousVersion() {
    webhook.answer(push());

    assertThat(aws.calls().subList(0, 2))
        .extracting(call -> call.json().value())
        .containsExactly(
            Map.of("SecretId", "the-webhook-secret", "VersionStage", "AWSCURRENT"),
            Map.of("SecretId", "the-webhook-secret", "VersionStage", "AWSPREVIOUS"));
  }

  @Test
  void theDeliveryIsKeptForAWeekAndNeverOverwritten() {
    var answer = webhook.answer(push());

    var put = call("PutItem").json();
    assertThat(put.at("TableName").text()).isEqualTo("the-table");
    assertThat(put.at("ConditionExpression").text()).isEqualTo("attribute_not_exists(pk)");
    assertThat(put.at("Item").value())
        .isEqualTo(
            Map.of(
                "pk", Map.of("S", "DELIVERY#" + DELIVERY),
                "sk", Map.of("S", "DELIVERY"),
                "status", Map.of("N", "202"),
                "answer", Map.of("S", answer.body()),
                "expires", Map.of("N", "" + NOW.plus(Duration.ofDays(7)).getEpochSecond())));
  }

  @Test
  void aRedeliveryGetsTheSameAnswerAndNoSecondBuild() {
    var first = webhook.answer(push());
    instead.put("StartBuild", Reply.ok("{\"build\":{\"id\":\"slipway-images:2\"}}"));
    var second = webhook.answer(push());

    assertThat(second).isEqualTo(first);
    assertThat(aws.operations().stream().filter("StartBuild"::equals)).hasSize(1);
  }

  @Test
  void ofTwoAtOnceTheFirstAnswerCounts() {
    // Another invocation remembered the delivery after this one had looked.
    instead.put("GetItem", Reply.ok("{}"));
    stored.putAll(
        Map.of("status", Map.of("N", "202"), "answer", Map.of("S", "what the first one said")));

    var answer = webhook.answer(push());

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("what the first one said");
  }

  @ParameterizedTest
  @CsvSource({
    "500, InternalFailure, 503",
    "400, ThrottlingException, 503",
    "400, AccountLimitExceededException, 503",
    "400, ResourceNotFoundException, 500",
    "400, AccessDeniedException, 500",
  })
  void aBuildThatCouldNotStartLeavesNoDeliveryBehind(int status, String code, int answered) {
    instead.put("StartBuild", failure(status, code));

    var answer = webhook.answer(push());

    assertThat(answer.status()).isEqualTo(answered);
    assertThat(Json.parse(answer.body()).at("outcome").text()).isEqualTo("failed");
    assertThat(aws.operations()).doesNotContain("PutItem");
    assertThat(log).singleElement().asString().contains(DELIVERY, code);

    instead.clear();
    assertThat(webhook.answer(push()).status()).isEqualTo(202);
    assertThat(aws.operations()).contains("PutItem");
  }

  @Test
  void aDeliveryThatCannotBeRememberedIsStillAnsweredAsItsBuildRuns() {
    instead.put("PutItem", failure(500, "InternalServerError"));

    assertThat(webhook.answer(push()).status()).isEqualTo(202);
    assertThat(log)
        .extracting(Line::what)
        .containsExactly("push builds", "delivery not remembered");
    assertThat(log.getLast().toString()).contains(DELIVERY, "slipway-images:1");
  }

  @Test
  void aTableThatCannotBeReadStartsNothing() {
    instead.put("GetItem", failure(500, "InternalServerError"));

    assertThat(webhook.answer(push()).status()).isEqualTo(503);
    assertThat(aws.operations()).doesNotContain("StartBuild");
  }

  @Test
  void aSecretThatCannotBeReadRevealsNothingAndInvitesARedelivery() {
    instead.put("GetSecretValue", failure(500, "InternalServiceError"));

    assertThat(webhook.answer(push())).isEqualTo(new Answer(503, ""));
    assertThat(log).singleElement().asString().doesNotContain(Samples.SECRET);
  }

  @Test
  void whatIsIgnoredCallsNothingButTheSecret() {
    var body = Samples.event("github-ping.json");

    var answer = webhook.answer(new Request(headers(body, "ping"), body));

    assertThat(answer)
        .isEqualTo(
            new Answer(
                202, "{\"outcome\":\"ignored\",\"reason\":\"ping: the webhook is connected\"}"));
    assertThat(aws.operations()).containsOnly("GetSecretValue");
  }

  private Reply reply(Call call) {
    if (instead.containsKey(call.operation())) return instead.get(call.operation());
    return switch (call.operation()) {
      case "GetSecretValue" ->
          call.json().at("VersionStage").text().equals("AWSCURRENT")
              ? Reply.ok(Json.write(Map.of("SecretString", Samples.SECRET)))
              : failure(400, "ResourceNotFoundException");
      case "StartBuild" -> Reply.ok("{\"build\":{\"id\":\"slipway-images:1\"}}");
      case "GetItem" -> Reply.ok(stored.isEmpty() ? "{}" : Json.write(Map.of("Item", stored)));
      case "PutItem" -> put(call);
      default -> failure(400, "UnknownOperationException");
    };
  }

  private Reply put(Call call) {
    if (!stored.isEmpty())
      return new Reply(
          400,
          Json.write(
              Map.of(
                  "__type",
                  "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
                  "Item",
                  stored)));
    call.json().at("Item").members().forEach((name, value) -> stored.put(name, value.value()));
    return Reply.ok("{}");
  }

  private static Reply failure(int status, String code) {
    return new Reply(status, Json.write(Map.of("__type", code, "message", "no")));
  }

  private Call call(String operation) {
    return aws.calls().stream().filter(c -> c.operation().equals(operation)).findFirst().get();
  }

  private static Request push() {
    return push(Samples.event("github-push.json"));
  }

  private static Request push(byte[] body) {
    return new Request(headers(body, "push"), body);
  }

  private static Map<String, String> headers(byte[] body, String event) {
    return new HashMap<>(
        Map.of(
            "x-hub-signature-256",
            Signature.header(body, Samples.SECRET),
            "x-github-event",
            event,
            "x-github-delivery",
            DELIVERY,
            "content-type",
            "application/json"));
  }
}
