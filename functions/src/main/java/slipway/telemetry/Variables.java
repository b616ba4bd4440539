package slipway.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import slipway.config.Container;
import slipway.config.Service;
import slipway.json.Json;

/**
 * The environment of a service's containers. Sources: CloudWatch user guide, "Enable Application
 * Signals on ECS, sidecar"; ADOT Java's own defaults.
 */
public final class Variables {
  static final String AGENT_CONFIGURATION = "CW_CONFIG_CONTENT";
  static final String LOG_GROUP = "LOG_GROUP";
  static final String JAVA = "JAVA_TOOL_OPTIONS";
  static final String RESOURCE = "OTEL_RESOURCE_ATTRIBUTES";
  static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";
  static final String PROPAGATORS = "OTEL_PROPAGATORS";
  static final String SIGNALS = "OTEL_AWS_APPLICATION_SIGNALS_ENABLED";
  static final String SIGNALS_ENDPOINT = "OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT";
  static final String SAMPLER = "OTEL_TRACES_SAMPLER";
  static final String SAMPLER_ARGUMENT = "OTEL_TRACES_SAMPLER_ARG";

  /** Where app/Dockerfile puts the ADOT Java agent. */
  static final String JAVA_AGENT = "/opt/aws-opentelemetry-agent.jar";

  private Variables() {}

  /**
   * What Slipway sets, then what the user sets, in the order of the names: the user may overrule.
   *
   * @param logs name of the log group that the collector writes to
   */
  public static Map<String, String> of(Service service, Container container, String logs) {
    var variables = new LinkedHashMap<String, String>();
    if (Sidecar.AGENT.is(container.name())) variables.put(AGENT_CONFIGURATION, configuration());
    else if (Sidecar.COLLECTOR.is(container.name())) variables.put(LOG_GROUP, logs);
    else if (container.name().equals(service.front().name()))
      variables.putAll(instrumented(service, logs));
    variables.putAll(new TreeMap<>(container.environment()));
    return variables;
  }

  private static Map<String, String> instrumented(Service service, String logs) {
    var variables = new LinkedHashMap<String, String>();
    variables.put(JAVA, "-javaagent:" + JAVA_AGENT);
    // deployment.environment makes the SLOs' Environment a name of ours, not the cluster's.
    variables.put(
        RESOURCE,
        "service.name=%s,deployment.environment=%s,aws.log.group.names=%s"
            .formatted(service.name(), service.environmentName(), logs));
    variables.put("OTEL_METRICS_EXPORTER", "none");
    variables.put(PROTOCOL, "http/protobuf");
    variables.put(PROPAGATORS, "tracecontext,baggage,b3,xray");
    if (has(service, Sidecar.AGENT)) {
      variables.put(SIGNALS, "true");
      variables.put(SIGNALS_ENDPOINT, Signal.METRICS.endpoint());
      variables.put(Signal.TRACES.variable(), Signal.TRACES.endpoint());
      variables.put(SAMPLER, "xray");
      variables.put(SAMPLER_ARGUMENT, Sampling.ARGUMENT);
    } else {
      variables.put("OTEL_TRACES_EXPORTER", "none");
    }
    if (has(service, Sidecar.COLLECTOR)) {
      variables.put("OTEL_LOGS_EXPORTER", "otlp");
      variables.put(Signal.LOGS.variable(), Signal.LOGS.endpoint());
    } else {
      variables.put("OTEL_LOGS_EXPORTER", "none");
    }
    return variables;
  }

  private static boolean has(Service service, Sidecar sidecar) {
    return service.containers().stream().anyMatch(container -> sidecar.is(container.name()));
  }

  private static String configuration() {
    var signals = Map.of("application_signals", Map.of());
    var tree = new LinkedHashMap<String, Object>();
    tree.put("traces", Map.of("traces_collected", signals));
    tree.put("logs", Map.of("metrics_collected", signals));
    return Json.write(tree);
  }
}
