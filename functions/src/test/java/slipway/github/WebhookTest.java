package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.Samples;

/** What the webhook refuses, before any AWS service is asked. */
class WebhookTest {
  private final Webhook webhook =
      new Webhook(
          Samples.config(),
          new WebhookSecret(
              () -> new WebhookSecret.Versions(Samples.SECRET, Optional.empty(), Optional.empty()),
              Clock.systemUTC()),
          new NoDeliveries(),
          (_, _, _, _, _) -> {
            throw new AssertionError("a build was started");
          },
          line -> {
            throw new AssertionError("something was logged: " + line);
          });

  private static final class NoDeliveries implements Deliveries {
    @Override
    public Optional<Answer> find(String delivery) {
      throw new AssertionError("a delivery was looked up");
    }

    @Override
    public Answer remember(String delivery, Answer answer) {
      throw new AssertionError("a delivery was remembered");
    }
  }

  @Property(tries = 300)
  void anyBodyWithAnotherSignatureGetsExactlyTheSameAnswer(
      @ForAll byte[] body, @ForAll String secret, @ForAll @IntRange(min = 0, max = 3) int form) {
    var signer = secret.isEmpty() || secret.equals(Samples.SECRET) ? "another" : secret;
    var headers = headers("{}".getBytes(UTF_8));
    headers.put("X-Hub-Signature-256", Signature.header(body, signer));
    if (form == 1) headers.remove("X-Hub-Signature-256");
    if (form == 2) headers.put("X-Hub-Signature-256", secret);
    if (form == 3) headers.put("Content-Type", "application/x-www-form-urlencoded");

    assertThat(webhook.answer(new Request(headers, body))).isEqualTo(new Answer(401, ""));
  }

  @Test
  void aSignatureOfAnotherBodyIsRefused() {
    var headers = headers("{\"zen\":\"one\"}".getBytes(UTF_8));
    assertThat(webhook.answer(new Request(headers, "{\"zen\":\"two\"}".getBytes(UTF_8))))
        .isEqualTo(Answer.UNAUTHORIZED);
  }

  @Test
  void aBodyOverTheLimitIsRefusedUnread() {
    var body = new byte[Request.LONGEST_BODY + 1];
    assertThat(webhook.answer(new Request(Map.of(), body)))
        .isEqualTo(Answer.refused(413, "the body is longer than 5242880 bytes"));
  }

  @Test
  void aBodyAtTheLimitIsLookedAt() {
    var body = new byte[Request.LONGEST_BODY];
    assertThat(webhook.answer(new Request(headers(body), body)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "payload=%7B%7D", "null, really"})
  void whatIsNotJsonIsMalformed(String text) {
    var body = text.getBytes(UTF_8);
    var answer = webhook.answer(new Request(headers(body), body));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith("{\"outcome\":\"refused\",\"reason\":\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                        | after is missing: want text
          {"after": 7}              | after is 7: want text
          []                        | the document is a list: want an object
          """)
  void aPushWithoutAFieldIsRefusedWithTheField(String text, String reason) {
    var body = text.getBytes(UTF_8);
    assertThat(webhook.answer(new Request(headers(body), body)))
        .isEqualTo(Answer.refused(400, reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-GitHub-Delivery", "X-GitHub-Event"})
  void aRequestWithoutGitHubsHeadersIsRefused(String header) {
    var body = "{}".getBytes(UTF_8);
    var headers = headers(body);
    headers.remove(header);
    assertThat(webhook.answer(new Request(headers, body)))
        .isEqualTo(Answer.refused(400, header + " is missing: want the header"));
  }

  @Test
  void aFormIsRefusedWithTheSettingThatMendsIt() {
    var body = "payload=%7B%7D".getBytes(UTF_8);
    var headers = headers(body);
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    assertThat(webhook.answer(new Request(headers, body)))
        .isEqualTo(
            Answer.refused(
                400,
                "Content-Type is application/x-www-form-urlencoded: set the webhook's content"
                    + " type to application/json"));
  }

  private static HashMap<String, String> headers(byte[] body) {
    return new HashMap<>(
        Map.of(
            "X-Hub-Signature-256", Signature.header(body, Samples.SECRET),
            "X-GitHub-Event", "push",
            "X-GitHub-Delivery", "7a9c1e50-8fc6-11f1-9c2b-5d3b6f0e4a11",
            "Content-Type", "application/json"));
  }
}
