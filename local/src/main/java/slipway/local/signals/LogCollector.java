package slipway.local.signals;

import com.sun.net.httpserver.HttpExchange;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import slipway.json.Json;
import slipway.local.signals.Receiver.Answer;

/**
 * Stands in for the OpenTelemetry collector: takes logs by OTLP over HTTP and writes each record as
 * a line of JSON, with the members that the collector's CloudWatch Logs exporter writes.
 */
final class LogCollector implements Sidecar {
  private static final int OTLP = 4318;

  private final Path file;
  private final Receiver otlp;

  /**
   * @param file of the log group; appended to, made when the first record comes
   */
  LogCollector(Path file) {
    this.file = file;
    this.otlp = Receiver.start("logs", this::take);
  }

  @Override
  public Map<Integer, Integer> ports() {
    return Map.of(OTLP, otlp.port());
  }

  @Override
  public void close() {
    otlp.close();
  }

  private Answer take(String path, byte[] body, HttpExchange exchange) throws IOException {
    if (!"application/x-protobuf".equals(exchange.getRequestHeaders().getFirst("Content-Type")))
      return Answer.text(415, "only OTLP as application/x-protobuf is taken");
    if (!path.equals("/v1/logs"))
      return Answer.text(404, "the collector is configured for logs only, not for " + path);
    write(lines(ExportLogsServiceRequest.parseFrom(body)));
    return Answer.taken();
  }

  private synchronized void write(String lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String lines(ExportLogsServiceRequest batch) {
    var lines = new StringBuilder();
    for (var resource : batch.getResourceLogsList()) {
      var attributes = Attributes.map(resource.getResource().getAttributesList());
      for (var scope : resource.getScopeLogsList())
        for (var logged : scope.getLogRecordsList())
          lines
              .append(Json.write(line(logged, scope.getScope().getName(), attributes)))
              .append('\n');
    }
    return lines.toString();
  }

  private static Map<String, Object> line(
      LogRecord logged, String scope, Map<String, Object> resource) {
    var nanos =
        logged.getTimeUnixNano() == 0 ? logged.getObservedTimeUnixNano() : logged.getTimeUnixNano();
    var line = new LinkedHashMap<String, Object>();
    line.put(
        "time", Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L).toString());
    line.put("severity_text", logged.getSeverityText());
    line.put("severity_number", logged.getSeverityNumberValue());
    line.put("body", Attributes.value(logged.getBody()));
    line.put("trace_id", HexFormat.of().formatHex(logged.getTraceId().toByteArray()));
    line.put("span_id", HexFormat.of().formatHex(logged.getSpanId().toByteArray()));
    line.put("attributes", Attributes.map(logged.getAttributesList()));
    line.put("scope", Map.of("name", scope));
    line.put("resource", resource);
    return line;
  }
}
