package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import slipway.json.Json;
import slipway.local.cloud.Place;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Events and messages that nobody expects. */
@Order(6)
@ExtendWith(Deployed.Once.class)
class OddEventsE2E {

  @Test
  void anEventOfAnUnknownShapeWaitsInTheDeadLetterQueueWithItsReason(Deployed deployed)
      throws InterruptedException {
    var dead = deployed.stack.queues().byArn(Place.arn("sqs", "slipway-events-dead")).orElseThrow();
    var before = dead.bodies().size();
    deployed
        .stack
        .events()
        .put(
            "aws.codebuild",
            "CodeBuild Build State Change",
            List.of(),
            Map.of(
                "project-name",
                deployed.stack.outputs().get("ProjectName"),
                "build-id",
                Place.arn("codebuild", "build/slipway-images:1"),
                "build-status",
                "PONDERING"));

    assertThat(dead.awaitSize(before + 1, Duration.ofSeconds(60))).isTrue();

    var letter = Json.parse(dead.bodies().getLast());
    assertThat(letter.at("requestPayload").at("detail").at("build-status").text())
        .isEqualTo("PONDERING");
    assertThat(letter.at("responsePayload").at("errorMessage").text()).contains("build-status");
  }

  @Test
  void theEndOfADeploymentThatNobodyKnowsIsOnlyAReasonToLook(Deployed deployed) {
    var start = Instant.now();
    var before = deployed.deadLetters();
    var runs = deployed.runningRevision();
    deployed
        .stack
        .events()
        .put(
            "aws.ecs",
            "ECS Deployment State Change",
            List.of(Place.arn("ecs", "service/slipway/dice")),
            Map.of("eventName", "SERVICE_DEPLOYMENT_FAILED", "deploymentId", "ecs-svc/1"));

    assertThat(deployed.invoked("RolloutFunction", start).error()).isEmpty();
    assertThat(deployed.count("DeregisterTaskDefinition", start)).isZero();
    assertThat(deployed.count("UpdateService", start)).isZero();
    assertThat(deployed.runningRevision()).isEqualTo(runs);
    assertThat(deployed.deadLetters()).isEqualTo(before);
  }

  @Test
  void aMessageForAServiceThatDoesNotExistIsNoError(Deployed deployed) {
    var start = Instant.now();
    var before = deployed.deadLetters();
    try (var sqs = deployed.client(SqsClient.builder())) {
      sqs.sendMessage(
          send ->
              send.queueUrl(deployed.stack.outputs().get("RolloutQueueUrl"))
                  .messageGroupId("cards")
                  .messageBody("{\"reconcile\":\"cards\",\"why\":\"a test asks\"}"));
    }

    assertThat(deployed.invoked("RolloutFunction", start))
        .satisfies(call -> assertThat(call.status()).isEqualTo(200))
        .satisfies(call -> assertThat(call.error()).isEmpty());
    assertThat(deployed.count("UpdateService", start)).isZero();
    assertThat(deployed.deadLetters()).isEqualTo(before);
  }
}
