package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.infra.Synthesized.only;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.json.Json;
import software.amazon.event.ruler.Ruler;

/** AWS's own matcher, on events as AWS sends them, with the template's patterns. */
class EventPatternsTest {

  @ParameterizedTest
  @ValueSource(strings = {"slipway/dice/app", "slipway/dice/adot"})
  void anImageThatGetsTheDeployTagWakesTheRollout(String repository) {
    assertThat(matches("got the tag", pushed(repository, "live"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"slipway/dice/app,3f1c", "slipway/other/app,live", "slipway/dice/app,''"})
  void anotherTagOrRepositoryDoesNot(String repository, String tag) {
    assertThat(matches("got the tag", pushed(repository, tag))).isFalse();
  }

  @Test
  void aPushByDigestDoesNot() {
    assertThat(
            matches(
                "got the tag",
                event("ecr-image-action-push-by-digest")
                    .replace("\"example/dice\"", "\"slipway/dice/app\"")))
        .isFalse();
  }

  @Test
  void aDeletedOrFailedImageDoesNot() {
    assertThat(matches("got the tag", pushed("slipway/dice/app", "live").replace("PUSH", "DELETE")))
        .isFalse();
    assertThat(
            matches(
                "got the tag", pushed("slipway/dice/app", "live").replace("SUCCESS", "FAILURE")))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecs-deployment-completed", "ecs-deployment-failed"})
  void theEndOfADeploymentOfTheServiceIsFollowed(String event) {
    assertThat(matches("deployment of dice", ours(event))).isTrue();
    assertThat(matches("deployment of dice", event(event))).as("of another cluster").isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ecs-deployment-in-progress",
        "ecs-service-action-steady-state",
        "ecs-task-state-change-stopped-exec-format-error",
        "scheduler-invocation"
      })
  void otherEventsOfEcsAreNot(String event) {
    assertThat(matches("deployment of dice", ours(event))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"codebuild-build-state-change-succeeded", "codebuild-build-state-change-failed"})
  void aBuildOfTheProjectIsFollowed(String event) {
    var project = "${" + only("AWS::CodeBuild::Project").id() + "}";
    assertThat(matches("build of images", event(event).replace("dice-images", project))).isTrue();
    assertThat(matches("build of images", event(event))).as("of another project").isFalse();
  }

  private static boolean matches(String description, String event) {
    var rule = only("AWS::Events::Rule", r -> r.text("Description").contains(description));
    try {
      return Ruler.matchesRule(event, Json.write(rule.at("EventPattern").value()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String pushed(String repository, String tag) {
    return event("ecr-image-action-push")
        .replace("\"example/dice\"", "\"" + repository + "\"")
        .replace("\"main\"", "\"" + tag + "\"");
  }

  private static String ours(String event) {
    return event(event).replace("dice-cluster", "slipway");
  }

  private static String event(String name) {
    try {
      return Files.readString(Path.of("src/test/resources/events", name + ".json"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
