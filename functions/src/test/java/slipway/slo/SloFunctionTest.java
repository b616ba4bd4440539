package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.slo.Samples.available;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import slipway.Invocation;
import slipway.config.Setting;
import slipway.notice.About;
import slipway.notice.Line;

class SloFunctionTest {
  private static final int ATTEMPTS = 30;
  private final World world = new World();
  private final List<String> notices = new ArrayList<>();
  private final Invocation lambda = new Invocation();
  private final List<Line> log = new ArrayList<>();
  private final SloFunction function =
      new SloFunction(
          new SloSync(Samples.config(available("a1", 99.9)), world, world, Samples.CLOCK),
          world,
          (subject, text) -> notices.add(subject + "\n" + text),
          ATTEMPTS,
          log::add);

  private static SQSEvent.SQSMessage message(String id, String body, int receives) {
    var message = new SQSEvent.SQSMessage();
    message.setMessageId(id);
    message.setBody(body);
    message.setAttributes(Map.of("ApproximateReceiveCount", String.valueOf(receives)));
    return message;
  }

  private List<String> again(SQSEvent.SQSMessage... messages) {
    var event = new SQSEvent();
    event.setRecords(List.of(messages));
    return function.handleRequest(event, lambda).getBatchItemFailures().stream()
        .map(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
        .toList();
  }

  @Test
  void aReadyServiceIsSyncedAndItsMessageIsDone() {
    assertThat(again(message("m1", "{\"service\":\"dice\"}", 1))).isEmpty();
    assertThat(world.slos).containsOnlyKeys("a1");
    assertThat(log).singleElement().asString().contains("+ a1: GET /rolldice");
    assertThat(log.getFirst().about()).isEqualTo(About.service("dice"));
  }

  @Test
  void whoSentAMessageCanBeFoundByItsTrace() {
    var message = message("m1", "{\"service\":\"dice\"}", 1);
    message.setAttributes(
        Map.of(
            "ApproximateReceiveCount",
            "1",
            "AWSTraceHeader",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"));
    assertThat(again(message)).isEmpty();
    assertThat(log.getFirst().facts())
        .containsEntry("sentIn", "1-5759e988-bd862e3fe1be46a994272793");
  }

  @Test
  void anUndiscoveredServiceIsHandedOutAgainSilently() {
    world.discovered.clear();
    assertThat(again(message("m1", "{\"service\":\"dice\"}", ATTEMPTS - 1))).containsExactly("m1");
    assertThat(notices).isEmpty();
    assertThat(log)
        .containsExactly(
            Line.warning(
                About.service("dice"),
                "SLOs not synced",
                Map.of(
                    "message",
                    "m1",
                    "attempt",
                    29,
                    "attempts",
                    30,
                    "why",
                    "Application Signals has not seen service dice in production in the last 24"
                        + " hours; it has seen none")));
  }

  @Test
  void theLastAttemptTellsWhatIsMissingAndWhatToCheck() {
    world.discovered.clear();
    assertThat(again(message("m1", "{\"service\":\"dice\"}", ATTEMPTS))).containsExactly("m1");
    assertThat(notices)
        .singleElement()
        .asString()
        .startsWith("SLOs of dice not created\n")
        .contains("service dice in production")
        .contains("- Agent endpoint:", "- Traffic:", "- StartDiscovery:");
  }

  @Test
  void twoMessagesForOneServiceAreOneSync() {
    assertThat(
            again(
                message("m1", "{\"service\":\"dice\"}", 1),
                message("m2", "{\"service\":\"dice\"}", 1)))
        .isEmpty();
    assertThat(world.done).containsExactly("create a1");
  }

  @Test
  void onlyTheFailedMessagesOfABatchComeBack() {
    assertThat(
            again(
                message("m1", "no json", 1),
                message("m2", "{\"service\":\"dice\"}", 1),
                message("m3", "{\"service\":7}", ATTEMPTS)))
        .containsExactly("m1", "m3");
    assertThat(world.slos).containsOnlyKeys("a1");
    assertThat(notices).singleElement().asString().contains("service is 7: want text");
  }

  @Test
  void aRefusedChangeIsTriedAgainAndToldAtTheEnd() {
    world.put(Samples.objective(available("a1", 95)));
    assertThat(again(message("m1", "{\"service\":\"dice\"}", ATTEMPTS))).containsExactly("m1");
    assertThat(notices)
        .singleElement()
        .asString()
        .startsWith("SLOs of dice could not be synced\n")
        .contains("not made by Slipway");
  }

  @Test
  void aServiceThatIsNotConfiguredIsDoneWithTheReasonInTheLog() {
    assertThat(again(message("m1", "{\"service\":\"gone\"}", 1))).isEmpty();
    assertThat(log)
        .singleElement()
        .asString()
        .contains("not in the configuration any more; of its SLOs:\nno changes");
  }

  @Test
  void infraMustSetExactlyThese() {
    assertThat(SloFunction.SETTINGS)
        .containsExactlyInAnyOrder(
            Setting.SLIPWAY_CONFIG, Setting.SLIPWAY_SLO_ATTEMPTS, Setting.SLIPWAY_TOPIC);
  }
}
