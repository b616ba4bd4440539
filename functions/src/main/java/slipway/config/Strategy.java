package slipway.config;

import java.time.Duration;

/**
 * How ECS brings a service from one version to the next. Source of all bounds: ECS's service model,
 * DeploymentConfiguration.
 */
public sealed interface Strategy {
  /**
   * How long a deployment may take, whatever its steps. ECS takes 30 days, but CloudFormation waits
   * for no longer, and it begins the first one: that which changes the strategy.
   */
  Duration LONGEST = Duration.ofHours(36);

  /** As slipway.yaml names it. */
  String word();

  /** What it does with the requests, for people. */
  String course();

  /** Task by task, in the place of the old ones. */
  record Rolling() implements Strategy {
    @Override
    public String word() {
      return "rolling";
    }

    @Override
    public String course() {
      return "task by task";
    }
  }

  /** Those for which the new version's tasks stand beside all the old ones. */
  sealed interface Shifting extends Strategy {
    /** How long the old version's tasks stay when all requests go to the new one. */
    Duration bake();
  }

  /** All requests at once. */
  record BlueGreen(Duration bake) implements Shifting {
    public BlueGreen {
      checkMinutes("bake", bake);
    }

    @Override
    public String word() {
      return "blue-green";
    }

    @Override
    public String course() {
      return "all requests at once" + thenBack(bake);
    }
  }

  /**
   * A few requests first, then all.
   *
   * @param percent of the requests that go first: tenths of a percent
   * @param step how long only those go
   */
  record Canary(double percent, Duration step, Duration bake) implements Shifting {
    /** The smallest share of the requests. */
    static final double LEAST = 0.1;

    public Canary {
      checkPercent(percent, LEAST);
      checkMinutes("step", step);
      checkMinutes("bake", bake);
      checkLength(length(step, bake));
    }

    /** From the first step to the end. */
    static Duration length(Duration step, Duration bake) {
      return step.plus(bake);
    }

    @Override
    public String word() {
      return "canary";
    }

    @Override
    public String course() {
      return "%s of the requests for %s, then all".formatted(percentage(percent), minutes(step))
          + thenBack(bake);
    }
  }

  /**
   * Some requests more with every step.
   *
   * @param percent of the requests by which a step goes on: tenths of a percent
   * @param step how long it is from one to the next
   */
  record Linear(double percent, Duration step, Duration bake) implements Shifting {
    /** The smallest share of the requests. */
    static final double LEAST = 3;

    public Linear {
      checkPercent(percent, LEAST);
      checkMinutes("step", step);
      checkMinutes("bake", bake);
      checkLength(length(percent, step, bake));
    }

    /** From the first step to the end. */
    static Duration length(double percent, Duration step, Duration bake) {
      long steps = (long) Math.ceil(100 / percent);
      return step.multipliedBy(steps - 1).plus(bake);
    }

    @Override
    public String word() {
      return "linear";
    }

    @Override
    public String course() {
      return "%s more of the requests every %s".formatted(percentage(percent), minutes(step))
          + thenBack(bake);
    }
  }

  /** Whether a percentage is one that ECS takes: tenths, from the least to all. */
  static boolean isPercent(double percent, double least) {
    return percent >= least
        && percent <= 100
        && Math.abs(percent * 10 - Math.rint(percent * 10)) < 1e-9;
  }

  private static void checkPercent(double percent, double least) {
    if (!isPercent(percent, least))
      throw new IllegalArgumentException(
          "percent %s: want tenths from %s to 100".formatted(percent, least));
  }

  private static void checkMinutes(String what, Duration time) {
    if (!time.equals(Duration.ofMinutes(time.toMinutes()))
        || time.isNegative()
        || time.compareTo(Duration.ofDays(1)) > 0)
      throw new IllegalArgumentException(
          "%s of %s: want whole minutes, 24 hours at most".formatted(what, time));
  }

  private static void checkLength(Duration length) {
    if (length.compareTo(LONGEST) > 0)
      throw new IllegalArgumentException(
          "%d hours with the bake: want %d at most".formatted(length.toHours(), LONGEST.toHours()));
  }

  private static String thenBack(Duration bake) {
    return bake.isZero() ? "" : ", and %s to go back at once".formatted(minutes(bake));
  }

  private static String minutes(Duration time) {
    return time.toMinutes() == 1 ? "1 minute" : time.toMinutes() + " minutes";
  }

  private static String percentage(double percent) {
    return percent == Math.rint(percent) ? (long) percent + " %" : percent + " %";
  }
}
