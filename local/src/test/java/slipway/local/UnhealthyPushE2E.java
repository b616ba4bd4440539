package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import slipway.json.Json;
import slipway.local.demo.Traffic;
import slipway.local.github.CommitStatus;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A push whose app starts, but never answers that it is healthy. */
@Order(4)
@ExtendWith(Deployed.Once.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnhealthyPushE2E {
  private static final String HEALTH = "app/src/main/java/slipway/dice/HealthController.java";
  private String goodRevision;
  private String goodVersion;
  private String commit;
  private String failedRevision;
  private CommitStatus end;
  private List<String> failures;
  private long answered;
  private Instant start;

  @BeforeAll
  void pushAnAppThatDoesNotBecomeHealthy(Deployed deployed) {
    start = Instant.now();
    goodRevision = deployed.runningRevision();
    goodVersion = deployed.version();
    var service = deployed.slipway.service();
    var users = List.of(service.resolve("/rolldice?rolls=2"), service.resolve("/"));
    try (var traffic = new Traffic(users, Duration.ofMillis(100), _ -> {})) {
      deployed.clone.change(HEALTH, "HttpStatus.OK", "HttpStatus.SERVICE_UNAVAILABLE");
      commit = deployed.clone.commit("Be unwell");
      deployed.clone.push();
      end = deployed.end(commit, "slipway/dice");
      deployed.clone.undo();
      failedRevision = end.description().orElseThrow().split(" ")[0];
      awaitRollback(deployed);
      answered = traffic.answered();
      failures = traffic.failures();
    }
  }

  /** After a failure ECS completes a deployment of what ran before. */
  private static void awaitRollback(Deployed deployed) {
    var events = deployed.events.past().get();
    var failure =
        events.stream()
            .filter(event -> says(event, "SERVICE_DEPLOYMENT_FAILED"))
            .findFirst()
            .orElseThrow();
    var before = events.subList(0, events.indexOf(failure));
    deployed.events.first(
        "the rollback's end",
        Duration.ofSeconds(60),
        event -> says(event, "SERVICE_DEPLOYMENT_COMPLETED") && !before.contains(event));
  }

  private static boolean says(Json event, String name) {
    return event.at("detail-type").text().equals("ECS Deployment State Change")
        && event.at("detail").at("eventName").text().equals(name);
  }

  @Test
  void theCommitIsToldWhyItDoesNotServe(Deployed deployed) {
    assertThat(deployed.states(commit, "slipway/build")).containsExactly("pending", "success");
    assertThat(deployed.states(commit, "slipway/dice")).containsExactly("pending", "failure");
    assertThat(end.description().orElseThrow())
        .startsWith(failedRevision + " failed, " + goodRevision + " runs: ")
        .contains("health check");
  }

  @Test
  void theDeploymentOnGitHubFailedWithTheReason(Deployed deployed) {
    assertThat(deployed.slipway.repository().deployments(commit))
        .singleElement()
        .satisfies(
            deployment -> {
              assertThat(deployment.state()).isEqualTo("failure");
              assertThat(deployment.statuses().getLast().description())
                  .isEqualTo(end.description().orElseThrow());
            });
  }

  @Test
  void theAlarmOfFailedRolloutsTellsOnceBesideTheOneNotificationWithTheReason(Deployed deployed) {
    deployed.rings("slipway dice rollout failed", start);
    assertThat(deployed.published(start, "ALARM: \"slipway dice rollout failed\"")).isEqualTo(1);
    assertThat(deployed.published(start, "dice: " + failedRevision + " failed")).isEqualTo(1);
  }

  @Test
  void theOldVersionAnswersAndNotOneRequestFailed(Deployed deployed) {
    assertThat(deployed.version()).isEqualTo(goodVersion);
    assertThat(deployed.runningRevision()).isEqualTo(goodRevision);
    assertThat(failures).isEmpty();
    assertThat(answered).isGreaterThan(100);
  }

  @Test
  void theFailedRevisionCanNeverRunAgain(Deployed deployed) {
    assertThat(failedRevision).isNotEqualTo(goodRevision);
    assertThat(deployed.revision(failedRevision).taskDefinition().status())
        .isEqualTo(TaskDefinitionStatus.INACTIVE);
  }

  @Test
  void aHintToLookAgainStartsNothing(Deployed deployed) {
    var start = Instant.now();
    try (var sqs = deployed.client(SqsClient.builder())) {
      sqs.sendMessage(
          send ->
              send.queueUrl(deployed.stack.outputs().get("RolloutQueueUrl"))
                  .messageGroupId("dice")
                  .messageBody("{\"reconcile\":\"dice\",\"why\":\"a test asks\"}"));
    }

    assertThat(deployed.invoked("RolloutFunction", start).status()).isEqualTo(200);
    assertThat(deployed.count("RegisterTaskDefinition", start)).isZero();
    assertThat(deployed.count("UpdateService", start)).isZero();
  }
}
