package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import slipway.account.Scenarios;
import slipway.json.Json;
import slipway.local.load.LoadReport;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A push whose app starts, but never answers that it is healthy. */
@Order(4)
@ExtendWith(Deployed.Once.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnhealthyPushE2E {
  private String goodRevision;
  private String goodVersion;
  private String commit;
  private String failedRevision;
  private String told;
  private LoadReport seen;

  @BeforeAll
  void pushAnAppThatDoesNotBecomeHealthy(Deployed deployed) {
    goodRevision = deployed.runningRevision();
    goodVersion = deployed.version();
    try (var scenarios = new Scenarios(deployed)) {
      var refused = scenarios.aVersionThatIsNotHealthyNeverServes();
      commit = refused.commit();
      told = refused.told();
      seen = refused.seen();
    }
    failedRevision = told.split(" ")[0];
    awaitRollback(deployed);
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
    assertThat(told)
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
              assertThat(deployment.statuses().getLast().description()).isEqualTo(told);
            });
  }

  @Test
  void theOldVersionAnswersAndNotOneRequestFailed(Deployed deployed) {
    assertThat(deployed.version()).isEqualTo(goodVersion);
    assertThat(deployed.runningRevision()).isEqualTo(goodRevision);
    assertThat(seen.failures()).isEmpty();
    assertThat(seen.succeeded()).isGreaterThan(100);
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
