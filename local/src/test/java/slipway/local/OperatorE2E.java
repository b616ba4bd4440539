package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import slipway.account.Scenarios;
import slipway.json.Json;

/** What a person on call does with {@code aws lambda invoke}; each leaves the newest running. */
@Order(9)
@ExtendWith(Deployed.Once.class)
class OperatorE2E {

  @Test
  void aFreezeHoldsWhatIsPushedUntilItIsTakenBack(Deployed deployed) {
    var before = deployed.version();
    var freeze = ask(deployed, "{'service':'dice','freeze':'Black Friday','by':'ann'}");
    assertThat(freeze.at("done").text()).isEqualTo("frozen");
    var start = Instant.now();

    var commit = deployed.pushVersion("thawed");

    var held =
        deployed.statuses.first(
            "slipway/dice of " + commit,
            Duration.ofSeconds(180),
            status -> status.commit().equals(commit) && status.context().equals("slipway/dice"));
    assertThat(held.state()).isEqualTo("pending");
    assertThat(held.description()).hasValue("frozen by ann: Black Friday");
    assertThat(deployed.count("UpdateService", start)).isZero();
    assertThat(deployed.version()).isEqualTo(before);

    ask(deployed, Json.write(freeze.at("undo").value()));

    assertThat(deployed.end(commit, "slipway/dice").state()).isEqualTo("success");
    assertThat(deployed.version()).isEqualTo("thawed");
  }

  @Test
  void aRollbackServesTheEarlierVersionUntilItIsUnpinned(Deployed deployed) {
    try (var scenarios = new Scenarios(deployed)) {
      scenarios.aRollbackServesTheVersionBefore("hasty");
    }
  }

  @Test
  void whatIsNotUnderstoodIsAnAnswerAndNoFailure(Deployed deployed) {
    assertThat(ask(deployed, "{'service':'cards'}").at("error").text())
        .isEqualTo("service is 'cards': want a service: dice");
    assertThat(ask(deployed, "[]").at("error").text())
        .isEqualTo("the document is a list: want an object");
  }

  private static Json ask(Deployed deployed, String request) {
    return Orders.give(deployed.stack, request);
  }
}
