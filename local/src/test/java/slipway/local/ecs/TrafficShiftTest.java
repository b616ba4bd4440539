package slipway.local.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import slipway.json.Json;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.Pace;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner.Made;
import slipway.local.stack.Resource;

/** Blue/green, canary and linear deployments, with real processes and real requests. */
@Execution(ExecutionMode.CONCURRENT) // mostly waits, each for what is its own
final class TrafficShiftTest extends TestCluster {
  private static final String ROLE = "arn:aws:iam::123456789012:role/shift";

  /** Long enough that only what the test does ends it. */
  private static final int HELD = 1440;

  private String blue;
  private String green;
  private String rule;

  /** A minute is a second. */
  @Override
  Pace pace() {
    return new Pace(60);
  }

  private void balancer() {
    blue = targetGroup("Targets");
    green = targetGroup("OtherTargets");
    var forward =
        Map.of(
            "TargetGroups",
            List.of(
                Map.of("TargetGroupArn", blue, "Weight", 1),
                Map.of("TargetGroupArn", green, "Weight", 0)));
    rule =
        make(
            "AWS::ElasticLoadBalancingV2::ListenerRule",
            Map.of(
                "ListenerArn",
                listener(blue),
                "Priority",
                1,
                "Conditions",
                List.of(
                    Map.of(
                        "Field",
                        "path-pattern",
                        "PathPatternConfig",
                        Map.of("Values", List.of("/*")))),
                "Actions",
                List.of(Map.of("Type", "forward", "ForwardConfig", forward))));
  }

  private Map<String, Object> shifted(Map<String, Object> strategy) {
    var configuration = new LinkedHashMap<>(strategy);
    configuration.put("DeploymentCircuitBreaker", Map.of("Enable", true, "Rollback", true));
    configuration.put(
        "Alarms", Map.of("AlarmNames", List.of("burn"), "Enable", true, "Rollback", true));
    return declared(
        configuration,
        Map.of(
            "TargetGroupArn",
            blue,
            "AdvancedConfiguration",
            Map.of(
                "AlternateTargetGroupArn",
                green,
                "ProductionListenerRule",
                rule,
                "RoleArn",
                ROLE)));
  }

  /** A service of version one. */
  private void service(String strategy, Map<String, Object> more) throws Exception {
    alarms.put("burn", false);
    push("one");
    push("two");
    register("one");
    balancer();
    var configuration = new LinkedHashMap<>(more);
    configuration.put("Strategy", strategy);
    make("AWS::ECS::Service", shifted(configuration));
  }

  private void canary(double percent, int step, int bake) throws Exception {
    service(
        "CANARY",
        Map.of(
            "CanaryConfiguration",
            Map.of("CanaryPercent", percent, "CanaryBakeTimeInMinutes", step),
            "BakeTimeInMinutes",
            bake));
  }

