package slipway.local.metrics;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A metric as CloudWatch tells metrics apart: one value of a dimension more is another metric.
 *
 * @param namespace such as {@code AWS/SQS}
 * @param name such as {@code ApproximateNumberOfMessagesVisible}
 * @param dimensions value by name
 */
public record Metric(String namespace, String name, SortedMap<String, String> dimensions)
    implements Comparable<Metric> {
  private static final Comparator<Metric> ORDER =
      Comparator.comparing(Metric::namespace)
          .thenComparing(Metric::name)
          .thenComparing(metric -> metric.dimensions().toString());

  public Metric {
    dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
  }

  public static Metric of(String namespace, String name, Map<String, String> dimensions) {
    return new Metric(namespace, name, new TreeMap<>(dimensions));
  }

  @Override
  public int compareTo(Metric other) {
    return ORDER.compare(this, other);
  }
}
