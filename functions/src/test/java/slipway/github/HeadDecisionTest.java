package slipway.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeadDecisionTest {
  private static final KnownHead OLD =
      new KnownHead("old", Optional.empty(), true, Optional.of("old"), "run 1");

  @Test
  void aHeadThatNobodySawBeforeGivesItsWebhookTime() {
    assertThat(HeadDecision.of(Optional.empty(), "new", "run 1"))
        .isEqualTo(new HeadDecision.Remember());
    assertThat(HeadDecision.of(Optional.of(OLD), "new", "run 2"))
        .isEqualTo(new HeadDecision.Remember());
  }

  @Test
  void aHeadThatIsStillThereInTheNextRunIsLookedUp() {
    assertThat(HeadDecision.of(Optional.of(seen("run 2")), "new", "run 3"))
        .isEqualTo(new HeadDecision.LookUp());
  }

  @Test
  void aRunThatIsRepeatedIsNotTheNextRun() {
    assertThat(HeadDecision.of(Optional.of(seen("run 2")), "new", "run 2"))
        .isEqualTo(new HeadDecision.Remember());
  }

  @Test
  void aSettledHeadIsDoneWith() {
    assertThat(HeadDecision.of(Optional.of(seen("run 2").settle()), "new", "run 9"))
        .isEqualTo(new HeadDecision.Settled());
  }

  @Test
  void aBranchThatWasForcedBackIsLookedAtAgain() {
    var back = seen("run 2").now(new Heads.Head("old", Optional.empty()), "run 3");
    assertThat(back.settled()).isFalse();
    assertThat(HeadDecision.of(Optional.of(back), "old", "run 4"))
        .isEqualTo(new HeadDecision.LookUp());
  }

  private static KnownHead seen(String run) {
    return OLD.now(new Heads.Head("new", Optional.empty()), run);
  }
}
