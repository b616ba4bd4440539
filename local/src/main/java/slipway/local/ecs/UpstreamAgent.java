package slipway.local.ecs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The OpenTelemetry Java agent, in the place of the ADOT agent that is built on it and cannot be
 * downloaded everywhere. It knows no X-Ray sampler, and is told to send spans at once instead of
 * every five seconds.
 */
public final class UpstreamAgent {
  private UpstreamAgent() {}

  /** The agent on this program's class path. */
  public static Path jar() {
    return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.getFileName().toString().startsWith("opentelemetry-javaagent"))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "opentelemetry-javaagent is not on the class path: it is a dependency of"
                        + " local"));
  }

  /** The environment of a container that has the ADOT agent switched on, as this agent wants it. */
  static Map<String, String> environment(Map<String, String> environment) {
    if (!environment.getOrDefault("JAVA_TOOL_OPTIONS", "").contains("-javaagent:"))
      return environment;
    var adapted = new TreeMap<>(environment);
    // It would refuse to start on a sampler that it does not know; metrics count all spans anyway.
    adapted.replace("OTEL_TRACES_SAMPLER", "xray", "always_on");
    adapted.remove("OTEL_TRACES_SAMPLER_ARG");
    adapted.put("OTEL_BSP_SCHEDULE_DELAY", "500");
    runtimeMetrics(adapted);
    // Fargate's tasks have processors of their own; here they share two.
    adapted.merge("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1", (old, more) -> old + " " + more);
    return adapted;
  }

  /**
   * ADOT sends the JVM's figures to the CloudWatch agent whatever OTEL_METRICS_EXPORTER says; this
   * one sends no metrics unless it is told to. Where the user has an exporter of their own, it
   * stays the only one.
   */
  private static void runtimeMetrics(Map<String, String> environment) {
    var signals = "OTEL_AWS_APPLICATION_SIGNALS_";
    if (!environment.getOrDefault(signals + "ENABLED", "").equalsIgnoreCase("true")
        || environment.getOrDefault(signals + "RUNTIME_ENABLED", "").equalsIgnoreCase("false")
        || !environment.getOrDefault("OTEL_METRICS_EXPORTER", "none").equals("none")) return;
    environment.put("OTEL_METRICS_EXPORTER", "otlp");
    environment.put(
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        // Source: ADOT's default.
        environment.getOrDefault(
            signals + "EXPORTER_ENDPOINT", "http://localhost:4316/v1/metrics"));
    environment.put("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf");
    // As ADOT counts: since the last time, not since the start.
    environment.put("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta");
    environment.putIfAbsent("OTEL_METRIC_EXPORT_INTERVAL", "5000");
  }
}
