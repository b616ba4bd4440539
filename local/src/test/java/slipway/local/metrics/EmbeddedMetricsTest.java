package slipway.local.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;
import slipway.local.cloud.Pace;

class EmbeddedMetricsTest {
  private static final Instant AT = Instant.parse("2026-11-25T00:00:30Z");
  private static final Metric PUSHES =
      Metric.of("Slipway", "Pushes", Map.of("Stack", "slipway", "Service", "dice"));

  private final MetricStore store = new MetricStore(new Minutes(new Pace(1)));
  private final EmbeddedMetrics metrics = new EmbeddedMetrics(store);
  @TempDir private Path folder;

  private void write(String text) throws IOException {
    var log = folder.resolve("f.log");
    Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    metrics.look(log);
  }

  private static String line(double pushes) {
    return Json.write(
            Map.of(
                "event",
                "push builds",
                "_aws",
                Map.of(
                    "Timestamp",
                    AT.toEpochMilli(),
                    "CloudWatchMetrics",
                    List.of(
                        Map.of(
                            "Namespace",
                            "Slipway",
                            "Dimensions",
                            List.of(List.of("Stack", "Service")),
                            "Metrics",
                            List.of(Map.of("Name", "Pushes", "Unit", "Count"))))),
                "Stack",
                "slipway",
                "Service",
                "dice",
                "Pushes",
                pushes))
        + "\n";
  }

  private double sum() {
    var minute = store.minutes().index(AT);
    return store.slots(List.of(PUSHES), new Grid(minute, 1, 1)).values().stream()
        .mapToDouble(samples -> samples.statistic("Sum"))
        .sum();
  }

  @Test
  void aLineInTheFormatIsAMetricOfItsTime() throws IOException {
    write(line(1));
    assertThat(store.metrics()).containsExactly(PUSHES);
    assertThat(sum()).isEqualTo(1);
  }

  @Test
  void eachLineCountsOnceAndAsSoonAsItIsWhole() throws IOException {
    write(line(1));
    var second = line(2);
    write(second.substring(0, 40));
    assertThat(sum()).isEqualTo(1);
    write(second.substring(40));
    write("");
    assertThat(sum()).isEqualTo(3);
  }

  @Test
  void whatIsNotInTheFormatIsALineAndNoMore() throws IOException {
    write("START \"_aws\"\n{\"_aws\": no JSON\n{\"event\":\"x\",\"why\":\"no metric\"}\n");
    assertThat(store.metrics()).isEmpty();
    metrics.look(folder.resolve("none.log"));
  }
}
