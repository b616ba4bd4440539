package slipway.local.metrics;

/** How an alarm compares with its threshold; names are the API's. */
enum Comparison {
  GreaterThanOrEqualToThreshold("greater than or equal to"),
  GreaterThanThreshold("greater than"),
  LessThanThreshold("less than"),
  LessThanOrEqualToThreshold("less than or equal to");

  private final String words;

  Comparison(String words) {
    this.words = words;
  }

  /** As an alarm's reason says it. */
  String words() {
    return words;
  }

  boolean holds(double value, double threshold) {
    return switch (this) {
      case GreaterThanOrEqualToThreshold -> value >= threshold;
      case GreaterThanThreshold -> value > threshold;
      case LessThanThreshold -> value < threshold;
      case LessThanOrEqualToThreshold -> value <= threshold;
    };
  }
}
