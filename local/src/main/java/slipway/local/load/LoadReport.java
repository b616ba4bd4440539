package slipway.local.load;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import slipway.local.metrics.Samples;

/**
 * What the users of a service saw.
 *
 * @param lasted since the first request
 * @param sent requests, answered or not
 * @param heldBack requests that were due while too many were under way
 * @param answers how many, by status; those that were injected, too
 * @param unanswered requests that ended without an answer
 * @param faults injected
 * @param late answers whose request had to wait by injection
 * @param failures what went wrong last, a line each: everything but an answer of 200 to 299
 */
public record LoadReport(
    Duration lasted,
    long sent,
    long heldBack,
    SortedMap<Integer, Long> answers,
    long unanswered,
    long faults,
    long late,
    Latencies latencies,
    List<String> failures) {

  public LoadReport {
    answers = Collections.unmodifiableSortedMap(new TreeMap<>(answers));
    failures = List.copyOf(failures);
  }

  /** Of the answers that were not injected, in milliseconds. */
  public static final class Latencies {
    private final Samples samples = new Samples();

    Latencies(Samples now) {
      samples.addAll(now);
    }

    /**
     * @param statistic of CloudWatch, such as {@code p99}; right to half a percent
     */
    public double millis(String statistic) {
      return samples.statistic(statistic);
    }
  }

  /** Answers of 200 to 299. */
  public long succeeded() {
    return answers.subMap(200, 300).values().stream().mapToLong(Long::longValue).sum();
  }

  /** All others, and requests without an answer. */
  public long failed() {
    return answered() + unanswered - succeeded();
  }

  /** Answers with the status. */
  public long answered(int status) {
    return answers.getOrDefault(status, 0L);
  }

  private long answered() {
    return answers.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * In a line, such as {@code 240 requests in 12 s: 200 ×238, 503 ×2 (2 injected); p50 3 ms, …}.
   */
  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append("%d requests in %d s: ".formatted(sent, lasted.toSeconds()));
    text.append(
        answers.entrySet().stream()
            .map(each -> each.getKey() + " ×" + each.getValue())
            .collect(Collectors.joining(", ")));
    if (faults > 0) text.append(" (%d injected)".formatted(faults));
    if (unanswered > 0) text.append(", %d without an answer".formatted(unanswered));
    if (heldBack > 0) text.append(", %d not sent".formatted(heldBack));
    if (late > 0) text.append(", %d made late".formatted(late));
    if (answered() > faults)
      text.append(
          String.format(
              Locale.ROOT,
              "; p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, at most %.0f ms",
              latencies.millis("p50"),
              latencies.millis("p90"),
              latencies.millis("p99"),
              latencies.millis("Maximum")));
    return text.toString();
  }
}
