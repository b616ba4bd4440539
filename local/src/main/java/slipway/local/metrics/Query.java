package slipway.local.metrics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A metric data query: a statistic of a metric, or metric math on other queries.
 *
 * @param id that expressions name it by
 * @param returned whether its values are what is asked for
 */
public record Query(String id, Source source, boolean returned, Optional<String> label) {

  public sealed interface Source {}

  /**
   * @param metrics one, or several that are looked at as one
   * @param seconds length of a period, a multiple of 60
   * @param statistic that {@link Samples#knows}
   * @param unit that is asked for; it is told again, and takes nothing out
   */
  public record Stat(List<Metric> metrics, int seconds, String statistic, Optional<String> unit)
      implements Source {
    public Stat {
      metrics = List.copyOf(metrics);
    }

    public Stat(List<Metric> metrics, int seconds, String statistic) {
      this(metrics, seconds, statistic, Optional.empty());
    }
  }

  /**
   * @param seconds length of a period, if the query says so itself
   */
  public record Math(Expression expression, OptionalInt seconds) implements Source {}

  public static Query stat(String id, Metric metric, int seconds, String statistic, boolean ret) {
    return new Query(id, new Stat(List.of(metric), seconds, statistic), ret, Optional.empty());
  }

  public static Query math(String id, String expression, boolean returned) {
    return new Query(
        id,
        new Math(Expression.parse(expression), OptionalInt.empty()),
        returned,
        Optional.empty());
  }
}
