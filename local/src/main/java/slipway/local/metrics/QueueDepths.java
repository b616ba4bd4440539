package slipway.local.metrics;

import java.time.Clock;
import java.util.Map;
import slipway.local.queues.Queues;

/** Reads off how many messages wait in each queue, which SQS does once a minute. */
public record QueueDepths(Queues queues, MetricStore store, Clock clock) implements Runnable {

  @Override
  public void run() {
    // Of the minute that is just over, which is the one that alarms look at next.
    var now = clock.instant();
    var at = store.minutes().start(store.minutes().index(now) - 1);
    for (var queue : queues.all())
      store.add(
          Metric.of(
              "AWS/SQS", "ApproximateNumberOfMessagesVisible", Map.of("QueueName", queue.name())),
          at,
          queue.visible());
  }
}
