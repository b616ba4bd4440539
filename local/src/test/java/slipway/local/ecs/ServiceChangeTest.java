package slipway.local.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import slipway.json.Json;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner.Made;
import slipway.local.stack.Resource;

/** What a second deployment of the stack does with a service, and the end of the stack. */
final class ServiceChangeTest extends TestCluster {
  private static final Made SERVICE = new Made(Arns.service("slipway", "dice"), Map.of());
  private static final Made CLUSTER = new Made("slipway", Map.of("Arn", Arns.cluster("slipway")));

  private static Resource declared(Map<String, Object> more) {
    var properties = new LinkedHashMap<String, Object>();
    properties.put("Cluster", "slipway");
    properties.put("ServiceName", "dice");
    properties.put("TaskDefinition", "dice");
    properties.putAll(more);
    return new Resource("Service", "AWS::ECS::Service", Json.of(properties));
  }

  private void change(Map<String, Object> from, Map<String, Object> to) {
    ecs.update(new Change(declared(from), SERVICE, declared(to)));
  }

  @Test
  void anotherGracePeriodIsNoDeploymentAsTheFamilyMeansWhatRuns() throws Exception {
    push("one");
    register("one");
    service();

    change(
        Map.of("HealthCheckGracePeriodSeconds", 30), Map.of("HealthCheckGracePeriodSeconds", 90));

    assertThat(describeService().at("healthCheckGracePeriodSeconds").integer(0, 100)).isEqualTo(90);
    assertThat(describeService().at("desiredCount").integer(0, 9)).isEqualTo(1);
    assertThat(describeService().at("deployments").items()).hasSize(1);
    assertThat(get()).startsWith("one");
  }

  @Test
  void theFamilyMeansItsNewestRevisionWhateverRan() throws Exception {
    push("one");
    push("two");
    register("one");
    service();
    register("two");

    change(Map.of(), Map.of("EnableECSManagedTags", true));

    // Returns when the service is steady.
    assertThat(describeService().at("taskDefinition").text()).endsWith("task-definition/dice:2");
    assertThat(get()).startsWith("two");
  }

  @Test
  void aPortThatTheRevisionDoesNotHaveIsRefused() throws Exception {
    push("one");
    register("one");
    service();

    assertThatThrownBy(
            () ->
                change(
                    Map.of(),
                    Map.of(
                        "LoadBalancers",
                        List.of(
                            Map.of(
                                "ContainerName", "app",
                                "ContainerPort", 9090,
                                "TargetGroupArn", "arn:other")))))
        .hasMessage("The container app did not have a container port 9090 defined.");
    assertThat(get()).startsWith("one");
  }

  @Test
  void aServiceEndsWithItsTasksAndItsClusterOnlyAfterIt() throws Exception {
    push("one");
    var revision = register("one");
    service();
    var cluster = new Resource("Cluster", "AWS::ECS::Cluster", Json.of(Map.of()));
    assertThatThrownBy(() -> ecs.delete(cluster, CLUSTER))
        .hasMessageStartingWith("The Cluster cannot be deleted while Services are active");

    ecs.delete(declared(Map.of()), SERVICE);

    assertThat(stopped().at("stoppedReason").text()).startsWith("Scaling activity initiated by");
    assertThat(
            call("DescribeServices", Map.of("cluster", "slipway", "services", List.of("dice")))
                .at("failures")
                .items())
        .hasSize(1);
    ecs.delete(cluster, CLUSTER);
    assertThat(ecs.existing()).containsExactly(revision);
    ecs.delete(
        new Resource("Task", "AWS::ECS::TaskDefinition", Json.of(Map.of())),
        new Made(revision, Map.of()));
    assertThat(ecs.existing()).isEmpty();
  }
}
