package slipway.config;

import java.time.Duration;

/**
 * What calls a service when nobody else does.
 *
 * @param path with query, called beside the health path; so Application Signals sees its operation
 * @param every how often, in whole minutes
 */
public record Canary(String path, Duration every) {
  /** If it is not said. */
  public static final Duration EVERY = Duration.ofMinutes(5);

  /** Source: CloudWatch user guide, "Creating a canary": once a minute to once an hour. */
  static final Duration OFTENEST = Duration.ofMinutes(1);

  static final Duration SELDOMEST = Duration.ofHours(1);

  public Canary {
    if (!path.startsWith("/"))
      throw new IllegalArgumentException(
          "canary '%s': want a path such as /rolldice?rolls=1".formatted(path));
    if (every.compareTo(OFTENEST) < 0
        || every.compareTo(SELDOMEST) > 0
        || !every.equals(Duration.ofMinutes(every.toMinutes())))
      throw new IllegalArgumentException(
          "canary every " + every + ": want whole minutes from 1 to 60");
  }
}
