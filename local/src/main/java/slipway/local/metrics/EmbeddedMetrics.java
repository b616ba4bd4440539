package slipway.local.metrics;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * CloudWatch Logs' way to metrics: a line of a log in the embedded metric format is one. Source:
 * CloudWatch user guide, "Specification: Embedded metric format". Logs are read on from where the
 * last look ended.
 */
public final class EmbeddedMetrics {
  private final MetricStore store;
  private final Map<Path, Long> read = new HashMap<>();

  public EmbeddedMetrics(MetricStore store) {
    this.store = store;
  }

  /** Reads what was written to a log since the last time, whole lines only. */
  public synchronized void look(Path log) {
    if (!Files.exists(log)) return;
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      var from = read.getOrDefault(log, 0L);
      file.seek(from);
      var bytes = new byte[(int) Math.max(0, file.length() - from)];
      file.readFully(bytes);
      var text = new String(bytes, StandardCharsets.ISO_8859_1);
      var whole = text.lastIndexOf('\n') + 1;
      new String(bytes, 0, whole, StandardCharsets.UTF_8).lines().forEach(this::line);
      read.put(log, from + whole);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log, e);
    }
  }

  /** What is not in the format is a line of a log, and no more. */
  private void line(String text) {
    if (!text.startsWith("{") || !text.contains("\"_aws\"")) return;
    Json line;
    try {
      line = Json.parse(text);
    } catch (Malformed _) {
      return;
    }
    var at = Instant.ofEpochMilli((long) line.at("_aws").at("Timestamp").number());
    for (var directive : line.at("_aws").at("CloudWatchMetrics").items())
      for (var set : directive.at("Dimensions").items()) {
        var dimensions = new LinkedHashMap<String, String>();
        for (var name : set.items()) dimensions.put(name.text(), line.at(name.text()).text());
        for (var metric : directive.at("Metrics").items()) {
          var name = metric.at("Name").text();
          store.add(
              Metric.of(directive.at("Namespace").text(), name, dimensions),
              at,
              line.at(name).number());
        }
      }
  }
}
