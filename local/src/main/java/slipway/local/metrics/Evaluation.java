package slipway.local.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What queries are worth on a grid. A slot without a value is no number (NaN), and so is what comes
 * of it; only a list's MIN, MAX, SUM and AVG pass over it.
 */
public final class Evaluation {
  private final MetricStore store;
  private final Map<String, Query> queries = new LinkedHashMap<>();
  private final Grid grid;
  private final Map<String, double[]> known = new HashMap<>();
  private final Set<String> busy = new HashSet<>();

  private sealed interface Value {}

  private record Scalar(double value) implements Value {}

  private record Series(double[] points) implements Value {}

  private record Several(List<Value> values) implements Value {}

  private Evaluation(MetricStore store, List<Query> queries, Grid grid) {
    this.store = store;
    this.grid = grid;
    queries.forEach(query -> this.queries.put(query.id(), query));
  }

  /** A value for each slot of what the one returned query asks for. */
  public static double[] of(MetricStore store, List<Query> queries, Grid grid) {
    return of(store, queries, Queries.returned(queries).id(), grid);
  }

  static double[] of(MetricStore store, List<Query> queries, String id, Grid grid) {
    return new Evaluation(store, queries, grid).points(id);
  }

  private double[] points(String id) {
    var before = known.get(id);
    if (before != null) return before;
    var query = queries.get(id);
    if (query == null) throw new IllegalArgumentException("no query has the id '" + id + "'");
    if (!busy.add(id))
      throw new IllegalArgumentException("the expression '" + id + "' uses itself");
    var points =
        switch (query.source()) {
          case Query.Stat stat -> points(stat);
          case Query.Math math -> spread(value(math.expression().root()));
        };
    busy.remove(id);
    known.put(id, points);
    return points;
  }

  private double[] points(Query.Stat stat) {
    var points = new double[grid.slots()];
    Arrays.fill(points, Double.NaN);
    store
        .slots(stat.metrics(), grid)
        .forEach((slot, samples) -> points[slot] = samples.statistic(stat.statistic()));
    return points;
  }

  private Value value(Expression.Node node) {
    return switch (node) {
      case Expression.Number(var number) -> new Scalar(number);
      case Expression.Id(var name) -> new Series(points(name));
      case Expression.Several(var items) -> new Several(items.stream().map(this::value).toList());
      case Expression.Operation(var operator, var left, var right) ->
          combined(
              List.of(value(left), value(right)),
              // A comparison with no number is false in Java, and nothing at AWS.
              at ->
                  Double.isNaN(at[0]) || Double.isNaN(at[1])
                      ? Double.NaN
                      : operator.applyAsDouble(at[0], at[1]));
      case Expression.Choice(var condition, var yes, var no) ->
          combined(
              List.of(value(condition), value(yes), value(no)),
              at -> Double.isNaN(at[0]) ? Double.NaN : at[0] != 0 ? at[1] : at[2]);
      case Expression.Aggregate(var function, var of) -> aggregate(function, value(of));
      case Expression.Filled(var series, var with) -> filled(value(series), with);
      case Expression.Repeat() -> throw new IllegalArgumentException("REPEAT is for FILL only");
    };
  }

  private interface Slot {
    double of(double[] values);
  }

  private Value combined(List<Value> values, Slot slot) {
    for (var value : values)
      if (value instanceof Several)
        throw new IllegalArgumentException(
            "a list is for MIN, MAX, SUM and AVG only: local does not calculate with lists");
    if (values.stream().allMatch(Scalar.class::isInstance))
      return new Scalar(
          slot.of(values.stream().mapToDouble(value -> ((Scalar) value).value()).toArray()));
    return new Series(each(values, slot));
  }

  private double[] each(List<Value> values, Slot slot) {
    var spread = values.stream().map(this::spread).toArray(double[][]::new);
    var points = new double[grid.slots()];
    var here = new double[spread.length];
    for (var at = 0; at < points.length; at++) {
      for (var which = 0; which < here.length; which++) here[which] = spread[which][at];
      points[at] = finite(slot.of(here));
    }
    return points;
  }

  private Value aggregate(String function, Value of) {
    return switch (of) {
      case Scalar scalar -> scalar;
      case Series(var points) -> new Scalar(aggregated(function, points));
      case Several(var values) -> new Series(each(values, here -> aggregated(function, here)));
    };
  }

  private static double aggregated(String function, double[] values) {
    var there = Arrays.stream(values).filter(value -> !Double.isNaN(value));
    return switch (function) {
      case "MIN" -> there.min().orElse(Double.NaN);
      case "MAX" -> there.max().orElse(Double.NaN);
      case "AVG" -> there.average().orElse(Double.NaN);
      default -> there.reduce(Double::sum).orElse(Double.NaN);
    };
  }

  private Value filled(Value series, Expression.Node with) {
    if (series instanceof Several(var values)) {
      var filled = new ArrayList<Value>();
      values.forEach(value -> filled.add(filled(value, with)));
      return new Several(filled);
    }
    var points = spread(series).clone();
    if (with instanceof Expression.Repeat) {
      for (var at = 1; at < points.length; at++)
        if (Double.isNaN(points[at])) points[at] = points[at - 1];
    } else {
      var number = spread(value(with));
      for (var at = 0; at < points.length; at++)
        if (Double.isNaN(points[at])) points[at] = number[at];
    }
    return new Series(points);
  }

  private double[] spread(Value value) {
    return switch (value) {
      case Scalar(var number) -> {
        var points = new double[grid.slots()];
        Arrays.fill(points, finite(number));
        yield points;
      }
      case Series(var points) -> points;
      case Several _ ->
          throw new IllegalArgumentException("the result is a list, not one time series");
    };
  }

  /** CloudWatch has no point where a division by nothing is. */
  private static double finite(double value) {
    return Double.isInfinite(value) ? Double.NaN : value;
  }
}
