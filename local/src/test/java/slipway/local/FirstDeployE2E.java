package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import slipway.account.Scenarios;

/** What {@code cdk deploy} leaves in an empty account. */
@Order(1)
@ExtendWith(Deployed.Once.class)
class FirstDeployE2E {

  @Test
  void theFirstVersionAnswersThroughTheLoadBalancer(Deployed deployed) {
    assertThat(deployed.version()).isEqualTo("1");
    try (var scenarios = new Scenarios(deployed)) {
      scenarios.theFirstVersionServes();
    }
  }

  @Test
  void theServiceRunsItsFirstRevisionBuiltFromTheHeadOfTheBranch(Deployed deployed) {
    assertThat(deployed.runningRevision()).isEqualTo("dice:1");
    assertThat(deployed.revision("dice:1").tags())
        .anySatisfy(
            tag -> {
              assertThat(tag.key()).isEqualTo("slipway:commit");
              assertThat(tag.value()).isEqualTo(deployed.slipway.repository().head("main"));
            });
  }

  @Test
  void reconcilingBeforeThereWasAServiceWasNoError(Deployed deployed) {
    assertThat(deployed.stack.calls().all())
        .filteredOn(call -> call.operation().equals("Invoke RolloutFunction"))
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.status()).isEqualTo(200));
  }

  @Test
  void noPolicyWasTooNarrowAndNothingIsInADeadLetterQueue(Deployed deployed) {
    assertThat(deployed.refused()).isEmpty();
    try (var scenarios = new Scenarios(deployed)) {
      scenarios.noDeadLetterIsLeft();
    }
  }
}
