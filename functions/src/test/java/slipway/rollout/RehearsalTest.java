package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RehearsalTest {

  @Test
  void aWholeRolloutIsRehearsedWithoutLeavingTheProcess() {
    assertThat(Rehearsal.of(Samples.config()).rollout()).isTrue();
  }

  @Test
  void soIsTheEndOfADeployment() {
    assertThat(Rehearsal.of(Samples.config()).deployment()).isTrue();
  }
}
