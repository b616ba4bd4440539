package slipway.local.ecs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import slipway.local.cloud.Pace;

/**
 * A service: it looks at its tasks whenever something changes and takes the next step of its
 * rolling deployment. One thread decides; everything else only wakes it.
 */
final class EcsService {
  private final Task.Platform platform;
  private final Pace pace;
  private final AlarmWatch alarms;
  private final HealthRules rules;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Deployment> deployments = new ArrayList<>();
  private final List<Deployment> history = new ArrayList<>();

  /** Tasks that nothing has happened to yet. */
  private final List<Task> tasks = new ArrayList<>();

  /** Tasks that it stopped itself: no failure of their deployment. */
  private final List<Task> retired = new ArrayList<>();

  /** Tasks of deployments that are gone. */
  private final List<Task> stopped = new ArrayList<>();

  private CompletableFuture<Void> settled = new CompletableFuture<>();
  private final Instant created = Instant.now();
  private final ServiceEvents told;
  private ServiceSettings settings;
  private Optional<TaskDefinition> lastGood = Optional.empty();
  private boolean stale = true;
  private boolean closed;

  EcsService(
      Task.Platform platform,
      Pace pace,
      AlarmWatch alarms,
      ServiceSettings settings,
      TaskDefinition first) {
    this.platform = platform;
    this.pace = pace;
    this.alarms = alarms;
    this.rules = new HealthRules(pace);
    this.settings = settings;
    this.told = new ServiceEvents(settings, platform.events());
    begin(first, new Deployment.Rollout(), Optional.empty());
    Thread.ofVirtual().name("service " + settings.name()).start(this::run);
  }

