package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import slipway.json.Json;
import slipway.local.github.CommitStatus;

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
    var earlier = deployed.version();
    var commit = deployed.pushVersion("hasty");
    assertThat(deployed.end(commit, "slipway/dice").state()).isEqualTo("success");
    var known = deployed.statuses.past().get();

    var rollback =
        ask(deployed, "{'service':'dice','rollback':true,'by':'ann','reason':'too slow'}");

    assertThat(rollback.at("done").text()).startsWith("rolled back, pinned to ");
    awaitHealthy(deployed, known);
    assertThat(deployed.version()).isEqualTo(earlier);
    var history = ask(deployed, "{'service':'dice','history':true}");
    assertThat(history.at("rollouts").items().getFirst().at("why").text())
        .isEqualTo("pinned by ann: too slow");
    var order = history.at("orders").items().getFirst();
    assertThat(order.at("what").text()).isEqualTo(rollback.at("done").text());
    assertThat(order.at("by").text()).isEqualTo("ann");
    var status = ask(deployed, "{}").at("services").items().getFirst();
    assertThat(status.at("pinned").at("reason").text()).isEqualTo("too slow");
    var pinned = deployed.statuses.past().get();

    ask(deployed, Json.write(rollback.at("undo").value()));

    awaitHealthy(deployed, pinned);
    assertThat(deployed.version()).isEqualTo("hasty");
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

  /** Waits until a rollout is healthy that was not before; each has a revision of its own. */
  private static void awaitHealthy(Deployed deployed, List<CommitStatus> before) {
    deployed.statuses.first(
        "a healthy rollout",
        Duration.ofSeconds(180),
        status ->
            status.context().equals("slipway/dice")
                && status.state().equals("success")
                && !before.contains(status));
  }
}
