package slipway.local.load;

import java.time.Duration;

/** When requests are sent: an open loop, in which a slow answer makes no next request wait. */
public sealed interface Shape {

  /**
   * When a request is sent, after the start.
   *
   * @param number 0 for the first
   */
  Duration due(long number);

  /**
   * Always the same.
   *
   * @param rate requests a second
   */
  record Steady(double rate) implements Shape {
    public Steady {
      check(rate);
    }

    @Override
    public Duration due(long number) {
      return seconds(number / rate);
    }
  }

  /**
   * Calm, and then many at once, again and again.
   *
   * @param calm requests a second
   * @param spike requests a second at the end of each interval
   * @param lasts how long a spike is
   * @param every the interval
   */
  record Spiky(double calm, double spike, Duration lasts, Duration every) implements Shape {
    public Spiky {
      check(calm);
      check(spike);
      if (spike < calm)
        throw new IllegalArgumentException(
            "%s-%s/s: want the calm rate first".formatted(text(calm), text(spike)));
      if (lasts.isNegative() || lasts.isZero() || lasts.compareTo(every) >= 0)
        throw new IllegalArgumentException(
            "a spike of %s in each %s: want it shorter, and not nothing".formatted(lasts, every));
    }

    @Override
    public Duration due(long number) {
      var calmFor = every.minus(lasts).toNanos() / 1e9;
      var calmly = calm * calmFor;
      var inEach = calmly + spike * lasts.toNanos() / 1e9;
      var before = Math.floor(number / inEach);
      var rest = number - before * inEach;
      var within = rest < calmly ? rest / calm : calmFor + (rest - calmly) / spike;
      return seconds(before * (every.toNanos() / 1e9) + within);
    }
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private static void check(double rate) {
    if (!(rate > 0 && rate <= 1000))
      throw new IllegalArgumentException(
          "%s requests a second: want more than 0, and 1000 at most".formatted(text(rate)));
  }

  private static String text(double rate) {
    return rate == Math.rint(rate) ? Long.toString((long) rate) : Double.toString(rate);
  }
}
