package slipway.local.metrics;

import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Values of a metric in little memory: counted in steps of 1 %, so that a percentile is right to
 * half a percent; extremes and sum are exact. Not thread-safe.
 */
public final class Samples {
  private static final double STEP = Math.log(1.01);

  /** Nearer to nothing the logarithm has no step of its own. */
  private static final double SMALLEST = 1e-6;

  private static final int FIRST = (int) Math.ceil(Math.log(SMALLEST) / STEP);
  private static final Pattern RANGE =
      Pattern.compile("(TC|PR)\\((\\d+(?:\\.\\d+)?)?:(\\d+(?:\\.\\d+)?)?\\)");

  /** Of positive values above 0, of negative ones below, in the order of their values. */
  private final TreeMap<Integer, Double> counts = new TreeMap<>();

  private double count;
  private double sum;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private boolean blurred;

  public void add(double value) {
    add(value, 1);
  }

  /** The same value several times. */
  public void add(double value, double times) {
    counts.merge(step(value), times, Double::sum);
    note(times, value * times, value, value);
  }

  /**
   * Values of which only this is known. Percentiles are not, as at AWS, unless all are the same.
   */
  public void add(double times, double total, double smallest, double largest) {
    if (smallest == largest) counts.merge(step(smallest), times, Double::sum);
    else blurred = true;
    note(times, total, smallest, largest);
  }

  public void addAll(Samples others) {
    others.counts.forEach((step, many) -> counts.merge(step, many, Double::sum));
    blurred |= others.blurred;
    note(others.count, others.sum, others.min, others.max);
  }

  private void note(double times, double total, double smallest, double largest) {
    count += times;
    sum += total;
    min = Math.min(min, smallest);
    max = Math.max(max, largest);
  }

  /** Whether {@link #statistic} knows it. */
  public static boolean knows(String statistic) {
    return statistic.matches(
            "Average|Minimum|Maximum|Sum|SampleCount|(p|tm)(\\d{1,2}(\\.\\d{1,10})?|100)")
        || RANGE.matcher(statistic).matches();
  }

  /** Whether CloudWatch knows it, though it is not played here. */
  static boolean isElsewhere(String statistic) {
    return statistic.matches(
        "IQM|(wm|ts|tc)\\d{1,2}(\\.\\d{1,10})?|(WM|TM|TS|TC|PR)\\([^()]*:[^()]*\\)");
  }

  /**
   * A CloudWatch statistic; no number if there are no values, or if they are not known one by one.
   *
   * @param statistic {@code Average}, {@code Minimum}, {@code Maximum}, {@code Sum}, {@code
   *     SampleCount}, {@code p…}, {@code tm…}, {@code TC(…:…)} or {@code PR(…:…)}
   */
  public double statistic(String statistic) {
    if (count == 0) return Double.NaN;
    return switch (statistic) {
      case "Average" -> sum / count;
      case "Minimum" -> min;
      case "Maximum" -> max;
      case "Sum" -> sum;
      case "SampleCount" -> count;
      case String text when !knows(text) ->
          throw new IllegalArgumentException("statistic '" + text + "' is not played locally");
      case String _ when blurred -> Double.NaN;
      case String text when text.startsWith("tm") -> trimmedMean(percent(text.substring(2)));
      case String text when text.startsWith("p") -> percentile(percent(text.substring(1)));
      case String text when text.startsWith("TC") -> within(text);
      case String text -> within(text) / count * 100;
    };
  }

  /** How many lie above the lower bound, up to and with the upper one. */
  private double within(String range) {
    var matcher = RANGE.matcher(range);
    if (!matcher.matches()) throw new IllegalArgumentException("statistic '" + range + "'");
    var lower =
        matcher.group(2) == null ? Double.NEGATIVE_INFINITY : Double.parseDouble(matcher.group(2));
    var upper =
        matcher.group(3) == null ? Double.POSITIVE_INFINITY : Double.parseDouble(matcher.group(3));
    var many = 0.0;
    for (var entry : counts.entrySet()) {
      var value = value(entry.getKey());
      if (value > lower && value <= upper) many += entry.getValue();
    }
    return many;
  }

  private static double percent(String digits) {
    return Double.parseDouble(digits);
  }

  private double percentile(double percent) {
    var rank = Math.max(1, Math.ceil(count * percent / 100));
    var seen = 0.0;
    for (var entry : counts.entrySet()) {
      seen += entry.getValue();
      if (seen >= rank) return value(entry.getKey());
    }
    return max;
  }

  private double trimmedMean(double percent) {
    var keep = Math.max(1, Math.floor(count * percent / 100));
    var left = keep;
    var total = 0.0;
    for (var entry : counts.entrySet()) {
      var taken = Math.min(left, entry.getValue());
      total += taken * value(entry.getKey());
      left -= taken;
    }
    return total / keep;
  }

  private static int step(double value) {
    if (value == 0) return 0;
    var size = Math.max(Math.abs(value), SMALLEST);
    var step = (int) Math.ceil(Math.log(size) / STEP) - FIRST + 1;
    return value > 0 ? step : -step;
  }

  private double value(int step) {
    if (step == 0) return 0;
    var size = Math.exp((Math.abs(step) - 1 + FIRST - 0.5) * STEP);
    return Math.clamp(step > 0 ? size : -size, min, max);
  }
}
