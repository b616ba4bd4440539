package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;

/**
 * Ten thousand SLOs at AWS's own rates: how many calls, how much of virtual time, how many
 * invocations, and with how little memory.
 */
class ScaleTest {
  /** A fifth of what the function has. */
  private static final String MEMORY = "-Xmx200m";

  private static Json run = Json.of(null);

  @BeforeAll
  static void audits(@TempDir Path folder) throws IOException, InterruptedException {
    var output = folder.resolve("output");
    var errors = folder.resolve("errors");
    var process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                MEMORY,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ScaleRun.class.getName(),
                "100",
                "100")
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    var ended = process.waitFor(5, TimeUnit.MINUTES);
    if (!ended) process.destroyForcibly();
    var text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended && process.exitValue() == 0)
        .as("with %s: %s %s", MEMORY, text, Files.readString(errors))
        .isTrue();
    run = Json.parse(text);
  }

  private static int calls(String audit, String operation) {
    return run.at(audit).at("calls").at(operation).integer(0, 1_000_000);
  }

  @Test
  void theFirstAuditReadsAllTagsInAnHour() {
    var first = run.at("first");
    assertThat(first.at("outcome").text()).contains("10000 SLOs");
    assertThat(calls("first", "ListTagsForResource")).as("each once").isEqualTo(10_000);
    assertThat(first.at("invocations").integer(1, 100)).isEqualTo(9);
    assertThat(first.at("seconds").integer(0, 100_000)).isBetween(2_000, 3_600);
    assertThat(first.at("longest").integer(0, 100_000))
        .as("stops in time to save")
        .isBetween(240, 290);
  }

  @Test
  void eachLaterOneTakesOneInvocationOfTwoMinutes() {
    var next = run.at("next");
    assertThat(next.at("outcome").text()).contains("10000 SLOs");
    assertThat(next.at("invocations").integer(1, 100)).isEqualTo(1);
    assertThat(next.at("seconds").integer(0, 100_000)).isBetween(60, 120);
    assertThat(calls("next", "ListServiceLevelObjectives")).isEqualTo(200);
    assertThat(calls("next", "ListTagsForResource")).isEqualTo(Reader.AGAIN);
    assertThat(calls("next", "BatchGetServiceLevelObjectiveBudgetReport")).isEqualTo(200);
    assertThat(calls("next", "GetMetricData")).isEqualTo(40);
    assertThat(calls("next", "DescribeAlarms")).isEqualTo(1);
    assertThat(calls("next", "ListMetrics")).isEqualTo(1);
    assertThat(calls("next", "ListServices")).isEqualTo(1);
  }

  @Test
  void everySloIsInTheReport() {
    var summary = run.at("summary");
    assertThat(summary.at("slos").integer(0, 99_999)).isEqualTo(10_000);
    assertThat(summary.at("exhausted").integer(0, 99_999)).isEqualTo(100);
    assertThat(summary.at("warning").integer(0, 99_999)).isEqualTo(200);
    assertThat(summary.at("noData").integer(0, 99_999)).isEqualTo(100);
  }

  @Test
  void whatPeopleReadStaysSmall() {
    var sizes = run.at("sizes");
    assertThat(sizes.at("audits/latest.html").integer(0, Integer.MAX_VALUE)).isLessThan(1_500_000);
    assertThat(sizes.at("audits/latest.md").integer(0, Integer.MAX_VALUE)).isLessThan(300_000);
    assertThat(sizes.at("audits/latest.json").integer(0, Integer.MAX_VALUE)).isLessThan(12_000_000);
  }
}
