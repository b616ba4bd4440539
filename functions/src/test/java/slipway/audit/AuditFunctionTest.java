package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.audit.Samples.available;
import static slipway.audit.Samples.fast;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import slipway.Invocation;
import slipway.config.Setting;
import slipway.json.Json;
import slipway.notice.Line;

class AuditFunctionTest {
  private static final Map<String, Object> SCHEDULED = Map.of("audit", "scheduled");
  private static final Map<String, Object> DONE = Map.of("batchItemFailures", List.of());
  private static final Map<String, Object> AGAIN =
      Map.of("batchItemFailures", List.of(Map.of("itemIdentifier", "m1")));

  private final Stage stage =
      new Stage(available("a1", 99.9), available("b2", 99), fast("f1", "p99", 300));
  private final Invocation lambda = new Invocation();
  private final List<Line> log = new ArrayList<>();

  private Object call(Map<String, Object> event) {
    return new AuditFunction(stage.auditor(), () -> {}, log::add).handleRequest(event, lambda);
  }

  /** As the queue hands it out, at that time into it. */
  private static Map<String, Object> message(String body, Instant sent) {
    return Map.of(
        "Records",
        List.of(
            Map.of(
                "messageId",
                "m1",
                "body",
                body,
                "eventSource",
                "aws:sqs",
                "attributes",
                Map.of(
                    "SentTimestamp",
                    String.valueOf(sent.toEpochMilli()),
                    "ApproximateReceiveCount",
                    "1"))));
  }

  static String resource(String name) {
    try (var file = AuditFunctionTest.class.getResourceAsStream(name)) {
      if (file == null) throw new IllegalStateException("no test resource " + name);
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whoCallsIsToldWhereTheReportIs() {
    stage.has("a1", Status.OK, 500);
    assertThat(call(SCHEDULED))
        .isEqualTo(
            "s3://reports/audits/20260804T010000Z.md 1 SLO: 1 ok, 0 warning, 0 exhausted, 0 without"
                + " data; 2 differences from slipway.yaml");
    assertThat(log).extracting(Line::what).containsExactly("audited");
  }

  @Test
  void theQueuesMessageIsDoneWithTheReport() {
    stage.has("a1", Status.OK, 500);
    var body = "{\"audit\":\"scheduled\",\"at\":\"2026-08-04T01:00:00Z\"}";
    assertThat(call(message(body, stage.now))).isEqualTo(DONE);
    assertThat(stage.latest().at("why").text()).isEqualTo("scheduled");
  }

  @Test
  void whatIsNotFinishedInTimeGoesBackToTheQueue() {
    stage.has("a1", Status.OK, 500);
    lambda.remains(Reader.SAVING.minusMillis(1));
    assertThat(call(message("{\"audit\":\"scheduled\"}", stage.now))).isEqualTo(AGAIN);
    assertThat(log)
        .singleElement()
        .extracting(line -> line.facts().get("outcome"))
        .isEqualTo("not finished: not all SLOs are listed; the next try goes on from there");
    assertThat(stage.kept).isEmpty();
  }

  @Test
  void aMessageThatCannotBeReadComesAgainAndEndsInTheDeadLetterQueue() {
    assertThat(call(message("hello", stage.now))).isEqualTo(AGAIN);
    assertThat(log).singleElement().asString().contains("comes again", "message=m1");
  }

  @Test
  void aFailureComesAgain() {
    stage.broken = true;
    assertThat(call(message("{\"audit\":\"scheduled\"}", stage.now))).isEqualTo(AGAIN);
    assertThat(log)
        .singleElement()
        .asString()
        .contains("comes again", "java.lang.IllegalStateException: AWS is away");
  }

  @Test
  void aRequestOlderThanTheLastAuditIsAnswered() {
    stage.has("a1", Status.OK, 500);
    call(SCHEDULED);
    var asked = stage.now.minusSeconds(1);
    stage.now = stage.now.plusSeconds(60);
    assertThat(call(message("{\"audit\":\"scheduled\"}", asked))).isEqualTo(DONE);
    assertThat(log.getLast().facts().get("outcome"))
        .isEqualTo("the audit of 2026-08-04T01:00:00Z is newer than this request");
    assertThat(call(message("{\"audit\":\"scheduled\"}", stage.now))).isEqualTo(DONE);
    assertThat(stage.latest().at("at").text()).isEqualTo("2026-08-04T01:01:00Z");
  }

  @Test
  void schedulersEnvelopeIsUnderstoodToo() {
    var envelope = Json.parse(resource("scheduler-invocation.json"));
    var event = new TreeMap<String, Object>();
    envelope.members().forEach((name, member) -> event.put(name, member.value()));
    call(event);
    assertThat(stage.latest().at("why").text()).isEqualTo("scheduled");
  }

  @Test
  void anEventOfAnUnknownShapeIsRefused() {
    assertThatThrownBy(() -> call(Map.of("source", "aws.ecs")))
        .hasMessage("audit is missing: want a reason such as 'scheduled'");
    assertThat(stage.kept).isEmpty();
  }

  @Test
  void infraMustSetExactlyThese() {
    assertThat(AuditFunction.SETTINGS)
        .containsExactlyInAnyOrder(
            Setting.SLIPWAY_CONFIG,
            Setting.SLIPWAY_TABLE,
            Setting.SLIPWAY_TOPIC,
            Setting.SLIPWAY_REPORTS,
            Setting.SLIPWAY_SLO_QUEUE,
            Setting.SLIPWAY_ROLLOUT_QUEUE);
  }
}
