package slipway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.tests.EventLoader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.Invocation;
import slipway.RecordingServer;
import slipway.Samples;
import slipway.json.Malformed;
import slipway.notice.About;
import slipway.notice.Line;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;

/** Events as EventBridge sends them, read by the Lambda runtime's own serializers. */
class BuildFunctionTest {
  private final List<String> told = new ArrayList<>();
  private final Invocation invocation = new Invocation();
  private final List<Line> log = new ArrayList<>();
  private String running = "none";

  private final BuildFunction function =
      new BuildFunction(
          Samples.config(),
          (repository, commit, state, context, _, target) ->
              told.add(
                  context
                      + " of "
                      + repository
                      + " "
                      + commit
                      + " is "
                      + state
                      + ", log "
                      + target.isPresent()),
          (service, reason) -> told.add("no first release of " + service + ": " + reason),
          (subject, _) -> told.add("notice: " + subject),
          build -> build.equals(running),
          log::add);

  @Test
  void aSuccessIsToldToTheCommitOnly() {
    function.handleRequest(event("succeeded"), invocation);
    assertThat(told)
        .containsExactly(
            "slipway/build of example/dice " + Samples.COMMIT + " is SUCCESS, log true");
  }

  @Test
  void aFailureIsToldToTheCommitThenToAWaitingStackThenToPeople() {
    function.handleRequest(event("failed"), invocation);
    assertThat(told).hasSize(3);
    assertThat(told.get(0))
        .isEqualTo("slipway/build of example/dice " + Samples.COMMIT + " is FAILURE, log true");
    assertThat(told.get(1))
        .startsWith(
            "no first release of dice: build dice-images:e2f6920c-bc68-4689-ac72-249b246e54b2 of"
                + " app, adot failed in BUILD: COMMAND_EXECUTION_ERROR");
    assertThat(told.get(2)).isEqualTo("notice: Build of app, adot failed in BUILD");
  }

  @Test
  void whatItDidIsInTheLog() {
    var summary = function.handleRequest(event("succeeded"), invocation);
    assertThat(log)
        .containsExactly(
            Line.info(
                About.service("dice").commit(Samples.COMMIT),
                "build moved on",
                Map.of(
                    "build",
                    "dice-images:57423131-01f6-4c0b-a0bb-fc673f52c44a",
                    "state",
                    "Succeeded",
                    "outcome",
                    summary)));
    assertThat(summary)
        .isEqualTo(
            "Build dice-images:57423131-01f6-4c0b-a0bb-fc673f52c44a: built app, adot: commit "
                + Samples.COMMIT);
  }

  @Test
  void aBuildThatRunsIsPending() {
    running = "dice-images:57423131-01f6-4c0b-a0bb-fc673f52c44a";
    function.handleRequest(inProgress(), invocation);
    assertThat(told)
        .containsExactly(
            "slipway/build of example/dice " + Samples.COMMIT + " is PENDING, log true");
  }

  @Test
  void thatItRunsIsNotToldAnyMoreWhenItHasEnded() {
    function.handleRequest(event("succeeded"), invocation);
    told.clear();

    var summary = function.handleRequest(inProgress(), invocation);

    assertThat(told).isEmpty();
    assertThat(summary)
        .isEqualTo(
            "Build dice-images:57423131-01f6-4c0b-a0bb-fc673f52c44a: has ended before this event"
                + " came that it runs");
  }

  @ParameterizedTest
  @CsvSource({"IN_PROGRESS, true", "SUCCEEDED, false", "FAILED, false", "STOPPED, false"})
  void codeBuildIsAskedOnceWhetherItRuns(String status, boolean runs) {
    var answer = "{\"builds\": [{\"id\": \"p:1\", \"buildStatus\": \"%s\"}]}".formatted(status);
    try (var server = new RecordingServer(_ -> RecordingServer.Reply.ok(answer))) {
      assertThat(new CodeBuildRunning(server.client(CodeBuildClient.builder())).runs("p:1"))
          .isEqualTo(runs);
      assertThat(server.operations()).containsExactly("BatchGetBuilds");
      assertThat(server.calls().getFirst().json().value()).isEqualTo(Map.of("ids", List.of("p:1")));
    }
  }

  @Test
  void aBuildThatCodeBuildDoesNotKnowDoesNotRun() {
    var answer = "{\"builds\": [], \"buildsNotFound\": [\"p:1\"]}";
    try (var server = new RecordingServer(_ -> RecordingServer.Reply.ok(answer))) {
      assertThat(new CodeBuildRunning(server.client(CodeBuildClient.builder())).runs("p:1"))
          .isFalse();
    }
  }

  @Test
  void anotherKindOfEventIsThrownBackWithTheReason() {
    var event = event("succeeded").withDetailType("CodeBuild Build Phase Change");
    assertThatThrownBy(() -> function.handleRequest(event, invocation))
        .isInstanceOf(Malformed.class)
        .hasMessage(
            "detail-type is 'CodeBuild Build Phase Change': want CodeBuild Build State Change");
    assertThat(told).isEmpty();
  }

  @Test
  void anEventOfAnUnknownShapeIsThrownBackWithTheField() {
    var event = event("succeeded").withDetail(Map.of("build-status", "SUCCEEDED"));
    assertThatThrownBy(() -> function.handleRequest(event, invocation))
        .isInstanceOf(Malformed.class)
        .hasMessage("detail.build-id is missing: want text");
    assertThat(told).isEmpty();
  }

  private static ScheduledEvent inProgress() {
    var event = event("succeeded");
    var detail = new HashMap<>(event.getDetail());
    detail.put("build-status", "IN_PROGRESS");
    return event.withDetail(detail);
  }

  private static ScheduledEvent event(String status) {
    return EventLoader.loadScheduledEvent(
        "events/codebuild-build-state-change-" + status + ".json");
  }
}
