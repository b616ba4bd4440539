package slipway.local.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import slipway.local.build.TestRegistry;

final class RollingUpdateTest extends TestCluster {

  @Test
  void aRollingUpdateUnderLoadDropsNoRequest() throws Exception {
    push("one");
    push("two");
    register("one");
    service();
    assertThat(get()).isEqualTo("one http://localhost:54316/v1/metrics");
    assertThat(played).containsOnly("cw-agent");

    var answers = new ConcurrentLinkedQueue<String>();
    var enough = new AtomicBoolean();
    try (var client = HttpClient.newHttpClient();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2; i++) {
        threads.submit(
            () -> {
              var request = HttpRequest.newBuilder(URI.create(address + "/")).build();
              while (!enough.get()) {
                var answer = client.send(request, BodyHandlers.ofString());
                answers.add(answer.statusCode() + " " + answer.body().split(" ")[0]);
              }
              return null;
            });
      }
      var id = update(register("two"));
      assertThat(describeService().at("currentServiceDeployment").text())
          .isEqualTo(
              "arn:aws:ecs:ap-northeast-1:123456789012:service-deployment/slipway/dice/"
                  + id.substring("ecs-svc/".length()));
      assertThat(deploymentEvent(id)).isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
      enough.set(true);
      assertThat(describeService().at("currentServiceDeployment").missing()).isTrue();
      assertThat(told())
          .containsSequence(
              "(service dice) has reached a steady state.",
              "(service dice) (deployment " + id + ") deployment completed.")
          .anyMatch(
              message ->
                  message.matches(
                      "\\(service dice\\) has started 1 tasks: \\(task [0-9a-f]{32}\\)\\."))
          .anyMatch(
              message ->
                  message.matches(
                      "\\(service dice\\) registered 1 targets in \\(target-group arn:.*\\)"))
          .anyMatch(
              message ->
                  message.matches(
                      "\\(service dice\\) has stopped 1 running tasks: \\(task [0-9a-f]{32}\\)\\."))
          .anyMatch(
              message ->
                  message.matches(
                      "\\(service dice\\) deregistered 1 targets in \\(target-group arn:.*\\)"))
          .anyMatch(
              message ->
                  message.matches(
                      "\\(service dice, taskSet ecs-svc/\\d+\\) has begun draining connections on 1"
                          + " tasks\\."));
    }
    assertThat(answers).contains("200 one", "200 two").containsOnly("200 one", "200 two");
    var described = call("DescribeTaskDefinition", Map.of("taskDefinition", "dice"));
    assertThat(described.at("taskDefinition").at("futureMember").at("kept").flag()).isTrue();
  }

  @Test
  void threeFailedTasksOpenTheCircuitBreakerAndTheOldVersionStays() throws Exception {
    push("one");
    push("crash");
    register("one");
    service();
    var bad = update(register("crash"));
    assertThat(deploymentEvent(bad)).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
    var back = registry.await(event -> event.type().equals("ECS Deployment State Change")).detail();
    assertThat(back.at("eventName").text()).isEqualTo("SERVICE_DEPLOYMENT_IN_PROGRESS");
    var rollback = back.at("deploymentId").text();
    assertThat(rollback).isNotEqualTo(bad);
    assertThat(back.at("reason").text())
        .isEqualTo(
            "ECS deployment circuit breaker: rolling back to deploymentId " + rollback + ".");
    assertThat(deploymentEvent(rollback)).isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
    assertThat(get()).startsWith("one ");
    assertThat(told())
        .containsSubsequence(
            "(service dice) (deployment " + rollback + ") deployment completed.",
            "(service dice) rolling back to deployment " + rollback + ".",
            "(service dice) (deployment " + bad + ") deployment failed: tasks failed to start.");
    assertThat(describeService().at("deployments").items())
        .extracting(deployment -> deployment.at("id").text())
        .containsExactly(rollback);
    var stopped =
        registry.events.stream()
            .filter(event -> event.type().equals("ECS Task State Change"))
            .map(TestRegistry.Event::detail)
            .filter(task -> task.at("lastStatus").text().equals("STOPPED"))
            .filter(task -> task.at("startedBy").text().equals(bad))
            .filter(task -> task.at("stopCode").text().equals("EssentialContainerExited"))
            .toList();
    assertThat(stopped).hasSizeGreaterThanOrEqualTo(3);
    assertThat(stopped.getFirst().at("containers").items().getFirst().at("exitCode").value())
        .isEqualTo(7);
    var rollouts =
        call("ListServiceDeployments", Map.of("cluster", "slipway", "service", "dice"))
            .at("serviceDeployments")
            .items();
    assertThat(rollouts.getFirst().at("status").text()).isEqualTo("ROLLBACK_SUCCESSFUL");
  }

  @Test
  void anAppThatAnswersWronglyIsStoppedByItsTargetGroup() throws Exception {
    push("one");
    push("sick");
    register("one");
    service();
    var bad = update(register("sick"));
    assertThat(deploymentEvent(bad)).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
    assertThat(registry.events)
        .anyMatch(
            event ->
                event
                    .detail()
                    .at("stoppedReason")
                    .optionalText()
                    .orElse("")
                    .startsWith("Task failed ELB health checks in (target-group "));
    assertThat(told())
        .anyMatch(
            message ->
                message.matches(
                    "\\(service dice\\) \\(task [0-9a-f]{32}\\) \\(port 8080\\) is unhealthy in"
                        + " \\(target-group arn:.*\\) due to \\(reason Health checks failed with"
                        + " these codes: \\[\\d{3}]\\)\\."));
  }

  @Test
  void anImageOfTheWrongArchitectureFailsAsOnFargate() throws Exception {
    push("index", "--platform", "linux/amd64");
    push("single", "--platform", "linux/amd64", "--provenance=false");
    register("single");
    var first = CompletableFuture.runAsync(this::service);
    var exited = stopped();
    assertThat(exited.at("stopCode").text()).isEqualTo("EssentialContainerExited");
    assertThat(exited.at("containers").items().getFirst().at("exitCode").value()).isEqualTo(1);
    assertThat(Files.readString(ecs.log(exited.at("taskArn").text(), "app")))
        .isEqualTo("exec java: exec format error\n");
    assertThat(first).failsWithin(java.time.Duration.ofSeconds(60));

    var failed = describeService().at("deployments").items().getFirst();
    assertThat(failed.at("status").text()).isEqualTo("PRIMARY");
    assertThat(failed.at("rolloutState").text()).isEqualTo("FAILED");
    assertThat(failed.at("rolloutStateReason").text())
        .isEqualTo("ECS deployment circuit breaker: tasks failed to start.");
    assertThat(failed.at("failedTasks").integer(0, 100)).isEqualTo(3);
    assertThat(describeService().at("currentServiceDeployment").missing()).isTrue();

    update(register("index"));
    assertThat(deployment(failed.at("id").text()).at("status").text()).isEqualTo("ACTIVE");
    var refused =
        registry
            .await(
                e ->
                    e.detail()
                        .at("stopCode")
                        .optionalText()
                        .equals(Optional.of("TaskFailedToStart")))
            .detail();
    assertThat(refused.at("stoppedReason").text())
        .startsWith("CannotPullContainerError: ")
        .endsWith("image Manifest does not contain descriptor matching platform 'linux/arm64'");
    // The service tells it after the task's own event.
    await()
        .until(
            this::told,
            events ->
                events.stream()
                    .anyMatch(
                        message ->
                            message.startsWith(
                                "(service dice) was unable to place a task. Reason:"
                                    + " CannotPullContainerError: ")));
  }
}