  private void run() {
    lock.lock();
    try {
      while (!closed) {
        stale = false;
        step();
        // Grace periods end without anything happening, so it also looks from time to time.
        if (!stale && !closed) changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      stale = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Complete when the service is steady; failed with the reason if its circuit breaker opens. */
  CompletableFuture<Void> settled() {
    return locked(() -> settled);
  }

  /** DeleteService: stops every task, and returns when the last one has stopped. */
  void delete() {
    lock.lock();
    try {
      settings = settings.with(Map.of("desiredCount", 0));
      while (!closed && tasks().stream().anyMatch(task -> !task.stopped())) {
        wake();
        changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
      closed = true;
      changed.signalAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while service " + settings.name() + " drains", e);
    } finally {
      lock.unlock();
    }
  }

  /** UpdateService: new settings, and a deployment if there is something to deploy. */
  void update(Map<String, Object> changes, Optional<TaskDefinition> definition, boolean force) {
    lock.lock();
    try {
      var running = primary().definition();
      var wanted = definition.orElse(running);
      var updated = settings.with(changes);
      updated.checkFits(wanted);
      settings = updated;
      if (force || !wanted.arn().equals(running.arn())) {
        var rollout = primary().rollout();
        if (primary().inProgress()) rollout.ends("STOPPED");
        begin(wanted, new Deployment.Rollout(), Optional.of(primary()));
      }
      wake();
    } finally {
      lock.unlock();
    }
  }

  private Deployment begin(
      TaskDefinition definition, Deployment.Rollout rollout, Optional<Deployment> from) {
    var deployment = new Deployment(definition, rollout);
    if (rollout.rollback.isEmpty()) {
      rollout.source = from.map(Deployment::digits);
      if (from.isPresent()) rollout.watched = watched();
      history.add(deployment);
    }
    deployments.add(deployment);
    if (settled.isDone()) settled = new CompletableFuture<>();
    told.began(deployment);
    return deployment;
  }

  /**
   * Source: ECS developer guide: if an alarm is on when a deployment begins, ECS watches none of
   * them, so that a deployment can mend what is wrong.
   */
  private List<String> watched() {
    var names = settings.alarms().names();
    return names.stream().anyMatch(alarms::inAlarm) ? List.of() : names;
  }

  private void step() {
    judge();
    var primary = primary();
    if (settings.breaker() && primary.inProgress() && primary.failed() >= settings.threshold()) {
      primary.rollout().broke = true;
      fail(primary, Deployment.Failure.BREAKER, settings.rollback());
      primary = primary();
    }
    var triggered = triggered(primary);
    if (!triggered.isEmpty()) {
      primary.rollout().triggered = triggered;
      fail(primary, Deployment.Failure.ALARM, settings.alarms().rollback());
      primary = primary();
    }
    retire(primary);
    if (!primary.completed() && !primary.inProgress()) return;
    replenish(primary);
    settle(primary);
  }

  /** Stops tasks that their checks find unhealthy, and counts those that never made it. */
  private void judge() {
    for (var deployment : deployments) {
      for (var task : deployment.tasks) {
        if (!task.stopping())
          rules.unhealthy(task, settings.grace()).ifPresent(why -> giveUp(task, why));
        if (task.stopping() && tasks.remove(task) && !retired.contains(task)) {
          task.why()
              .filter(why -> why.code().equals("TaskFailedToStart"))
              .ifPresent(why -> told.notPlaced(why.reason()));
          if (deployment.inProgress()) deployment.countFailure();
        }
      }
    }
  }

  private void giveUp(Task task, HealthRules.Unhealthy why) {
    switch (why) {
      case HealthRules.Unhealthy.Containers() -> told.containersUnhealthy(task);
      case HealthRules.Unhealthy.AsTarget(var target) -> told.targetUnhealthy(task, target);
    }
    told.stopped(task);
    task.stop("ServiceSchedulerInitiated", why.stoppedReason());
  }

  /** Alarms of the deployment that are on; the way back has none. */
  private List<String> triggered(Deployment primary) {
    if (!primary.inProgress() || primary.rollout().rollback.isPresent()) return List.of();
    return primary.rollout().watched.stream().filter(alarms::inAlarm).toList();
  }

  private void fail(Deployment failed, Deployment.Failure failure, boolean rollback) {
    var why = failure.reason();
    failed.becomes("FAILED", why);
    told.failed(failed, failure);
    // Tasks that went well until an alarm went off serve on until others are there.
    if (failure == Deployment.Failure.BREAKER) failed.live().forEach(this::retire);
    settled.completeExceptionally(
        new IllegalStateException("service " + settings.name() + ": " + why));
    if (!rollback || lastGood.isEmpty()) {
      failed.rollout().ends("STOPPED");
      return;
    }
    failed.rollout().rollback = Optional.of(why);
    failed.rollout().status = "ROLLBACK_IN_PROGRESS";
    var back = begin(lastGood.get(), failed.rollout(), Optional.of(failed));
    told.rollingBack(back);
    deployments.forEach(back::takeOver);
  }

  private void retire(Task task) {
    retired.add(task);
    told.stopped(task);
    task.stop(
        "ServiceSchedulerInitiated",
        "Scaling activity initiated by (deployment %s)".formatted(task.startedBy()));
  }

  /** Stops what older deployments run, as far as enough healthy tasks remain. */
  private void retire(Deployment primary) {
    var healthy = deployments.stream().mapToLong(d -> d.healthy(rules::healthy)).sum();
    for (var deployment : deployments) {
      if (deployment == primary) continue;
      for (var task : deployment.live()) {
        if (!rules.healthy(task)) {
          // Still starting tasks of a superseded deployment; one that serves is not given up early.
          if (!primary.inProgress()
              || task.startedAt().isEmpty()
              || primary.healthy(rules::healthy) > 0) retire(task);
        } else if (healthy - 1 >= settings.minimumHealthy()) {
          retire(task);
          healthy--;
        }
      }
    }
    primary.live().stream().skip(settings.desired()).forEach(this::retire);
  }

  private void replenish(Deployment primary) {
    var begun = new ArrayList<Task>();
    var live = deployments.stream().mapToInt(deployment -> deployment.live().size()).sum();
    // At least one more than nothing, or a service of one task with 100 % could never be updated.
    while (primary.live().size() < settings.desired() && live < Math.max(settings.maximum(), 1)) {
      var task =
          new Task(
              platform,
              settings.cluster(),
              settings.name(),
              primary.id(),
              primary.definition(),
              settings.bindings(),
              told,
              this::wake);
      primary.tasks.add(task);
      tasks.add(task);
      Thread.ofVirtual().name("task " + task.arn()).start(task::run);
      begun.add(task);
      live++;
    }
    told.started(begun);
  }

  /**
   * The deployment is complete when all its tasks serve, nothing else runs any more, and its alarms
   * had their time.
   */
  private void settle(Deployment primary) {
    var others = deployments.stream().filter(d -> d != primary).toList();
    var gone = others.stream().allMatch(d -> d.tasks.stream().allMatch(Task::stopped));
    if (!primary.inProgress()) return;
    if (!gone
        || primary.healthy(rules::healthy) != settings.desired()
        || primary.live().size() != settings.desired()) {
      primary.servesNot();
      return;
    }
    primary.serves();
    if (Instant.now().isBefore(primary.serving().orElseThrow().plus(bake(primary)))) return;
    primary.becomes("COMPLETED", "ECS deployment " + primary.id() + " completed.");
    lastGood = Optional.of(primary.definition());
    others.forEach(this::forget);
    primary
        .rollout()
        .ends(primary.rollout().rollback.isPresent() ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL");
    told.completed(primary);
    settled.complete(null);
  }

  /**
   * How long the alarms are watched when everything serves. ECS computes it from the alarms and
   * does not say how; here it is the time that the slowest of them looks back, and a minute more:
   * alarms look at whole minutes, and the one in which all began to serve is none of those.
   */
  private Duration bake(Deployment primary) {
    if (primary.rollout().rollback.isPresent()) return Duration.ZERO;
    return primary.rollout().watched.stream()
        .map(alarms::span)
        .max(Duration::compareTo)
        .map(span -> pace.of(span.plusMinutes(1)))
        .orElse(Duration.ZERO);
  }

  private void forget(Deployment old) {
    stopped.addAll(old.tasks);
    deployments.remove(old);
  }

  /**
   * The service deployment that has not ended, of which the way back is a part; named by the
   * deployment that began it.
   */
  private Optional<Deployment> underWay() {
    return Optional.of(history.getLast()).filter(d -> d.rollout().finished.isEmpty());
  }

  private Deployment primary() {
    return deployments.getLast();
  }

  /** Every task, those that stopped too. */
  List<Task> tasks() {
    return locked(
        () -> {
          var all = new ArrayList<>(stopped);
          deployments.forEach(deployment -> all.addAll(deployment.tasks));
          return all;
        });
  }

  Map<String, Object> describe() {
    return locked(() -> Views.service(settings, deployments, underWay(), told.all(), created));
  }

  /** Service deployments, newest first, as DescribeServiceDeployments has them. */
  List<Map<String, Object>> rollouts() {
    return locked(() -> history.reversed().stream().map(d -> Views.rollout(settings, d)).toList());
  }

  private <T> T locked(Supplier<T> look) {
    lock.lock();
    try {
      return look.get();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    tasks().forEach(Task::kill);
  }
}
