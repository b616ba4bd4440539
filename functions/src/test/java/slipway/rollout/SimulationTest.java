package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A storm over the whole deployer for each seed, and the laws that hold whatever happens. {@code
 * -Dslipway.seed=7} runs that seed alone and prints its trace; {@code -P nightly} runs many more.
 */
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("slipway.seeds", 500);

  @Test
  void everyStormEndsWithWhatWasPushedLast() {
    var only = Long.getLong("slipway.seed");
    if (only != null) {
      var result = Simulations.run(only, Broken.NOTHING);
      System.out.println(result.text());
      assertThat(result.violation()).isEmpty();
      return;
    }
    var findings = Simulations.all(SEEDS);
    System.out.printf("%d simulations: %s%n", SEEDS, findings.counts());
    assertThat(findings.violated().map(Simulation.Result::text)).isEmpty();
    assertThat(findings.counts().keySet())
        .as("what happens in the storms")
        .contains(Happening.values());
  }

  @Test
  void theSameSeedIsTheSameStory() {
    assertThat(Simulations.run(11, Broken.NOTHING).text())
        .isEqualTo(Simulations.run(11, Broken.NOTHING).text())
        .contains("rollout#2");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
  void withoutARuleOfTheDesignThereIsHarm(Broken broken) {
    var harm = Simulations.harm(broken, SEEDS);
    assertThat(harm).as("seed in which breaking %s does harm", broken).isPresent();
    System.out.printf(
        "%s broken: seed %d, %s%n", broken, harm.get().seed(), harm.get().violation().get());
  }
}
