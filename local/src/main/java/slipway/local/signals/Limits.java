package slipway.local.signals;

import java.time.Duration;
import java.util.Optional;

/**
 * What Application Signals allows.
 *
 * @param slos objectives in the account; AWS gives 250 until one asks for more
 * @param slosPerService objectives of one service; AWS gives 100 until one asks for more
 * @param rates how many times AWS's default request rates are given; infinity for no limit
 * @param longestInterval how long an objective's interval lasts here at most, however long it is at
 *     AWS, so that a person sees a spent budget recover; empty: as long as the pace makes it
 */
public record Limits(
    int slos, int slosPerService, double rates, Optional<Duration> longestInterval) {
  /** AWS's own. */
  public static final Limits AWS = new Limits(250, 100, 1, Optional.empty());

  public Limits {
    if (slos < 1 || slosPerService < 1)
      throw new IllegalArgumentException(
          "quotas %d and %d: want 1 or more".formatted(slos, slosPerService));
    if (!(rates > 0)) throw new IllegalArgumentException("rates " + rates + ": want more than 0");
    longestInterval.ifPresent(
        longest -> {
          if (!longest.isPositive())
            throw new IllegalArgumentException("longest interval " + longest);
        });
  }

  public Limits withQuotas(int account, int service) {
    return new Limits(account, service, rates, longestInterval);
  }

  public Limits withRates(double factor) {
    return new Limits(slos, slosPerService, factor, longestInterval);
  }

  public Limits withLongestInterval(Duration longest) {
    return new Limits(slos, slosPerService, rates, Optional.of(longest));
  }
}
