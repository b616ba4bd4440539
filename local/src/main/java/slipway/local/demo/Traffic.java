package slipway.local.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Users of the service: a steady stream of requests through the load balancer, each one counted. An
 * open loop: a slow answer does not make the next request wait, up to a bound of requests in
 * flight.
 */
public final class Traffic implements AutoCloseable {
  private static final int MOST_IN_FLIGHT = 64;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("traffic").factory());
  private final ExecutorService users = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore inFlight = new Semaphore(MOST_IN_FLIGHT);
  private final AtomicLong answered = new AtomicLong();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  private final Consumer<String> bodies;

  /**
   * Starts at once.
   *
   * @param uris asked in turn
   * @param every time between two requests
   * @param bodies gets the body of each answer with status 200
   */
  public Traffic(List<URI> uris, Duration every, Consumer<String> bodies) {
    this.bodies = bodies;
    var turn = new AtomicLong();
    clock.scheduleAtFixedRate(
        () -> {
          var uri = uris.get((int) (turn.getAndIncrement() % uris.size()));
          if (inFlight.tryAcquire()) users.submit(() -> ask(uri));
        },
        0,
        every.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** Requests that got a 200 so far. */
  public long answered() {
    return answered.get();
  }

  /**
   * What went wrong so far, a line for each request that did not get a 200; empty when all is well.
   */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  private void ask(URI uri) {
    try {
      var answer =
          http.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 200) {
        answered.incrementAndGet();
        bodies.accept(answer.body());
      } else
        failures.add(
            uri.getPath()
                + ": "
                + answer.statusCode()
                + " "
                + answer.body().lines().findFirst().orElse(""));
    } catch (IOException e) {
      failures.add(uri.getPath() + ": " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // closed in the middle of a request: nobody's failure
    } finally {
      inFlight.release();
    }
  }

  /** Stops asking, and waits for the answers that are due. */
  @Override
  public void close() {
    clock.shutdownNow();
    users.close();
    http.close();
  }
}
