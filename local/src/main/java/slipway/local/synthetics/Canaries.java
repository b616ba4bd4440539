package slipway.local.synthetics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Pace;
import slipway.local.iam.Iam;
import slipway.local.metrics.Metric;
import slipway.local.metrics.MetricStore;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/**
 * CloudWatch Synthetics. A canary visits at once when it starts, and then at its rate, on local's
 * pace; what it found are metrics of CloudWatch.
 */
public final class Canaries implements Provisioner, AutoCloseable {
  private static final String NAMESPACE = "CloudWatchSynthetics";
  private static final int KEPT = 100;

  private final Pace pace;
  private final MetricStore metrics;
  private final Iam iam;
  private final Path work;
  private final Path logs;
  private final Map<String, Running> canaries = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(4, Thread.ofVirtual().name("canaries").factory());
  private boolean started;
  private boolean quiet;

  private static final class Running {
    final Lock visiting = new ReentrantLock();
    final Deque<Visit> visits = new ArrayDeque<>();
    volatile Canary canary;
    Optional<Future<?>> ticking = Optional.empty();

    Running(Canary canary) {
      this.canary = canary;
    }
  }

  /**
   * @param work folder for scripts
   * @param logs folder for what scripts print, a file for each canary
   */
  public Canaries(Pace pace, MetricStore metrics, Iam iam, Path work, Path logs) {
    this.pace = pace;
    this.metrics = metrics;
    this.iam = iam;
    this.work = work;
    this.logs = logs;
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::Synthetics::Canary");
  }

  @Override
  public Made make(Resource resource) {
    var canary = Canary.of(resource.properties());
    iam.mayNotAssume("lambda.amazonaws.com", canary.role())
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(
                  "canary '%s' cannot run, %s".formatted(canary.name(), why));
            });
    var running = new Running(canary);
    if (canaries.putIfAbsent(canary.name(), running) != null)
      throw new IllegalArgumentException("canary '" + canary.name() + "' exists already");
    tick(running);
    return new Made(
        canary.name(), Map.of("Id", canary.name(), "State", "RUNNING", "Arn", canary.arn()));
  }

  @Override
  public Made update(Change change) {
    var running = canaries.get(change.made().ref());
    running.canary = Canary.of(change.after().properties());
    tick(running);
    return change.made();
  }

  @Override
  public void delete(Resource resource, Made made) {
    still(canaries.remove(made.ref()));
  }

  @Override
  public List<String> existing() {
    return canaries.values().stream().map(running -> running.canary.arn()).toList();
  }

  /** From now on canaries visit: before the stack is complete, there is nobody to visit. */
  public synchronized void start() {
    started = true;
    canaries.values().forEach(this::tick);
  }

  /** From now on canaries visit only by {@link #visit}, for tests that count requests. */
  public synchronized void onlyWhenTold() {
    quiet = true;
    canaries.values().forEach(this::still);
  }

  private synchronized void tick(Running running) {
    still(running);
    if (!started || quiet) return;
    running.ticking =
        running
            .canary
            .every()
            .map(pace::of)
            .map(
                every ->
                    timer.scheduleAtFixedRate(
                        () -> visitByItself(running),
                        0,
                        Math.max(1, every.toMillis()),
                        TimeUnit.MILLISECONDS));
  }

  private synchronized void still(Running running) {
    running.ticking.ifPresent(ticking -> ticking.cancel(true));
    running.ticking = Optional.empty();
  }

  /** One that cannot be made, as there is no Node, says so where a person looks. */
  private void visitByItself(Running running) {
    try {
      visit(running);
    } catch (UncheckedIOException e) {
      System.getLogger(Canaries.class.getName()).log(System.Logger.Level.WARNING, e.toString(), e);
    }
  }

  /** Visits now, and tells what came of it; the names are the canaries'. */
  public Visit visit(String name) {
    var running = canaries.get(name);
    if (running == null)
      throw new IllegalArgumentException(
          "there is no canary '%s', but %s".formatted(name, canaries.keySet()));
    return visit(running)
        .orElseThrow(() -> new IllegalStateException("canary " + name + " was ended"));
  }

  /** The last visits of a canary, oldest first. */
  public List<Visit> visits(String name) {
    var running = canaries.get(name);
    if (running == null) return List.of();
    synchronized (running.visits) {
      return List.copyOf(running.visits);
    }
  }

  /** One at a time. */
  private Optional<Visit> visit(Running running) {
    running.visiting.lock();
    try {
      var canary = running.canary;
      var log = Files.createDirectories(logs).resolve(canary.name() + ".log");
      var visit = canary.run(work.resolve(canary.name()), log);
      visit.ifPresent(
          done -> {
            tell(canary, done, log);
            synchronized (running.visits) {
              if (running.visits.size() == KEPT) running.visits.removeFirst();
              running.visits.addLast(done);
            }
          });
      return visit;
    } catch (IOException e) {
      throw new UncheckedIOException("canary " + running.canary.name() + " cannot visit", e);
    } finally {
      running.visiting.unlock();
    }
  }

  /** Source: CloudWatch user guide, "CloudWatch metrics published by canaries". */
  private void tell(Canary canary, Visit visit, Path log) {
    var refused =
        iam.roleMayNot(
            canary.role(),
            new Permission(
                "cloudwatch:PutMetricData", "*", Map.of("cloudwatch:namespace", NAMESPACE)));
    if (refused.isPresent()) {
      note(log, "no metrics, " + refused.get());
      return;
    }
    var values = new TreeMap<String, Double>();
    values.put("SuccessPercent", percent(visit.passed()));
    values.put("Duration", visit.millis());
    values.put("2xx", (double) visit.answers(200));
    values.put("4xx", (double) visit.answers(400));
    values.put("5xx", (double) visit.answers(500));
    values.put("Failed requests", (double) visit.unanswered());
    values.put("Failed", visit.ended() ? 0.0 : 1.0);
    var now = Instant.now();
    values.forEach((name, value) -> add(name, Map.of("CanaryName", canary.name()), now, value));
    for (var step : visit.steps()) {
      var dimensions = Map.of("CanaryName", canary.name(), "StepName", step.name());
      add("SuccessPercent", dimensions, now, percent(step.passed()));
      add("Duration", dimensions, now, step.millis());
    }
  }

  private void add(String name, Map<String, String> dimensions, Instant at, double value) {
    metrics.add(Metric.of(NAMESPACE, name, dimensions), at, value);
  }

  private static double percent(boolean passed) {
    return passed ? 100 : 0;
  }

  private static void note(Path log, String line) {
    try {
      Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + log, e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
