package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A push that does not compile. */
@Order(3)
@ExtendWith(Deployed.Once.class)
class BrokenBuildE2E {

  @Test
  void theCommitIsToldThePhaseAndWhereTheLogIsAndNothingElseChanges(Deployed deployed) {
    var start = Instant.now();
    var before = deployed.runningRevision();
    var version = deployed.version();
    deployed.clone.change(
        "app/src/main/java/slipway/dice/Version.java", "private Version() {}", "private Version()");
    var commit = deployed.clone.commit("Forget the braces");
    deployed.clone.push();

    var end = deployed.end(commit, "slipway/build");
    deployed.clone.undo();

    assertThat(end.state()).isEqualTo("failure");
    assertThat(end.description())
        .hasValue("failed in BUILD: COMMAND_EXECUTION_ERROR: a command ended with exit status 1");
    assertThat(end.targetUrl()).isPresent();
    assertThat(deployed.states(commit, "slipway/dice")).isEmpty();
    assertThat(deployed.count("RegisterTaskDefinition", start)).isZero();
    assertThat(deployed.runningRevision()).isEqualTo(before);
    assertThat(deployed.version()).isEqualTo(version);
    // The alarm counts what CodeBuild counts; the reason is in the notification of this build.
    deployed.rings("slipway builds fail", start);
    assertThat(deployed.published(start, "ALARM: \"slipway builds fail\"")).isEqualTo(1);
    assertThat(deployed.published(start, "Build of ")).isEqualTo(1);
  }
}
