package slipway.rollout;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** What happens by chance in a simulation; all of it comes from the seed. */
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    random = new SplittableRandom(seed);
  }

  boolean in(int percent) {
    return random.nextInt(100) < percent;
  }

  /** A number between both, which may come, too. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  Duration between(Duration shortest, Duration longest) {
    return Duration.ofMillis(random.nextLong(shortest.toMillis(), longest.toMillis() + 1));
  }

  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
