package slipway.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.json.Json;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** What the webhook answers to whoever finds its URL, and to GitHub when there is nothing to do. */
@Order(5)
@ExtendWith(Deployed.Once.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WebhookInputE2E {
  private static final String ZEROS = "0".repeat(40);
  private static final String COMMIT = "5d2a8e8cf5c3f1b0c2a74c1e6b9f0d3e7a1b4c6d";
  private static final int LONGEST = 5 * 1024 * 1024;

  /** First, as the function asks for the secret again every ten seconds at most. */
  @Test
  @Order(1)
  void bothSecretsCountAfterARotation(Deployed deployed) {
    var arn = deployed.stack.outputs().get("WebhookSecretArn");
    var before = deployed.stack.secrets().value(arn);
    var after = UUID.randomUUID().toString();
    try (var secrets = deployed.client(SecretsManagerClient.builder())) {
      secrets.putSecretValue(r -> r.secretId(arn).secretString(after));
    }
    var body = Json.write(Map.of("zen", "Keep it logically awesome."));

    var deadline = Instant.now().plusSeconds(30);
    while (ping(deployed, after, body) != 202)
      assertThat(Instant.now()).as("the new secret counts").isBefore(deadline);
    // GitHub goes on with the old one until a person has changed it there.
    assertThat(ping(deployed, before, body)).isEqualTo(202);
    assertThat(ping(deployed, "another secret", body)).isEqualTo(401);
  }

  private static int ping(Deployed deployed, String secret, String body) {
    return send(deployed, "ping", body, "sha256=" + hmac(secret, body)).statusCode();
  }

  @Test
  void whoDoesNotSignLearnsNothing(Deployed deployed) {
    assertNothingRevealed(post(deployed, "push", push(), null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256=", "sha256=zz", "sha1=", "", "sha256 "})
  void whoSignsWithAnotherSecretLearnsNothing(String scheme, Deployed deployed) {
    assertNothingRevealed(
        post(deployed, "push", push(), scheme + hmac("another secret", Json.write(push()))));
  }

  private static void assertNothingRevealed(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void whatIsNotJsonIsRefused(Deployed deployed) {
    var answer = signed(deployed, "push", "ref=refs/heads/main");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(outcome(answer)).isEqualTo("refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ref", "after", "repository", "repository.full_name"})
  void aPushWithoutAFieldItNeedsIsRefusedWithTheField(String field, Deployed deployed) {
    var push = push();
    if (field.equals("repository.full_name")) push.put("repository", Map.of());
    else push.remove(field);

    var answer = signed(deployed, "push", Json.write(push));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(reason(answer)).contains(field);
  }

  @Test
  void aBodyOverTheLimitIsRefused(Deployed deployed) {
    var answer = signed(deployed, "push", "\"" + "x".repeat(LONGEST) + "\"");

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains(String.valueOf(LONGEST));
  }

  static Stream<Arguments> ignored() {
    return Stream.of(
        arguments("push", Map.of("repository", Map.of("full_name", "else/where")), "else/where"),
        arguments("push", Map.of("ref", "refs/heads/other"), "branch other"),
        arguments("push", Map.of("ref", "refs/tags/v1"), "refs/tags/v1"),
        arguments("push", Map.of("deleted", true, "after", ZEROS), "branch main was deleted"),
        arguments("pull_request", Map.of("action", "opened"), "event pull_request"),
        arguments("issues", Map.of("action", "opened"), "event issues"));
  }

  @ParameterizedTest
  @MethodSource("ignored")
  void whatIsNoneOfItsBusinessIsAcceptedAndIgnoredWithTheReason(
      String event, Map<String, Object> differs, String reason, Deployed deployed) {
    var start = Instant.now();
    var payload = push();
    payload.putAll(differs);

    var answer = signed(deployed, event, Json.write(payload));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(outcome(answer)).isEqualTo("ignored");
    assertThat(reason(answer)).contains(reason);
    assertThat(deployed.count("StartBuild", start)).isZero();
  }

  @Test
  void anotherBranchAndATagReallyPushedAreIgnored(Deployed deployed) {
    var start = Instant.now();
    var clone = deployed.clone;
    clone.git("tag", "v1");
    clone.git("push", "-q", "origin", "v1");
    clone.git("push", "-q", "origin", "HEAD:refs/heads/idea");
    clone.git("push", "-q", "origin", ":refs/heads/idea");
    var head = clone.git("rev-parse", "HEAD");

    assertThat(answered(deployed, "refs/tags/v1", head)).contains("only branches are built");
    assertThat(answered(deployed, "refs/heads/idea", head)).contains("branch idea");
    assertThat(answered(deployed, "refs/heads/idea", ZEROS)).contains("was deleted");
    assertThat(deployed.count("StartBuild", start)).isZero();
  }

  private static String answered(Deployed deployed, String ref, String commit) {
    var delivery = deployed.delivery(ref, commit);
    assertThat(delivery.status()).hasValue(202);
    var answer = Json.parse(delivery.answer());
    assertThat(answer.at("outcome").text()).isEqualTo("ignored");
    return answer.at("reason").text();
  }

  /** A push that would start a build. */
  private static Map<String, Object> push() {
    var push = new LinkedHashMap<String, Object>();
    push.put("ref", "refs/heads/main");
    push.put("after", COMMIT);
    push.put("deleted", false);
    push.put("repository", Map.of("full_name", "example/dice"));
    push.put("commits", List.of(Map.of("modified", List.of("app/pom.xml"))));
    return push;
  }

  private static HttpResponse<String> signed(Deployed deployed, String event, String body) {
    var secret = deployed.stack.secrets().value(deployed.stack.outputs().get("WebhookSecretArn"));
    return send(deployed, event, body, "sha256=" + hmac(secret, body));
  }

  private static HttpResponse<String> post(
      Deployed deployed, String event, Map<String, Object> payload, String signature) {
    return send(deployed, event, Json.write(payload), signature);
  }

  private static HttpResponse<String> send(
      Deployed deployed, String event, String body, String signature) {
    var request =
        HttpRequest.newBuilder(URI.create(deployed.stack.outputs().get("WebhookUrl")))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", event)
            .header("X-GitHub-Delivery", UUID.randomUUID().toString())
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (signature != null) request.header("X-Hub-Signature-256", signature);
    return deployed.send(request);
  }

  private static String outcome(HttpResponse<String> answer) {
    return Json.parse(answer.body()).at("outcome").text();
  }

  private static String reason(HttpResponse<String> answer) {
    return Json.parse(answer.body()).at("reason").text();
  }

  private static String hmac(String secret, String body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256, which every Java must have", e);
    }
  }
}
