package slipway.local.ecs;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import slipway.json.Json;

/** A container's own health check, run on its interval until closed. */
final class HealthCheck {
  private final Json settings;
  private final ContainerProcess container;
  private final Runnable onChange;
  private final CompletableFuture<Void> passed = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int failures;
  private volatile boolean healthy;

  HealthCheck(Json settings, ContainerProcess container, Runnable onChange) {
    this.settings = settings;
    this.container = container;
    this.onChange = onChange;
    Thread.ofVirtual().start(this::run);
  }

  private void run() {
    var command = settings.at("command").items().stream().map(Json::text).toList();
    var started = System.nanoTime();
    try {
      do {
        check(command, started);
        onChange.run();
        // Checked faster than on AWS: once a second at least, since the interval only costs
        // patience.
      } while (!closed.await(Math.min(seconds("interval", 30), 1), TimeUnit.SECONDS));
    } catch (InterruptedException | IOException e) {
      failures = Integer.MAX_VALUE;
      onChange.run();
    }
  }

  private void check(List<String> command, long started) throws IOException, InterruptedException {
    if (container.passes(command, seconds("timeout", 5))) {
      failures = 0;
      healthy = true;
      passed.complete(null);
      return;
    }
    healthy = false;
    var grace = TimeUnit.SECONDS.toNanos(seconds("startPeriod", 0));
    if (System.nanoTime() - started > grace) failures++;
  }

  private long seconds(String member, int otherwise) {
    return settings.at(member).missing() ? otherwise : settings.at(member).integer(0, 300);
  }

  CompletableFuture<Void> passed() {
    return passed;
  }

  boolean healthy() {
    return healthy;
  }

  boolean unhealthy() {
    return failures >= seconds("retries", 3);
  }

  void close() {
    closed.countDown();
  }
}
