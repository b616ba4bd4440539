package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import slipway.json.Json;

/** What a schedule finds when the event that should have told it was lost. */
@Order(7)
@ExtendWith(Deployed.Once.class)
class LostEventsE2E {
  private static final Duration LONG = Duration.ofSeconds(180);

  @Test
  void aPushThatGitHubDidNotTellOfIsBuiltAndServes(Deployed deployed) {
    var start = Instant.now();
    String commit;
    try (var outage = deployed.slipway.repository().loseEvents()) {
      commit = deployed.pushVersion("untold");
      assertThat(outage.lost()).extracting(push -> push.at("after").text()).contains(commit);
    }

    // The first look may be before the webhook, which would make two builds of one push.
    deployed.look("Sources", "SourceFunction");
    assertThat(deployed.count("StartBuild", start)).isZero();
    deployed.look("Sources", "SourceFunction");

    assertThat(deployed.end(commit, "slipway/build").state()).isEqualTo("success");
    assertThat(deployed.end(commit, "slipway/dice").state()).isEqualTo("success");
    assertThat(deployed.version()).isEqualTo("untold");
    assertThat(deployed.count("StartBuild", start)).isOne();
  }

  @Test
  void anImageThatEcrDidNotTellOfIsRolledOut(Deployed deployed) {
    var start = Instant.now();
    String commit;
    try (var loss = deployed.stack.events().lose(LostEventsE2E::movesTheDeployTag)) {
      commit = deployed.pushVersion("unseen");
      assertThat(deployed.end(commit, "slipway/build").state()).isEqualTo("success");
      assertThat(loss.events()).isNotEmpty();
    }
    assertThat(deployed.count("RegisterTaskDefinition", start)).isZero();

    deployed.look("dicerepair", "RolloutFunction");

    assertThat(deployed.end(commit, "slipway/dice").state()).isEqualTo("success");
    assertThat(deployed.version()).isEqualTo("unseen");
  }

  private static boolean movesTheDeployTag(Json event) {
    return event.at("detail-type").text().equals("ECR Image Action")
        && event.at("detail").at("image-tag").optionalText().filter("live"::equals).isPresent();
  }

  @Test
  void aDeploymentWhoseEndEcsDidNotTellIsSettled(Deployed deployed) throws Exception {
    String commit;
    try (var loss = deployed.stack.events().lose(LostEventsE2E::endsADeployment)) {
      commit = deployed.pushVersion("unsettled");
      loss.first().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }
    assertThat(deployed.version()).isEqualTo("unsettled");
    assertThat(deployed.states(commit, "slipway/dice")).containsExactly("pending");
    var start = Instant.now();

    deployed.look("dicerepair", "RolloutFunction");

    assertThat(deployed.end(commit, "slipway/dice").state()).isEqualTo("success");
    assertThat(deployed.invoked("SloFunction", start).error()).isEmpty();
  }

  private static boolean endsADeployment(Json event) {
    return event.at("detail-type").text().equals("ECS Deployment State Change")
        && !event.at("detail").at("eventName").text().endsWith("_IN_PROGRESS");
  }

  @Test
  void eventsThatComeTwiceRollOutOnce(Deployed deployed) {
    Predicate<Json> all = _ -> true;
    var start = Instant.now();
    String commit;
    try (var _ = deployed.stack.events().repeat(all)) {
      commit = deployed.pushVersion("doubled");
      deployed.end(commit, "slipway/dice");
    }

    // A build's news may be told twice: the commit shows the same.
    assertThat(deployed.states(commit, "slipway/build"))
        .containsOnly("pending", "success")
        .endsWith("success");
    assertThat(deployed.states(commit, "slipway/dice")).containsExactly("pending", "success");
    assertThat(deployed.count("StartBuild", start)).isOne();
    assertThat(deployed.count("RegisterTaskDefinition", start)).isOne();
    assertThat(deployed.count("UpdateService", start)).isOne();
    assertThat(deployed.version()).isEqualTo("doubled");
  }
}
