package slipway.local.metrics;

import java.time.Duration;
import java.time.Instant;
import slipway.local.cloud.Pace;

/**
 * Time in minutes of AWS: at pace 10 such a minute lasts 6 s here. Minutes are counted from 1970.
 */
public record Minutes(Pace pace) {

  /** The minute that the time lies in. */
  public long index(Instant time) {
    var micros = Math.multiplyExact(time.getEpochSecond(), 1_000_000L) + time.getNano() / 1_000;
    return Math.floorDiv(micros, micros());
  }

  /** When a minute begins. */
  public Instant start(long index) {
    var micros = Math.multiplyExact(index, micros());
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
  }

  /** How long a duration of AWS lasts here. */
  public Duration paced(Duration atAws) {
    return pace.of(atAws);
  }

  private long micros() {
    return Math.max(1, pace.of(Duration.ofMinutes(1)).toNanos() / 1_000);
  }
}
