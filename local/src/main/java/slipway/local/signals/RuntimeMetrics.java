package slipway.local.signals;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The JVM's figures under the names that Application Signals gives them, from the metrics of
 * OpenTelemetry's semantic conventions that the upstream agent sends. (ADOT reads the same beans
 * under names of its own.)
 */
final class RuntimeMetrics {
  private RuntimeMetrics() {}

  /**
   * A figure.
   *
   * @param name such as {@code JVMThreadCount}
   */
  record Figure(ServiceKey service, String name, Instant at, double value) {}

  static List<Figure> of(ExportMetricsServiceRequest batch, Names names) {
    var figures = new ArrayList<Figure>();
    for (var resource : batch.getResourceMetricsList()) {
      var service = names.service(Attributes.map(resource.getResource().getAttributesList()));
      var sums = new TreeMap<String, Double>();
      var at = new Instant[] {Instant.EPOCH};
      for (var scope : resource.getScopeMetricsList())
        for (var metric : scope.getMetricsList()) add(metric, sums, at);
      sums.forEach((name, value) -> figures.add(new Figure(service, name, at[0], value)));
    }
    return figures;
  }

  private static void add(Metric metric, Map<String, Double> sums, Instant[] at) {
    for (var point : metric.getHistogram().getDataPointsList()) {
      if (!metric.getName().equals("jvm.gc.duration")) continue;
      at[0] = time(point.getTimeUnixNano());
      var collector = text(Attributes.map(point.getAttributesList()), "jvm.gc.name");
      var generation =
          collector.contains("Young") ? "YoungGen" : collector.contains("Old") ? "OldGen" : "";
      for (var name : generation.isEmpty() ? List.of("") : List.of("", generation)) {
        sums.merge("JVMGC" + name + "Duration", point.getSum() * 1000, Double::sum);
        sums.merge("JVMGC" + name + "Count", (double) point.getCount(), Double::sum);
      }
    }
    var numbers =
        metric.hasGauge()
            ? metric.getGauge().getDataPointsList()
            : metric.getSum().getDataPointsList();
    for (var point : numbers) {
      var attributes = Attributes.map(point.getAttributesList());
      var value = value(point);
      var names =
          switch (metric.getName()) {
            case "jvm.memory.used" -> memory(attributes);
            case "jvm.memory.used_after_last_gc" -> List.of("JVMMemoryUsedAfterLastGC");
            case "jvm.thread.count" -> List.of("JVMThreadCount");
            case "jvm.class.count" -> List.of("JVMClassLoaded");
            case "jvm.cpu.recent_utilization" -> List.of("JVMCpuRecentUtilization");
            case "jvm.cpu.time" -> List.of("JVMCpuTime");
            default -> List.<String>of();
          };
      // Of CPU time Application Signals tells nanoseconds.
      var scale = metric.getName().equals("jvm.cpu.time") ? 1e9 : 1;
      if (!names.isEmpty()) at[0] = time(point.getTimeUnixNano());
      names.forEach(name -> sums.merge(name, value * scale, Double::sum));
    }
  }

  private static List<String> memory(Map<String, Object> attributes) {
    var names = new ArrayList<String>();
    names.add(
        text(attributes, "jvm.memory.type").equals("heap")
            ? "JVMMemoryHeapUsed"
            : "JVMMemoryNonHeapUsed");
    pool(text(attributes, "jvm.memory.pool.name")).ifPresent(names::add);
    return names;
  }

  private static Optional<String> pool(String name) {
    if (name.contains("Eden")) return Optional.of("JVMMemoryEdenSpaceUsed");
    if (name.contains("Survivor")) return Optional.of("JVMMemorySurvivorSpaceUsed");
    if (name.contains("Old Gen") || name.contains("Tenured"))
      return Optional.of("JVMMemoryOldGenUsed");
    return Optional.empty();
  }

  private static String text(Map<String, Object> attributes, String name) {
    return Attributes.first(attributes, name).orElse("");
  }

  private static double value(NumberDataPoint point) {
    return point.hasAsDouble() ? point.getAsDouble() : point.getAsInt();
  }

  private static Instant time(long nanos) {
    return Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
  }
}
