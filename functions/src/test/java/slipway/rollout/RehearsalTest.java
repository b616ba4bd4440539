package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RehearsalTest {

  @Test
  void theEndOfARolloutAndTheNextOneAreRehearsedWithoutLeavingTheProcess() {
    assertThat(Rehearsal.of(Samples.config()).run()).isTrue();
  }
}
