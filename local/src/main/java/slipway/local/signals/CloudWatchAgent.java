package slipway.local.signals;

import com.sun.net.httpserver.HttpExchange;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.local.signals.Receiver.Answer;

/**
 * Stands in for the CloudWatch agent: takes traces and metrics by OTLP over HTTP, measures server
 * and client spans and the JVM, and is X-Ray's sampling proxy, which has every request sampled.
 */
final class CloudWatchAgent implements Sidecar {
  private static final int OTLP = 4316;
  private static final int XRAY = 2000;

  private final Measurements measurements;
  private final Names names;
  private final Traces traces = new Traces();
  private final Receiver otlp;
  private final Receiver xray;

  /**
   * @param configuration the agent's, from {@code CW_CONFIG_CONTENT}
   * @param cluster that the task runs in
   * @throws IllegalArgumentException if the configuration does not turn Application Signals on
   */
  CloudWatchAgent(Measurements measurements, String configuration, String cluster) {
    this.measurements = measurements;
    this.names = new Names(hostedIn(configuration), Optional.of(cluster));
    this.otlp = Receiver.start("traces", this::take);
    this.xray = Receiver.start("sampling", CloudWatchAgent::sample);
  }

  @Override
  public Map<Integer, Integer> ports() {
    return Map.of(OTLP, otlp.port(), XRAY, xray.port());
  }

  @Override
  public void close() {
    otlp.close();
    xray.close();
  }

  private static Optional<String> hostedIn(String configuration) {
    try {
      var json = Json.parse(configuration);
      var traces = json.at("traces").at("traces_collected").at("application_signals");
      var metrics = json.at("logs").at("metrics_collected").at("application_signals");
      for (var section : List.of(traces, metrics))
        if (section.missing())
          throw new IllegalArgumentException(
              "the CloudWatch agent's configuration has no "
                  + section.place()
                  + ": Application Signals would see nothing; add it to CW_CONFIG_CONTENT");
      return metrics.at("hosted_in").optionalText();
    } catch (Malformed e) {
      throw new IllegalArgumentException(
          "the CloudWatch agent's CW_CONFIG_CONTENT: " + e.getMessage(), e);
    }
  }

  private Answer take(String path, byte[] body, HttpExchange exchange) throws IOException {
    if (!"application/x-protobuf".equals(exchange.getRequestHeaders().getFirst("Content-Type")))
      return Answer.text(415, "only OTLP as application/x-protobuf is taken");
    return switch (path) {
      case "/v1/traces" -> {
        var batch = ExportTraceServiceRequest.parseFrom(body);
        Spans.requests(batch, names).forEach(measurements::add);
        traces.calls(batch, names).forEach(measurements::add);
        yield Answer.taken();
      }
      case "/v1/metrics" -> {
        // Of requests the figures come from the spans; of the runtime they come here.
        RuntimeMetrics.of(ExportMetricsServiceRequest.parseFrom(body), names)
            .forEach(
                figure ->
                    measurements.add(figure.service(), figure.name(), figure.at(), figure.value()));
        yield Answer.taken();
      }
      default -> Answer.text(404, "the CloudWatch agent has no " + path);
    };
  }

  private static Answer sample(String path, byte[] body, HttpExchange exchange) {
    return switch (path) {
      case "/GetSamplingRules" ->
          Answer.json(
              Json.write(
                  Map.of("SamplingRuleRecords", List.of(Map.of("SamplingRule", everything())))));
      case "/SamplingTargets" ->
          Answer.json(
              Json.write(
                  Map.of(
                      "SamplingTargetDocuments",
                      List.of(Map.of("RuleName", "Default", "FixedRate", 1.0, "Interval", 10)),
                      "LastRuleModification",
                      0,
                      "UnprocessedStatistics",
                      List.of())));
      default -> Answer.text(404, "X-Ray's sampling proxy has no " + path);
    };
  }

  private static Map<String, Object> everything() {
    var rule = new java.util.TreeMap<String, Object>();
    for (var member :
        List.of("Host", "HTTPMethod", "ResourceARN", "ServiceName", "ServiceType", "URLPath"))
      rule.put(member, "*");
    rule.put("RuleName", "Default");
    rule.put("Priority", 10000);
    rule.put("FixedRate", 1.0);
    rule.put("ReservoirSize", 1);
    rule.put("Version", 1);
    rule.put("Attributes", Map.of());
    return rule;
  }
}
