package slipway.notice;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured of one service. A line of the log carries it in CloudWatch's embedded metric
 * format: CloudWatch Logs makes metrics of it, so that measuring takes no call and no permission.
 *
 * @param stack name
 */
public record Measured(String stack, Map<Measure, Double> values) {
  public Measured {
    if (stack.isBlank()) throw new IllegalArgumentException("stack is blank: want its name");
    if (values.isEmpty()) throw new IllegalArgumentException("nothing measured: want a value");
    values.forEach(
        (measure, value) -> {
          if (!Double.isFinite(value) || value < 0)
            throw new IllegalArgumentException(
                "%s is %s: want a number from 0".formatted(measure.title(), value));
        });
    values = Map.copyOf(values);
  }

  /**
   * The members of a line. Source: CloudWatch user guide, "Specification: Embedded metric format":
   * dimensions and metrics are names of members beside {@code _aws}.
   */
  void write(String service, Instant at, Map<String, Object> line) {
    var sorted = new EnumMap<>(values);
    line.put(
        "_aws",
        Map.of(
            "Timestamp",
            at.toEpochMilli(),
            "CloudWatchMetrics",
            List.of(
                Map.of(
                    "Namespace",
                    Measure.NAMESPACE,
                    "Dimensions",
                    List.of(List.of(Measure.STACK, Measure.SERVICE)),
                    "Metrics",
                    sorted.keySet().stream()
                        .map(it -> Map.of("Name", it.title(), "Unit", it.unit().title()))
                        .toList()))));
    line.put(Measure.STACK, stack);
    line.put(Measure.SERVICE, service);
    sorted.forEach((measure, value) -> line.put(measure.title(), value));
  }
}
