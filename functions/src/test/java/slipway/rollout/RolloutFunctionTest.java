package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.tests.EventLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RolloutFunctionTest {
  private static SQSMessage message(String id, String group, int received) {
    var message = new SQSMessage();
    message.setMessageId(id);
    message.setBody("{}");
    message.setAttributes(
        Map.of("MessageGroupId", group, "ApproximateReceiveCount", String.valueOf(received)));
    return message;
  }

  private static SQSEvent batch(SQSMessage... messages) {
    var event = new SQSEvent();
    event.setRecords(new ArrayList<>(List.of(messages)));
    return event;
  }

  private static List<String> failed(SQSBatchResponse response) {
    return response.getBatchItemFailures().stream()
        .map(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
        .toList();
  }

  @Test
  void imagesPushedTogetherMakeOneRevision() {
    var world = new World();
    world.push(2, 2);
    var function = new RolloutFunction(world.rollouts(), () -> {});

    var response =
        function.handleRequest(
            EventLoader.loadSQSEvent("events/sqs-fifo-batch.json"), new slipway.Invocation());

    assertThat(failed(response)).isEmpty();
    assertThat(world.registered()).hasSize(1);
    assertThat(world.rollouts).hasSize(1);
  }

  @Test
  void whatWaitsForADeploymentKeepsNoMessage() {
    var world = new World();
    world.reconcile();
    world.rolling = false;
    world.push(2, 2);

    var response =
        new RolloutFunction(world.rollouts(), () -> {})
            .handleRequest(
                EventLoader.loadSQSEvent("events/sqs-fifo-batch.json"), new slipway.Invocation());

    assertThat(failed(response)).isEmpty();
    assertThat(world.primary()).isEqualTo("dice:1");
    assertThat(world.announcements.getLast()).endsWith("QUEUED");
  }

  @Test
  void whatEventsSayOfDeploymentsIsHandedOn() {
    var heard = new CopyOnWriteArrayList<Hints>();
    var failed = message("1", "dice", 1);
    failed.setBody(EcsTaskDefinitionsTest.resource("/events/ecs-deployment-failed.json"));
    var odd = message("2", "dice", 1);
    odd.setBody("{\"detail-type\": \"ECS Deployment State Change\", \"resources\": [7]}");
    var none = message("3", "dice", 1);
    none.setBody("no JSON");

    FifoBatch.each(batch(failed, odd, none), (_, hints) -> heard.add(hints));

    assertThat(heard).singleElement().extracting(Hints::deployments).asInstanceOf(LIST).hasSize(1);
  }

  @Test
  void eachServiceIsDoneOnceAndAFailureIsItsOwn() {
    var done = new CopyOnWriteArrayList<String>();

    var response =
        FifoBatch.each(
            batch(
                message("1", "dice", 1),
                message("2", "cards", 1),
                message("3", "dice", 1),
                message("4", "cards", 1)),
            (service, _) -> {
              done.add(service.value());
              if (service.value().equals("cards")) throw new IllegalStateException("throttled");
            });

    assertThat(done).containsExactlyInAnyOrder("dice", "cards");
    assertThat(failed(response)).containsExactly("2", "4");
  }

  @Test
  void aRedeliveredMessageSaysThatAnEarlierTryMayHaveDied() {
    var again = new CopyOnWriteArrayList<Boolean>();

    FifoBatch.each(
        batch(message("1", "dice", 2), message("2", "dice", 1)),
        (_, hints) -> again.add(hints.again()));

    assertThat(again).containsExactly(true);
  }

  @Test
  void aMessageWithoutAGroupGoesBackToTheQueueAndSoToItsDeadLetters() {
    var lost = new SQSMessage();
    lost.setMessageId("lost");
    var done = new CopyOnWriteArrayList<String>();

    var response =
        FifoBatch.each(
            batch(lost, message("1", "dice", 1)), (service, _) -> done.add(service.value()));

    assertThat(failed(response)).containsExactly("lost");
    assertThat(done).containsExactly("dice");
  }
}
