package slipway.local.build;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import slipway.json.Json;
import slipway.local.cloud.Events;
import slipway.local.metrics.Metric;
import slipway.local.metrics.MetricStore;

/**
 * Counts builds as CodeBuild does, by what it tells of them. Source: CodeBuild user guide,
 * "CodeBuild CloudWatch metrics": failed are those with a client's error or a timeout, not those
 * that somebody stopped.
 */
public final class BuildMetrics implements Events {
  private final MetricStore store;
  private final Clock clock;
  private final Events next;
  private final Map<String, Instant> running = new ConcurrentHashMap<>();

  /**
   * @param next told of everything, too
   */
  public BuildMetrics(MetricStore store, Clock clock, Events next) {
    this.store = store;
    this.clock = clock;
    this.next = next;
  }

  @Override
  public void put(
      String source, String detailType, List<String> resources, Map<String, Object> detail) {
    count(Json.of(detail));
    next.put(source, detailType, resources, detail);
  }

  private void count(Json build) {
    var project = build.at("project-name").text();
    var id = build.at("build-id").text();
    var now = clock.instant();
    switch (build.at("build-status").text()) {
      case "IN_PROGRESS" -> {
        running.put(id, now);
        add(project, "Builds", now, 1);
      }
      case "SUCCEEDED" -> ended(project, id, now, "SucceededBuilds");
      case "FAILED", "FAULT", "TIMED_OUT" -> ended(project, id, now, "FailedBuilds");
      default -> running.remove(id);
    }
  }

  private void ended(String project, String id, Instant now, String how) {
    add(project, how, now, 1);
    var began = running.remove(id);
    if (began != null)
      add(project, "Duration", now, Duration.between(began, now).toMillis() / 1000.0);
  }

  private void add(String project, String metric, Instant at, double value) {
    store.add(Metric.of("AWS/CodeBuild", metric, Map.of("ProjectName", project)), at, value);
  }
}
