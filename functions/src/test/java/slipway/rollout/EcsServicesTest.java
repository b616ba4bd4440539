package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.json.Json;
import software.amazon.awssdk.services.ecs.EcsClient;

/** What is asked of ECS about service deployments, as it goes over the wire. */
class EcsServicesTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String ARN =
      "arn:aws:ecs:ap-northeast-1:123456789012:service-deployment/slipway/dice/";

  private static Map<String, Object> deployment(String id, Instant at) {
    return Map.of("serviceDeploymentArn", ARN + id, "createdAt", at.getEpochSecond());
  }

  private static Wire ecs(List<Map<String, Object>> listed, Map<String, Object> described)
      throws IOException {
    return new Wire(
        request ->
            new Wire.Answer(
                200,
                Json.write(
                    Map.of(
                        "serviceDeployments",
                        request.target().orElseThrow().endsWith(".ListServiceDeployments")
                            ? listed
                            : List.of(described)))));
  }

  private static List<String> alarms(Wire wire) {
    return course(wire).map(Course::alarms).orElse(List.of());
  }

  private static Optional<Course> course(Wire wire) {
    return new EcsServices(wire.client(EcsClient.builder()), Samples.config())
        .course(Samples.DICE, "ecs-svc/123", NOON);
  }

  @Test
  void theAlarmsAreThoseOfTheServiceDeploymentThatBeganThen() throws IOException {
    try (var wire =
        ecs(
            List.of(
                deployment("later", NOON.plusSeconds(40)),
                deployment("this", NOON.plusSeconds(1)),
                deployment("earlier", NOON.minusSeconds(30))),
            Map.of(
                "serviceDeploymentArn",
                ARN + "this",
                "alarms",
                Map.of(
                    "status", "TRIGGERED",
                    "alarmNames", List.of("one", "two"),
                    "triggeredAlarmNames", List.of("two"))))) {
      assertThat(alarms(wire)).containsExactly("two");

      assertThat(wire.requests)
          .extracting(request -> Json.parse(request.body()).value())
          .containsExactly(
              Map.of(
                  "cluster",
                  "slipway",
                  "service",
                  "dice",
                  "createdAt",
                  Map.of(
                      "after", (double) NOON.minusSeconds(60).getEpochSecond(),
                      "before", (double) NOON.plusSeconds(60).getEpochSecond())),
              Map.of("serviceDeploymentArns", List.of(ARN + "this")));
    }
  }

  @Test
  void aDeploymentWithoutAlarmsHasNone() throws IOException {
    try (var wire =
        ecs(
            List.of(deployment("this", NOON)),
            Map.of("serviceDeploymentArn", ARN + "this", "alarms", Map.of("status", "DISABLED")))) {
      assertThat(alarms(wire)).isEmpty();
    }
  }

  @Test
  void whatEcsDoesNotListAnyMoreHasNone() throws IOException {
    try (var wire = ecs(List.of(), Map.of())) {
      assertThat(alarms(wire)).isEmpty();
      assertThat(wire.requests).hasSize(1);
    }
  }

  @Test
  void theOneAboutTheDeploymentsServiceRevisionIsMeantWheneverItBegan() throws IOException {
    var revision = "arn:aws:ecs:ap-northeast-1:123456789012:service-revision/slipway/dice/";
    var its = new LinkedHashMap<>(deployment("this", NOON.plusSeconds(40)));
    its.put("targetServiceRevisionArn", revision + "123");
    var other = new LinkedHashMap<>(deployment("other", NOON));
    other.put("targetServiceRevisionArn", revision + "9123");
    try (var wire =
        ecs(
            List.of(other, its),
            Map.of("serviceDeploymentArn", ARN + "this", "status", "PENDING"))) {
      course(wire);

      assertThat(Json.parse(wire.requests.getLast().body()).value())
          .isEqualTo(Map.of("serviceDeploymentArns", List.of(ARN + "this")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING, UNDER_WAY",
    "IN_PROGRESS, UNDER_WAY",
    "STOP_REQUESTED, UNDER_WAY",
    "A_NEW_ONE, UNDER_WAY",
    "SUCCESSFUL, DONE",
    "ROLLBACK_REQUESTED, GOING_BACK",
    "ROLLBACK_IN_PROGRESS, GOING_BACK",
    "ROLLBACK_SUCCESSFUL, WENT_BACK",
    "ROLLBACK_FAILED, STOPPED",
    "STOPPED, STOPPED"
  })
  void whatEcsSaysOfAServiceDeploymentIsItsCourse(String status, Course.State state)
      throws IOException {
    var described =
        Map.of(
            "serviceDeploymentArn",
            ARN + "this",
            "status",
            status,
            "statusReason",
            "as it says",
            "deploymentCircuitBreaker",
            Map.of("status", "MONITORING"));
    try (var wire = ecs(List.of(deployment("this", NOON)), described)) {
      assertThat(course(wire))
          .contains(new Course(ARN + "this", state, "as it says", false, List.of()));
    }
  }

  @Test
  void theReasonOfARollbackAndWhatFoundItAreTold() throws IOException {
    var described =
        Map.of(
            "serviceDeploymentArn",
            ARN + "this",
            "status",
            "ROLLBACK_SUCCESSFUL",
            "rollback",
            Map.of("reason", "because"),
            "deploymentCircuitBreaker",
            Map.of("status", "TRIGGERED"),
            "alarms",
            Map.of("status", "DISABLED"));
    try (var wire = ecs(List.of(deployment("this", NOON)), described)) {
      assertThat(course(wire))
          .contains(new Course(ARN + "this", Course.State.WENT_BACK, "because", true, List.of()));
    }
  }

  private static boolean takenBack(Wire.Answer answer, List<Wire.Request> requests)
      throws IOException {
    try (var wire = new Wire(_ -> answer)) {
      var course = new Course(ARN + "this", Course.State.UNDER_WAY, "", false, List.of());
      var taken =
          new EcsServices(wire.client(EcsClient.builder()), Samples.config()).takeBack(course);
      requests.addAll(wire.requests);
      return taken;
    }
  }

  @Test
  void whatIsTakenBackIsStoppedWithARollback() throws IOException {
    var requests = new ArrayList<Wire.Request>();

    assertThat(takenBack(new Wire.Answer(200, "{}"), requests)).isTrue();

    assertThat(requests)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.target().orElseThrow()).endsWith(".StopServiceDeployment");
              assertThat(Json.parse(request.body()).value())
                  .isEqualTo(Map.of("serviceDeploymentArn", ARN + "this", "stopType", "ROLLBACK"));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ConflictException", "ServiceDeploymentNotFoundException"})
  void whatHasEndedMeanwhileIsNotTakenBack(String refusal) throws IOException {
    assertThat(
            takenBack(
                new Wire.Answer(400, Json.write(Map.of("__type", refusal))), new ArrayList<>()))
        .isFalse();
  }
}
