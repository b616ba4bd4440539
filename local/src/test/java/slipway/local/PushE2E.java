package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import slipway.account.Scenarios;
import slipway.config.Slo;
import slipway.json.Json;
import slipway.local.cloud.CallLog;
import slipway.local.github.DeploymentStatus;
import slipway.local.load.LoadReport;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.s3.S3Client;

/** The way of a push that is fine, from the commit to the audit. */
@Order(2)
@ExtendWith(Deployed.Once.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PushE2E {
  private String commit;
  private Instant pushed;
  private LoadReport seen;

  @BeforeAll
  void pushAChangeOfTheApp(Deployed deployed) {
    try (var scenarios = new Scenarios(deployed)) {
      pushed = Instant.now();
      var push = scenarios.aPushServes("2");
      commit = push.commit();
      seen = push.seen();
      scenarios.itsSlosAppear();
    }
  }

  private static List<Slo> slos(Deployed deployed) {
    return deployed.slipway.config().services().getFirst().slos();
  }

  @Test
  void theWebhookSaysWhatItBuilds(Deployed deployed) {
    var delivery = deployed.delivery("refs/heads/main", commit);

    assertThat(delivery.status()).hasValue(202);
    var answer = Json.parse(delivery.answer());
    assertThat(answer.at("outcome").text()).isEqualTo("building");
    assertThat(answer.at("reason").text())
        .contains("slipway/dice/app at " + commit)
        .doesNotContain("slipway/dice/adot");
  }

  @Test
  void theSameDeliveryAgainGetsTheSameAnswerAndNoSecondBuild(Deployed deployed) {
    var first = deployed.delivery("refs/heads/main", commit);
    var start = Instant.now();

    var again = deployed.slipway.repository().redeliver(first.id()).join();

    assertThat(again.status()).isEqualTo(first.status());
    assertThat(again.answer()).isEqualTo(first.answer());
    assertThat(deployed.count("StartBuild", start)).isZero();
  }

  @Test
  void theCommitIsToldOfItsBuildAndItsRollout(Deployed deployed) {
    assertThat(deployed.states(commit, "slipway/build")).containsExactly("pending", "success");
    assertThat(deployed.states(commit, "slipway/dice")).containsExactly("pending", "success");
  }

  @Test
  void theRolloutIsADeploymentOnGitHubWithTheServicesAddress(Deployed deployed) {
    assertThat(deployed.slipway.repository().deployments(commit))
        .singleElement()
        .satisfies(
            deployment -> {
              assertThat(deployment.environment()).isEqualTo("production");
              assertThat(deployment.statuses())
                  .extracting(DeploymentStatus::state)
                  .containsExactly("in_progress", "success");
              assertThat(deployment.statuses().getLast().environmentUrl())
                  .isEqualTo(deployed.slipway.service().toString());
            });
  }

  /** From the first look at the template to the record in the ledger, none of them a poll. */
  @Test
  void aRolloutOfTwoBuiltImagesTakesEightCallsOfAws(Deployed deployed) {
    var calls =
        deployed.stack.calls().since(pushed).stream()
            .filter(call -> call.caller().equals("RolloutFunction"))
            .map(CallLog.Entry::operation)
            .filter(operation -> !operation.equals("GetSecretValue")) // once in an environment
            .toList();
    var update = calls.indexOf("UpdateService");

    assertThat(calls.subList(Math.max(0, update - 6), Math.min(calls.size(), update + 2)))
        .containsExactly(
            "DescribeTaskDefinition",
            "BatchGetImage",
            "BatchGetImage",
            "DescribeServices",
            "BatchGetItem",
            "RegisterTaskDefinition",
            "UpdateService",
            "TransactWriteItems");
  }

  @Test
  void theNewVersionAnswersAndNoRequestFailedMeanwhile(Deployed deployed) {
    assertThat(deployed.version()).isEqualTo("2");
    assertThat(seen.failures()).isEmpty();
    assertThat(seen.succeeded()).isGreaterThan(100);
  }

  @Test
  void theRunningRevisionIsPinnedByDigestAndNamesTheCommit(Deployed deployed) {
    assertThat(deployed.runningRevision()).isEqualTo("dice:2");
    var revision = deployed.revision("dice:2");

    assertThat(revision.taskDefinition().containerDefinitions())
        .filteredOn(container -> !container.name().equals("cw-agent"))
        .hasSize(2)
        .extracting(ContainerDefinition::image)
        .allSatisfy(image -> assertThat(image).matches(".+@sha256:[0-9a-f]{64}"));
    assertThat(revision.tags())
        .anySatisfy(
            tag -> {
              assertThat(tag.key()).isEqualTo("slipway:commit");
              assertThat(tag.value()).isEqualTo(commit);
            });
  }

  @Test
  void anAuditThatAPersonAsksForReportsEachSlo(Deployed deployed) {
    try (var scenarios = new Scenarios(deployed)) {
      scenarios.anAuditReportsEachSlo();
    }
  }

  @Test
  void theScheduledAuditReportsEachSlo(Deployed deployed) {
    var start = Instant.now();
    var names = slos(deployed).stream().map(Slo::name).toList();

    deployed.fire("Audit");
    assertThat(deployed.invoked("AuditFunction", start).error()).isEmpty();

    var bucket = deployed.stack.outputs().get("ReportsBucket");
    try (var s3 = deployed.client(S3Client.builder())) {
      var json =
          s3.getObjectAsBytes(get -> get.bucket(bucket).key("audits/latest.json")).asUtf8String();
      var text =
          s3.getObjectAsBytes(get -> get.bucket(bucket).key("audits/latest.md")).asUtf8String();
      assertThat(Json.parse(json).at("slos").items())
          .extracting(slo -> slo.at("name").text())
          .containsExactlyInAnyOrderElementsOf(names);
      assertThat(Json.parse(json).at("why").text()).isEqualTo("scheduled");
      assertThat(text).contains(names);
    }
  }
}
