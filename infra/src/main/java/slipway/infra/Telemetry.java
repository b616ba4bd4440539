package slipway.infra;

import static slipway.infra.Sorted.sorted;

import java.util.LinkedHashMap;
import java.util.Map;
import slipway.config.Container;
import slipway.config.Service;
import slipway.json.Json;
import software.amazon.awscdk.services.logs.LogGroup;

/**
 * What the containers are told about telemetry. Sidecars are known by their names: {@code cw-agent}
 * takes traces and metrics for Application Signals, {@code adot} takes logs. Sources: CloudWatch
 * user guide, "Enable Application Signals on ECS, sidecar"; ADOT Java's own defaults.
 *
 * @param logs group for the logs that the service sends by OTLP
 */
record Telemetry(Service service, LogGroup logs) {
  private static final String AGENT = "cw-agent";
  private static final String COLLECTOR = "adot";

  /** Where app/Dockerfile puts the ADOT Java agent. */
  private static final String JAVA_AGENT = "/opt/aws-opentelemetry-agent.jar";

  static boolean isCollector(Container container) {
    return container.name().equals(COLLECTOR);
  }

  boolean hasAgent() {
    return has(AGENT);
  }

  private boolean has(String sidecar) {
    return service.containers().stream().anyMatch(container -> container.name().equals(sidecar));
  }

  /** What Slipway sets, then what the user sets: the user may overrule. */
  Map<String, String> environment(Container container) {
    var variables = new LinkedHashMap<String, String>();
    switch (container.name()) {
      case AGENT -> variables.put("CW_CONFIG_CONTENT", agentConfiguration());
      case COLLECTOR -> variables.put("LOG_GROUP", logs.getLogGroupName());
      case String name when name.equals(service.front().name()) -> variables.putAll(instrumented());
      default -> {}
    }
    variables.putAll(sorted(container.environment()));
    return variables;
  }

  private Map<String, String> instrumented() {
    var variables = new LinkedHashMap<String, String>();
    variables.put("JAVA_TOOL_OPTIONS", "-javaagent:" + JAVA_AGENT);
    // deployment.environment makes the SLOs' Environment a name of ours, not the cluster's.
    variables.put(
        "OTEL_RESOURCE_ATTRIBUTES",
        "service.name=%s,deployment.environment=%s,aws.log.group.names=%s"
            .formatted(service.name(), service.environmentName(), logs.getLogGroupName()));
    variables.put("OTEL_METRICS_EXPORTER", "none");
    variables.put("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    variables.put("OTEL_PROPAGATORS", "tracecontext,baggage,b3,xray");
    if (has(AGENT)) {
      variables.put("OTEL_AWS_APPLICATION_SIGNALS_ENABLED", "true");
      variables.put(
          "OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT", "http://localhost:4316/v1/metrics");
      variables.put("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://localhost:4316/v1/traces");
      variables.put("OTEL_TRACES_SAMPLER", "xray");
      variables.put("OTEL_TRACES_SAMPLER_ARG", "endpoint=http://localhost:2000");
    } else {
      variables.put("OTEL_TRACES_EXPORTER", "none");
    }
    if (has(COLLECTOR)) {
      variables.put("OTEL_LOGS_EXPORTER", "otlp");
      variables.put("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://localhost:4318/v1/logs");
    } else {
      variables.put("OTEL_LOGS_EXPORTER", "none");
    }
    return variables;
  }

  private static String agentConfiguration() {
    var signals = Map.of("application_signals", Map.of());
    var tree = new LinkedHashMap<String, Object>();
    tree.put("traces", Map.of("traces_collected", signals));
    tree.put("logs", Map.of("metrics_collected", signals));
    return Json.write(tree);
  }
}
