package slipway.local;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import slipway.local.stack.Clients;
import slipway.local.stack.LocalStack;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;

/** Metrics of a stack, as anyone reads them. */
record Readings(LocalStack stack, Instant since) {

  /** Of Application Signals. */
  double signal(String metric, Map<String, String> dimensions, String statistic) {
    return total("ApplicationSignals", metric, dimensions, statistic);
  }

  /** A statistic of all minutes until now, added up; 0 if there is none. */
  double total(String namespace, String metric, Map<String, String> dimensions, String statistic) {
    var named =
        dimensions.entrySet().stream()
            .map(each -> Dimension.builder().name(each.getKey()).value(each.getValue()).build())
            .toList();
    var query =
        MetricDataQuery.builder()
            .id("m")
            .metricStat(
                stat ->
                    stat.stat(statistic)
                        .period(60)
                        .metric(it -> it.namespace(namespace).metricName(metric).dimensions(named)))
            .build();
    // The minute that is not over counts, too.
    var end = stack.surroundings().metrics().minutes();
    try (var cloudWatch = Clients.of(CloudWatchClient.builder(), stack, stack.operator())) {
      return cloudWatch
          .getMetricData(
              get ->
                  get.startTime(since)
                      .endTime(end.start(end.index(Instant.now()) + 1))
                      .metricDataQueries(query))
          .metricDataResults()
          .getFirst()
          .values()
          .stream()
          .mapToDouble(Double::doubleValue)
          .sum();
    }
  }

  /** Looks every now and then. */
  static void until(String what, BooleanSupplier come) {
    var done = new CompletableFuture<Void>();
    try (var clock = Executors.newSingleThreadScheduledExecutor()) {
      clock.scheduleWithFixedDelay(
          () -> {
            if (come.getAsBoolean()) done.complete(null);
          },
          0,
          100,
          TimeUnit.MILLISECONDS);
      done.orTimeout(60, TimeUnit.SECONDS)
          .whenComplete((_, _) -> clock.shutdownNow())
          .exceptionally(
              why -> {
                throw new AssertionError(what + " did not come", why);
              })
          .join();
    }
  }
}
