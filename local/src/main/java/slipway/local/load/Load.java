package slipway.local.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import slipway.local.metrics.Samples;

/**
 * Users of a service: requests through its load balancer, each one counted and timed from when it
 * is sent to the last byte of its answer. However long it goes on, it keeps counts and no requests.
 *
 * <p>Each request begins a trace, as a client with X-Ray would, whose id tells which request it is:
 * so whoever finds the id in a log knows it without a list of all.
 */
public final class Load implements AutoCloseable {
  static final String TRACE = "X-Amzn-Trace-Id";
  private static final int MOST_UNDER_WAY = 256;
  private static final int FAILURES_TOLD = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final URI root;
  private final LoadPlan plan;
  private final Consumer<String> bodies;

  /** The same for all requests of this load: 48 bits, as hexadecimal digits. */
  private final String mark =
      "%012x".formatted(ThreadLocalRandom.current().nextLong() & 0xffff_ffff_ffffL);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("load").factory());
  private final ExecutorService users = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore free = new Semaphore(MOST_UNDER_WAY);
  private final Optional<Injector> injector;
  private final long began = System.nanoTime();
  private final Tally tally = new Tally();
  private volatile OptionalLong ended = OptionalLong.empty();

  private Load(URI root, LoadPlan plan, Consumer<String> bodies) {
    this.plan = plan;
    this.bodies = bodies;
    injector =
        plan.injection().none()
            ? Optional.empty()
            : Optional.of(new Injector(root, plan.injection(), http));
    this.root = injector.map(Injector::uri).orElse(root);
    clock.execute(() -> send(0));
  }

  /**
   * Starts at once.
   *
   * @param root of the service, such as {@code http://127.0.0.1:40123}
   */
  public static Load start(URI root, LoadPlan plan) {
    return start(root, plan, _ -> {});
  }

  /**
   * Starts at once.
   *
   * @param bodies gets the body of each answer of 200 to 299
   */
  public static Load start(URI root, LoadPlan plan, Consumer<String> bodies) {
    return new Load(root, plan, bodies);
  }

  /** What its users saw so far. */
  public LoadReport report() {
    return tally.report(Duration.ofNanos(ended.orElseGet(System::nanoTime) - began));
  }

  /** Which of the requests began the trace, 0 for the first; empty if none of them did. */
  public OptionalLong request(String traceId) {
    return traceId.length() == 32 && traceId.startsWith(mark, 8)
        ? OptionalLong.of(Long.parseLong(traceId.substring(20), 16))
        : OptionalLong.empty();
  }

  private void send(long number) {
    if (free.tryAcquire()) {
      tally.sent();
      users.execute(() -> ask(number));
    } else tally.heldBack();
    var due = began + plan.shape().due(number + 1).toNanos();
    if (!clock.isShutdown())
      clock.schedule(
          () -> send(number + 1), Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private void ask(long number) {
    var path = plan.path(number);
    var request =
        HttpRequest.newBuilder(root.resolve(path))
            .header(TRACE, trace(number))
            .timeout(PATIENCE)
            .build();
    var sent = System.nanoTime();
    try {
      var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      tally.answered(path, answer, (System.nanoTime() - sent) / 1e6);
      if (answer.statusCode() / 100 == 2) bodies.accept(answer.body());
    } catch (IOException e) {
      tally.unanswered(path + ": " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      tally.unanswered(path + ": interrupted");
    } finally {
      free.release();
    }
  }

  private String trace(long number) {
    return "Root=1-%08x-%s%012x;Parent=%016x;Sampled=1"
        .formatted(
            Instant.now().getEpochSecond(),
            mark,
            number,
            ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
  }

  /** Sends nothing more, waits for the answers that are due, and gives the final report. */
  public LoadReport stop() {
    clock.shutdownNow();
    try {
      clock.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    users.close();
    if (ended.isEmpty()) ended = OptionalLong.of(System.nanoTime());
    injector.ifPresent(Injector::close);
    http.close();
    return report();
  }

  @Override
  public void close() {
    stop();
  }

  /** Counts, however many requests there are. */
  private static final class Tally {
    private final SortedMap<Integer, Long> answers = new TreeMap<>();
    private final Samples latencies = new Samples();
    private final Deque<String> failures = new ArrayDeque<>();
    private long sent;
    private long heldBack;
    private long unanswered;
    private long faults;
    private long late;

    synchronized void sent() {
      sent++;
    }

    synchronized void heldBack() {
      heldBack++;
    }

    synchronized void answered(String path, HttpResponse<String> answer, double millis) {
      var status = answer.statusCode();
      answers.merge(status, 1L, Long::sum);
      switch (answer.headers().firstValue(Injector.HEADER).orElse("")) {
        case Injector.FAULT -> faults++;
        case Injector.LATENCY -> {
          late++;
          latencies.add(millis);
        }
        default -> latencies.add(millis);
      }
      if (status / 100 != 2)
        failed("%s: %d %s".formatted(path, status, answer.body().lines().findFirst().orElse("")));
    }

    synchronized void unanswered(String what) {
      unanswered++;
      failed(what);
    }

    private void failed(String what) {
      if (failures.size() == FAILURES_TOLD) failures.removeFirst();
      failures.addLast(what);
    }

    synchronized LoadReport report(Duration lasted) {
      return new LoadReport(
          lasted,
          sent,
          heldBack,
          answers,
          unanswered,
          faults,
          late,
          new LoadReport.Latencies(latencies),
          List.copyOf(failures));
    }
  }
}
