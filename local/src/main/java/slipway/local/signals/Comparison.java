package slipway.local.signals;

/** How a measurement is compared with an objective's threshold; names are the API's. */
enum Comparison {
  GreaterThanOrEqualTo,
  GreaterThan,
  LessThan,
  LessThanOrEqualTo;

  boolean holds(double value, double threshold) {
    return switch (this) {
      case GreaterThanOrEqualTo -> value >= threshold;
      case GreaterThan -> value > threshold;
      case LessThan -> value < threshold;
      case LessThanOrEqualTo -> value <= threshold;
    };
  }
}