  /** Waits until the deployment that began last is there. */
  private void reaches(String stage) throws Exception {
    var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!newest().at("lifecycleStage").text().equals(stage)) {
      if (System.nanoTime() > until) throw new AssertionError(newest());
      get();
    }
  }

  /** The deployment that began last; if ECS cannot even begin, it may have ended already. */
  private String begun() {
    return "ecs-svc/" + Arns.name(newest().at("targetServiceRevision").at("arn").text());
  }

  private String arn() {
    return newest().at("serviceDeploymentArn").text();
  }

  private void stop(String arn) {
    call("StopServiceDeployment", Map.of("serviceDeploymentArn", arn, "stopType", "ROLLBACK"));
  }

  private double weight() {
    return newest().at("targetServiceRevision").at("requestedProductionTrafficWeight").number();
  }

  /** Requests without an end, and what was answered to each. */
  private final class Load implements AutoCloseable {
    private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Future<?>> clients = new ArrayList<>();

    Load() {
      var threads = Executors.newVirtualThreadPerTaskExecutor();
      for (int i = 0; i < 2; i++)
        clients.add(
            threads.submit(
                () -> {
                  while (!enough.get()) answers.add(ask());
                  return null;
                }));
    }

    private String ask() throws Exception {
      var request = HttpRequest.newBuilder(URI.create(address + "/")).build();
      var answer = client.send(request, BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body().split(" ")[0];
    }

    /** What was answered until now. */
    List<String> end() throws Exception {
      enough.set(true);
      for (var one : clients) one.get();
      return List.copyOf(answers);
    }

    @Override
    public void close() {
      enough.set(true);
      client.close();
    }
  }

  private List<String> answers(int requests) throws Exception {
    var answers = new ArrayList<String>();
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(address + "/")).build();
      for (int i = 0; i < requests; i++)
        answers.add(client.send(request, BodyHandlers.ofString()).body().split(" ")[0]);
    }
    return answers;
  }

  @Test
  void aBlueGreenDeploymentLosesNoRequestAndShiftsAllAtOnce() throws Exception {
    service("BLUE_GREEN", Map.of("BakeTimeInMinutes", 1));
    try (var load = new Load()) {
      var id = update(register("two"));
      assertThat(newest().at("status").text()).isEqualTo("IN_PROGRESS");
      assertThat(newest().at("lifecycleStage").text()).isIn("RECONCILE_SERVICE", "SCALE_UP");
      // Only of rolling updates is it told how far they are.
      assertThat(deployment(id).at("rolloutState").missing()).isTrue();
      reaches("BAKE_TIME");
      assertThat(answers(20)).containsOnly("two");
      assertThat(weight()).isEqualTo(100);
      var source = newest().at("sourceServiceRevisions").items().getFirst();
      assertThat(source.at("runningTaskCount").integer(0, 9)).isEqualTo(1);
      assertThat(source.at("requestedProductionTrafficWeight").number()).isZero();
      assertThat(describeService().at("currentServiceDeployment").text()).isEqualTo(arn());

      assertThat(deploymentEvent(id)).isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");

      assertThat(load.end()).contains("200 one", "200 two").containsOnly("200 one", "200 two");
    }
    assertThat(newest().at("status").text()).isEqualTo("SUCCESSFUL");
    assertThat(newest().at("lifecycleStage").text()).isEqualTo("CLEAN_UP");
    assertThat(describeService().at("currentServiceDeployment").missing()).isTrue();
    assertThat(describeService().at("deployments").items()).hasSize(1);
    assertThat(balancers.weights(rule)).isEqualTo(Map.of(blue, 0, green, 999));

    // The groups change roles.
    var id = update(register("one"));
    assertThat(deploymentEvent(id)).isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
    assertThat(balancers.weights(rule)).isEqualTo(Map.of(blue, 999, green, 0));
    assertThat(answers(20)).containsOnly("one");
  }

  @Test
  void aCanaryTakesItsShareAndAnAlarmTakesItBackAtOnce() throws Exception {
    canary(25, HELD, 0);
    var id = update(register("two"));
    reaches("PRODUCTION_TRAFFIC_SHIFT");
    assertThat(weight()).isEqualTo(25);

    var share = answers(400).stream().filter("two"::equals).count() / 400.0;

    // Five standard deviations.
    assertThat(share).isCloseTo(0.25, within(0.11));
    assertThat(newest().at("lifecycleStage").text()).isEqualTo("PRODUCTION_TRAFFIC_SHIFT");
    assertThat(newest().at("alarms").at("status").text()).isEqualTo("MONITORING");
    var before = newest().at("sourceServiceRevisions").items().getFirst().at("arn").text();
    try (var load = new Load()) {
      alarms.put("burn", true);

      assertThat(deploymentEvent(id)).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
      assertThat(answers(40)).containsOnly("one");
      var back = "ecs-svc/" + Arns.name(before);
      assertThat(deploymentEvent(back)).isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
      assertThat(load.end()).isNotEmpty().allMatch(answer -> answer.startsWith("200 "));
      assertThat(told())
          .containsSubsequence(
              "(service dice) (deployment " + back + ") deployment completed.",
              "(service dice) rolling back to deployment " + back + ".",
              "(service dice) (deployment " + id + ") deployment failed: alarm detected.");
    }
    var rollout = newest();
    assertThat(rollout.at("status").text()).isEqualTo("ROLLBACK_SUCCESSFUL");
    assertThat(rollout.at("rollback").at("serviceRevisionArn").text()).isEqualTo(before);
    assertThat(rollout.at("alarms").at("status").text()).isEqualTo("TRIGGERED");
    assertThat(rollout.at("alarms").at("triggeredAlarmNames").items())
        .extracting(Json::text)
        .containsExactly("burn");
    assertThat(describeService().at("taskDefinition").text()).endsWith("dice:1");
    assertThat(describeService().at("currentServiceDeployment").missing()).isTrue();
  }

  @Test
  void anAlarmWhileTheOldVersionIsStillThereTakesAllRequestsBack() throws Exception {
    canary(50, 0, HELD);
    var id = update(register("two"));
    reaches("BAKE_TIME");
    assertThat(answers(20)).containsOnly("two");

    alarms.put("burn", true);

    assertThat(deploymentEvent(id)).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
    assertThat(answers(20)).containsOnly("one");
  }

  @Test
  void aLinearDeploymentGoesUpStepByStep() throws Exception {
    service(
        "LINEAR",
        Map.of(
            "LinearConfiguration",
            Map.of("StepPercent", 40, "StepBakeTimeInMinutes", 1),
            "BakeTimeInMinutes",
            0));
    var seen = new ArrayList<Double>();
    var id = update(register("two"));
    while (newest().at("status").text().equals("IN_PROGRESS")) {
      var weight = weight();
      if (seen.isEmpty() || seen.getLast() != weight) seen.add(weight);
      get();
    }

    assertThat(seen).containsExactly(0.0, 40.0, 80.0, 100.0);
    assertThat(deploymentEvent(id)).isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
  }

  @Test
  void aVersionThatCannotStartNeverGetsARequest() throws Exception {
    push("crash");
    canary(50, HELD, 0);
    try (var load = new Load()) {
      var id = update(register("crash"));
      assertThat(deploymentEvent(id)).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
      assertThat(load.end()).containsOnly("200 one");
    }
    registry.await(event -> event.type().equals("ECS Service Action"));
    var rollout = newest();
    assertThat(rollout.at("status").text()).isEqualTo("ROLLBACK_SUCCESSFUL");
    assertThat(rollout.at("statusReason").text())
        .isEqualTo(
            "Service deployment rolled back because the circuit breaker threshold was exceeded.");
    assertThat(rollout.at("deploymentCircuitBreaker").at("status").text()).isEqualTo("TRIGGERED");
  }

  @Test
  void aPersonStopsACanaryWithARollback() throws Exception {
    canary(50, HELD, 0);
    update(register("two"));
    reaches("PRODUCTION_TRAFFIC_SHIFT");
    var arn = arn();
    var back = newest().at("sourceServiceRevisions").items().getFirst().at("arn").text();
    assertThat(deploymentEvent("ecs-svc/" + Arns.name(back))).endsWith("COMPLETED");

    stop(arn);

    assertThat(newest().at("status").text()).isEqualTo("ROLLBACK_IN_PROGRESS");
    assertThat(answers(20)).containsOnly("one");
    assertThat(deploymentEvent("ecs-svc/" + Arns.name(back))).endsWith("COMPLETED");
    assertThat(newest().at("status").text()).isEqualTo("ROLLBACK_SUCCESSFUL");
    assertThat(newest().at("deploymentCircuitBreaker").at("status").text())
        .isEqualTo("MONITORING_COMPLETE");
    assertThatThrownBy(() -> stop(arn))
        .isInstanceOfSatisfying(
            AwsError.class, error -> assertThat(error.code()).isEqualTo("ConflictException"));
    assertThatThrownBy(() -> stop(arn + "x"))
        .isInstanceOfSatisfying(
            AwsError.class,
            error -> assertThat(error.code()).isEqualTo("ServiceDeploymentNotFoundException"));
  }

  @Test
  void aNewerDeploymentTakesThePlaceOfACanary() throws Exception {
    push("three");
    canary(50, 0, 0);
    call(
        "UpdateService",
        Map.of(
            "cluster",
            "slipway",
            "service",
            "dice",
            "taskDefinition",
            register("two"),
            "deploymentConfiguration",
            Map.of("strategy", "BLUE_GREEN", "bakeTimeInMinutes", HELD)));
    reaches("BAKE_TIME");
    var first = arn();
    try (var load = new Load()) {
      var id =
          call(
                  "UpdateService",
                  Map.of(
                      "cluster",
                      "slipway",
                      "service",
                      "dice",
                      "taskDefinition",
                      register("three"),
                      "deploymentConfiguration",
                      Map.of("strategy", "BLUE_GREEN", "bakeTimeInMinutes", 0)))
              .at("service")
              .at("deployments")
              .items()
              .getFirst()
              .at("id")
              .text();
      assertThat(deploymentEvent(id)).isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
      assertThat(load.end()).allMatch(answer -> answer.startsWith("200 "));
    }
    assertThat(answers(20)).containsOnly("three");
    assertThat(
            call("DescribeServiceDeployments", Map.of("serviceDeploymentArns", List.of(first)))
                .at("serviceDeployments")
                .items()
                .getFirst()
                .at("status")
                .text())
        .isEqualTo("STOPPED");
  }

  @Test
  void withoutAPermissionOfItsRoleEcsGoesBackAndNamesTheRole() throws Exception {
    service("BLUE_GREEN", Map.of("BakeTimeInMinutes", 0));
    var two = register("two");
    for (var operation :
        List.of(
            "DescribeListeners",
            "DescribeRules",
            "DescribeTargetGroups",
            "DescribeTargetHealth",
            "RegisterTargets",
            "DeregisterTargets",
            "ModifyRule")) {
      registry.forbidden.put("elasticloadbalancing:" + operation, true);

      update(two);

      assertThat(deploymentEvent(begun())).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
      assertThat(newest().at("statusReason").text())
          .startsWith(
              "Service deployment rolled back because of invalid networking configuration. ECS was"
                  + " unable to manage the ELB resources due to missing permissions on ECS"
                  + " Infrastructure Role '"
                  + ROLE)
          .contains(operation);
      // What it cannot do on the way back it tells, and goes on.
      registry.await(event -> event.type().equals("ECS Service Action"));
      registry.forbidden.clear();
    }
    assertThat(answers(20)).containsOnly("one");
  }

  @Test
  void aRoleThatDoesNotTrustEcsIsNoRoleOfIts() throws Exception {
    service("BLUE_GREEN", Map.of("BakeTimeInMinutes", 0));
    untrusting.add(ROLE);

    update(register("two"));

    assertThat(deploymentEvent(begun())).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
    registry.await(event -> event.type().equals("ECS Service Action"));
    assertThat(newest().at("status").text()).isEqualTo("ROLLBACK_SUCCESSFUL");
    assertThat(answers(20)).containsOnly("one");
  }

  @Test
  void aRuleThatServesFromBothGroupsIsRefused() throws Exception {
    service("BLUE_GREEN", Map.of("BakeTimeInMinutes", 0));
    balancers.shift(rule, Map.of(blue, 1, green, 1));

    update(register("two"));

    assertThat(deploymentEvent(begun())).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
    assertThat(newest().at("statusReason").text()).contains("but found 2 target groups");
  }

  @Test
  void aServiceWhoseTasksWereReplacedOneByOneBecomesBlueGreenWithoutLosingARequest()
      throws Exception {
    alarms.put("burn", false);
    push("one");
    push("two");
    register("one");
    balancer();
    var rolling =
        declared(
            Map.of("DeploymentCircuitBreaker", Map.of("Enable", true, "Rollback", true)),
            Map.of("TargetGroupArn", blue));
    make("AWS::ECS::Service", rolling);
    var shifted = shifted(Map.of("Strategy", "BLUE_GREEN", "BakeTimeInMinutes", 0));
    try (var load = new Load()) {
      ecs.update(
          new Change(
              new Resource("Service", "AWS::ECS::Service", Json.of(rolling)),
              new Made(Arns.service("slipway", "dice"), Map.of()),
              new Resource("Service", "AWS::ECS::Service", Json.of(shifted))));
      assertThat(balancers.weights(rule)).isEqualTo(Map.of(blue, 0, green, 999));
      assertThat(deploymentEvent(update(register("two"))))
          .isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
      assertThat(load.end()).allMatch(answer -> answer.startsWith("200 "));
    }
    assertThat(answers(20)).containsOnly("two");
  }

  @Test
  void whatShiftsRequestsNeedsTwoTargetGroups() throws Exception {
    push("one");
    register("one");
    balancer();

    assertThatThrownBy(
            () ->
                make(
                    "AWS::ECS::Service",
                    declared(Map.of("Strategy", "CANARY"), Map.of("TargetGroupArn", blue))))
        .hasMessageContaining("advancedConfiguration field is required for all loadBalancers");
  }
}
