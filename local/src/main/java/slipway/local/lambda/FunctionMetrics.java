package slipway.local.lambda;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import slipway.local.metrics.Metric;
import slipway.local.metrics.MetricStore;

/**
 * Counts invocations as Lambda does, of all versions of a function together. Source: Lambda
 * developer guide, "Types of metrics for Lambda functions": a throttled call is no invocation.
 */
record FunctionMetrics(MetricStore store) {

  void invoked(String function, Instant at, Outcome outcome, Duration took) {
    add(function, "Invocations", at, 1);
    add(function, "Errors", at, outcome instanceof Outcome.Failed ? 1 : 0);
    add(function, "Throttles", at, 0);
    add(function, "Duration", at, took.toMillis());
  }

  void throttled(String function, Instant at) {
    add(function, "Throttles", at, 1);
  }

  private void add(String function, String metric, Instant at, double value) {
    store.add(Metric.of("AWS/Lambda", metric, Map.of("FunctionName", function)), at, value);
  }
}
