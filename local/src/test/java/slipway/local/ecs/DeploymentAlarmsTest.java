package slipway.local.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import slipway.json.Json;
import slipway.local.cloud.AwsError;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner.Made;
import slipway.local.stack.Resource;

/** CloudWatch alarms that fail a deployment, with real processes. */
@Execution(ExecutionMode.CONCURRENT) // mostly waits, each for what is its own
final class DeploymentAlarmsTest extends TestCluster {

  private void serviceWith(boolean rollback, String... names) {
    service(
        Map.of(
            "DeploymentCircuitBreaker",
            Map.of("Enable", true, "Rollback", true),
            "Alarms",
            Map.of("AlarmNames", List.of(names), "Enable", true, "Rollback", rollback)));
  }

  /** The old version's task is gone: from now on it is the new version that is watched. */
  private String updated(String word) throws Exception {
    var old = describeService().at("deployments").items().getFirst().at("id").text();
    var id = update(register(word));
    registry.await(
        event ->
            event.type().equals("ECS Task State Change")
                && event.detail().at("startedBy").text().equals(old)
                && event.detail().at("lastStatus").text().equals("STOPPED"));
    return id;
  }

  private static List<String> texts(Json list) {
    return list.items().stream().map(Json::text).toList();
  }

  @Test
  void anAlarmThatGoesOffWhileAllServesRollsBackAndTheNewVersionServesUntilTheOldOneIsBack()
      throws Exception {
    alarms.put("burn", false);
    alarms.put("lag", false);
    push("one");
    push("two");
    register("one");
    serviceWith(true, "burn", "lag");
    var bad = updated("two");
    assertThat(get()).startsWith("two ");
    assertThat(newest().at("alarms").at("status").text()).isEqualTo("MONITORING");
    assertThat(deployment(bad).at("rolloutState").text()).isEqualTo("IN_PROGRESS");

    alarms.put("burn", true);

    var failed =
        registry
            .await(
                event ->
                    event
                        .detail()
                        .at("eventName")
                        .optionalText()
                        .equals(Optional.of("SERVICE_DEPLOYMENT_FAILED")))
            .detail();
    assertThat(failed.at("deploymentId").text()).isEqualTo(bad);
    assertThat(failed.at("reason").text()).isEqualTo("ECS deployment alarm: alarm detected.");
    assertThat(get()).startsWith("two ");
    var back =
        registry
            .await(
                event ->
                    event
                        .detail()
                        .at("eventName")
                        .optionalText()
                        .equals(Optional.of("SERVICE_DEPLOYMENT_IN_PROGRESS")))
            .detail()
            .at("deploymentId")
            .text();
    assertThat(deploymentEvent(back)).isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
    assertThat(get()).startsWith("one ");
    assertThat(told())
        .containsSubsequence(
            "(service dice) (deployment " + back + ") deployment completed.",
            "(service dice) rolling back to deployment " + back + ".",
            "(service dice) (deployment " + bad + ") deployment failed: alarm detected.");
    var rollout = newest();
    assertThat(rollout.at("status").text()).isEqualTo("ROLLBACK_SUCCESSFUL");
    assertThat(rollout.at("rollback").at("reason").text())
        .isEqualTo("ECS deployment alarm: alarm detected.");
    assertThat(rollout.at("alarms").at("status").text()).isEqualTo("TRIGGERED");
    assertThat(texts(rollout.at("alarms").at("alarmNames"))).containsExactly("burn", "lag");
    assertThat(texts(rollout.at("alarms").at("triggeredAlarmNames"))).containsExactly("burn");
    assertThat(rollout.at("deploymentCircuitBreaker").at("status").text())
        .isEqualTo("MONITORING_COMPLETE");
  }

  @Test
  void aDeploymentWhoseAlarmsStayQuietIsCompleteWhenTheyHadTheirTime() throws Exception {
    alarms.put("burn", false);
    push("one");
    push("two");
    register("one");
    serviceWith(true, "burn");
    var id = updated("two");
    var serves = System.nanoTime();

    assertThat(deploymentEvent(id)).isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
    assertThat((System.nanoTime() - serves) / 1e9).isGreaterThan(1.5);
    assertThat(newest().at("alarms").at("status").text()).isEqualTo("MONITORING_COMPLETE");
    assertThat(texts(newest().at("alarms").at("triggeredAlarmNames"))).isEmpty();
  }

  @Test
  void ifOneAlarmIsOnAlreadyNoneIsWatched() throws Exception {
    alarms.put("burn", true);
    alarms.put("lag", false);
    push("one");
    push("two");
    register("one");
    serviceWith(true, "burn", "lag");
    var id = update(register("two"));
    alarms.put("lag", true);

    assertThat(deploymentEvent(id)).isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
    assertThat(get()).startsWith("two ");
    assertThat(newest().at("alarms").at("status").text()).isEqualTo("DISABLED");
  }

  @Test
  void withoutRollbackTheDeploymentFailsAndItsTasksServeOn() throws Exception {
    alarms.put("burn", false);
    push("one");
    push("two");
    register("one");
    serviceWith(false, "burn");
    var bad = updated("two");
    alarms.put("burn", true);

    assertThat(deploymentEvent(bad)).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
    assertThat(deployment(bad).at("rolloutStateReason").text())
        .isEqualTo("ECS deployment alarm: alarm detected.");
    assertThat(newest().at("status").text()).isEqualTo("STOPPED");
    assertThat(get()).startsWith("two ");
  }

  @Test
  void anAlarmThatDoesNotExistIsRefusedByTheTemplateAndByAnUpdate() throws Exception {
    push("one");
    register("one");
    assertThatThrownBy(() -> serviceWith(true, "none"))
        .hasMessageContaining("the deployment alarm 'none' does not exist");
    service();
    var declared =
        Map.<String, Object>of(
            "Cluster", "slipway", "ServiceName", "dice", "TaskDefinition", "dice");
    var changed = new LinkedHashMap<>(declared);
    changed.put(
        "DeploymentConfiguration",
        Map.of("Alarms", Map.of("AlarmNames", List.of("none"), "Enable", true, "Rollback", true)));
    assertThatThrownBy(
            () ->
                ecs.update(
                    new Change(
                        new Resource("Service", "AWS::ECS::Service", Json.of(declared)),
                        new Made(Arns.service("slipway", "dice"), Map.of()),
                        new Resource("Service", "AWS::ECS::Service", Json.of(changed)))))
        .hasMessageContaining("the deployment alarm 'none' does not exist");
    assertThatThrownBy(
            () ->
                call(
                    "UpdateService",
                    Map.of(
                        "cluster",
                        "slipway",
                        "service",
                        "dice",
                        "deploymentConfiguration",
                        Map.of(
                            "alarms",
                            Map.of(
                                "alarmNames", List.of("none"), "enable", true, "rollback", true)))))
        .isInstanceOfSatisfying(
            AwsError.class,
            error -> assertThat(error.code()).isEqualTo("InvalidParameterException"));
  }
}
