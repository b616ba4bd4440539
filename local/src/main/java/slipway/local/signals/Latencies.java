package slipway.local.signals;

import java.util.Map;
import java.util.TreeMap;

/**
 * Latencies of many requests in little memory: counted in steps of 1 %, so that a percentile is
 * right to half a percent; extremes and sum are exact. Not thread-safe.
 */
final class Latencies {
  private static final double STEP = Math.log(1.01);

  private final TreeMap<Integer, Long> counts = new TreeMap<>();
  private long count;
  private double sum;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  void add(double millis) {
    counts.merge(step(millis), 1L, Long::sum);
    count++;
    sum += millis;
    min = Math.min(min, millis);
    max = Math.max(max, millis);
  }

  void addAll(Latencies others) {
    others.counts.forEach((step, many) -> counts.merge(step, many, Long::sum));
    count += others.count;
    sum += others.sum;
    min = Math.min(min, others.min);
    max = Math.max(max, others.max);
  }

  long count() {
    return count;
  }

  /**
   * A CloudWatch statistic in milliseconds; there must be at least one latency.
   *
   * @param statistic {@code Average}, {@code Minimum}, {@code Maximum}, {@code Sum}, {@code
   *     SampleCount}, {@code p…} or {@code tm…}
   */
  double statistic(String statistic) {
    if (count == 0) throw new IllegalStateException("statistic " + statistic + " of no requests");
    return switch (statistic) {
      case "Average" -> sum / count;
      case "Minimum" -> min;
      case "Maximum" -> max;
      case "Sum" -> sum;
      case "SampleCount" -> count;
      case String text when text.startsWith("tm") -> trimmedMean(percent(text.substring(2)));
      case String text when text.startsWith("p") -> percentile(percent(text.substring(1)));
      default -> throw new IllegalArgumentException("statistic '" + statistic + "' is not played");
    };
  }

  /** Whether {@link #statistic} knows it. */
  static boolean knows(String statistic) {
    return statistic.matches(
        "Average|Minimum|Maximum|Sum|SampleCount|(p|tm)(\\d{1,2}(\\.\\d{1,10})?|100)");
  }

  /** How many requests satisfy the comparison with the threshold. */
  long count(java.util.function.DoublePredicate good) {
    var many = 0L;
    for (var entry : counts.entrySet())
      if (good.test(value(entry.getKey()))) many += entry.getValue();
    return many;
  }

  private static double percent(String digits) {
    return Double.parseDouble(digits);
  }

  private double percentile(double percent) {
    var rank = Math.max(1, (long) Math.ceil(count * percent / 100));
    var seen = 0L;
    for (var entry : counts.entrySet()) {
      seen += entry.getValue();
      if (seen >= rank) return value(entry.getKey());
    }
    return max;
  }

  private double trimmedMean(double percent) {
    var keep = Math.max(1, (long) Math.floor(count * percent / 100));
    var left = keep;
    var total = 0.0;
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      var taken = Math.min(left, entry.getValue());
      total += taken * value(entry.getKey());
      left -= taken;
    }
    return total / keep;
  }

  private static int step(double millis) {
    // A microsecond is the floor: the logarithm of nothing has no step.
    return (int) Math.ceil(Math.log(Math.max(millis, 0.001)) / STEP);
  }

  private double value(int step) {
    return Math.clamp(Math.exp((step - 0.5) * STEP), min, max);
  }
}
