package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import slipway.json.Json;
import software.amazon.awssdk.services.ecs.EcsClient;

/** What is asked of ECS about alarms, as it goes over the wire. */
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
    return new EcsServices(wire.client(EcsClient.builder()), Samples.config())
        .alarms(Samples.DICE, NOON);
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
}
