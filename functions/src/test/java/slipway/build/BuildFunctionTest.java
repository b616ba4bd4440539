package slipway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.tests.EventLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import slipway.Invocation;
import slipway.Samples;
import slipway.json.Malformed;

/** Events as EventBridge sends them, read by the Lambda runtime's own serializers. */
class BuildFunctionTest {
  private final List<String> told = new ArrayList<>();
  private final Invocation invocation = new Invocation();

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
          (subject, _) -> told.add("notice: " + subject));

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
    assertThat(invocation.lines()).containsExactly(summary);
    assertThat(summary)
        .isEqualTo(
            "Build dice-images:57423131-01f6-4c0b-a0bb-fc673f52c44a: built app, adot: commit "
                + Samples.COMMIT);
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

  private static ScheduledEvent event(String status) {
    return EventLoader.loadScheduledEvent(
        "events/codebuild-build-state-change-" + status + ".json");
  }
}
