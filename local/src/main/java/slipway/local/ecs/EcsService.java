package slipway.local.ecs;

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
 * deployment. One thread decides; everything else only wakes it.
 */
final class EcsService {
  private static final String NO_CANDIDATE = "No rollback candidate was found to run the rollback.";

  private final Surroundings around;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Fleet fleet;
  private final List<Deployment> history = new ArrayList<>();
  private CompletableFuture<Void> settled = new CompletableFuture<>();
  private final Instant created = Instant.now();
  private final ServiceEvents told;
  private ServiceSettings settings;
  private Replacement replacement;

  /** What completed last; ECS goes back to it. */
  private Optional<Deployment> lastGood = Optional.empty();

  private boolean stale = true;
  private boolean closed;

  /**
   * What a service needs of its surroundings.
   *
   * @param roles of those as whom ECS works on load balancers
   */
  record Surroundings(Task.Platform platform, Pace pace, AlarmWatch alarms, Elb.Roles roles) {}

  EcsService(Surroundings around, ServiceSettings settings, TaskDefinition first) {
    this.around = around;
    this.settings = settings;
    this.told = new ServiceEvents(settings, around.platform().events());
    this.fleet = new Fleet(around.platform(), new HealthRules(around.pace()), told, this::wake);
    this.replacement = replace(first);
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

  /** Complete when the service is steady; failed with the reason if a deployment of it fails. */
  CompletableFuture<Void> settled() {
    return locked(() -> settled);
  }

  /** DeleteService: stops every task, and returns when the last one has stopped. */
  void delete() {
    lock.lock();
    try {
      settings = settings.with(Map.of("desiredCount", 0));
      while (!closed && tasks().stream().anyMatch(task -> !task.stopped())) {
        fleet.deployments().forEach(fleet::retire);
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
      var running = fleet.primary().definition();
      var wanted = definition.orElse(running);
      var updated = settings.with(changes);
      updated.checkFits(wanted);
      settings = updated;
      if (force || !wanted.arn().equals(running.arn())) {
        abandon(fleet.primary());
        replacement = replace(wanted);
      }
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** A newer deployment takes the place of one that is not at its end. */
  private void abandon(Deployment unfinished) {
    if (unfinished.completed()) return;
    if (unfinished.rollout().finished.isEmpty()) unfinished.rollout().ends("STOPPED");
    if (!(replacement instanceof TrafficShift shift)) return;
    try {
      if (shift.goBack()) fleet.retire(unfinished);
    } catch (Elb.Refused e) {
      told.trouble(e.getMessage());
    }
    unfinished.becomes("FAILED", "superseded");
  }

  /** Begins a deployment, in the way that the settings name. */
  private Replacement replace(TaskDefinition definition) {
    var rollout = new Deployment.Rollout();
    rollout.source = fleet.deployments().isEmpty() ? Optional.empty() : lastGood.or(this::newest);
    if (rollout.source.isPresent()) rollout.watched = watched();
    var shifting = settings.shifting();
    if (shifting.isEmpty()) return rolling(begin(definition, settings.bindings(), rollout));
    var elb = new Elb(around.platform().targets(), around.roles(), shifting.get());
    var first = shifting.get().groups().getFirst();
    var group = lastGood.map(EcsService::groupOf).map(shifting.get()::besides).orElse(first);
    var green = begin(definition, settings.bindings(group), rollout);
    var shift = new TrafficShift(fleet, lastGood, green, elb, shifting.get(), around.pace());
    rollout.shift = Optional.of(shift);
    return shift;
  }

  private Optional<Deployment> newest() {
    return Optional.of(fleet.primary());
  }

  private static String groupOf(Deployment deployment) {
    return deployment.bindings().getFirst().targetGroup();
  }

  private Deployment begin(
      TaskDefinition definition, List<Task.Binding> bindings, Deployment.Rollout rollout) {
    var deployment = new Deployment(definition, bindings, rollout);
    if (rollout.rollback.isEmpty()) history.add(deployment);
    fleet.add(deployment);
    if (settled.isDone()) settled = new CompletableFuture<>();
    told.began(deployment);
    return deployment;
  }

  private RollingUpdate rolling(Deployment to) {
    return new RollingUpdate(fleet, to, around.alarms(), around.pace());
  }

  /**
   * Source: ECS developer guide: if an alarm is on when a deployment begins, ECS watches none of
   * them, so that a deployment can mend what is wrong.
   */
  private List<String> watched() {
    var names = settings.alarms().names();
    return names.stream().anyMatch(around.alarms()::inAlarm) ? List.of() : names;
  }

  private void step() {
    fleet.judge(settings);
    var primary = fleet.primary();
    if (settings.breaker() && primary.inProgress() && primary.failed() >= settings.threshold()) {
      primary.rollout().broke = true;
      fail(primary, Failure.BREAKER, settings.rollback());
    }
    var triggered = triggered();
    if (!triggered.isEmpty()) {
      fleet.primary().rollout().triggered = triggered;
      fail(fleet.primary(), Failure.ALARM, settings.alarms().rollback());
    }
    try {
      if (replacement.step(settings)) complete(fleet.primary());
    } catch (Elb.Refused e) {
      fail(fleet.primary(), Failure.of(e), true);
    }
  }

  /** Alarms of the deployment that are on; the way back has none. */
  private List<String> triggered() {
    var primary = fleet.primary();
    if (!primary.inProgress() || !replacement.watched()) return List.of();
    return primary.rollout().watched.stream().filter(around.alarms()::inAlarm).toList();
  }

  private void fail(Deployment failed, Failure failure, boolean rollback) {
    var why = failure.reason();
    failed.becomes("FAILED", why);
    if (failure != Failure.REQUESTED) told.failed(failed, failure);
    // Tasks that went well until an alarm went off serve on until others are there.
    if (failure == Failure.BREAKER) fleet.retire(failed);
    settled.completeExceptionally(
        new IllegalStateException("service " + settings.name() + ": " + why));
    switch (replacement) {
      case TrafficShift shift -> goBack(failed, shift, failure, rollback);
      case RollingUpdate _ -> rollBack(failed, why, rollback);
    }
  }

  private void rollBack(Deployment failed, String why, boolean rollback) {
    var rollout = failed.rollout();
    if (!rollback || lastGood.isEmpty()) {
      rollout.ends("STOPPED");
      return;
    }
    rollout.rollback = Optional.of(why);
    rollout.status = "ROLLBACK_IN_PROGRESS";
    var back = begin(lastGood.get().definition(), settings.bindings(), rollout);
    told.rollingBack(back);
    fleet.deployments().forEach(back::takeOver);
    replacement = rolling(back);
  }

  /** What ran before is all there: it takes no deployment to go back to it. */
  private void goBack(Deployment failed, TrafficShift shift, Failure failure, boolean rollback) {
    var rollout = failed.rollout();
    if (!rollback) {
      rollout.ends("STOPPED");
      return;
    }
    rollout.rollback = Optional.of(failure.status());
    rollout.status = "ROLLBACK_IN_PROGRESS";
    try {
      if (shift.goBack()) told.rollingBack(shift.blue().orElseThrow());
      else {
        rollout.rollback = Optional.of(NO_CANDIDATE);
        rollout.ends("ROLLBACK_FAILED");
      }
    } catch (Elb.Refused e) {
      rollout.ends("ROLLBACK_FAILED");
      told.trouble(e.getMessage());
    }
  }

  private void complete(Deployment primary) {
    var rollout = primary.rollout();
    if (replacement instanceof TrafficShift shift && shift.goingBack()) {
      fleet.forget(primary);
      rollout.ends("ROLLBACK_SUCCESSFUL");
      settled = CompletableFuture.completedFuture(null);
    } else {
      primary.becomes("COMPLETED", "ECS deployment " + primary.id() + " completed.");
      fleet.besides(primary).forEach(fleet::forget);
      rollout.ends(rollout.rollback.isPresent() ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL");
    }
    lastGood = Optional.of(fleet.primary());
    replacement = rolling(fleet.primary());
    told.completed(fleet.primary());
    settled.complete(null);
  }

  /**
   * StopServiceDeployment with a rollback.
   *
   * @return false if it is at its end, or on its way back, already
   */
  boolean takeBack(String serviceDeployment) {
    lock.lock();
    try {
      var primary = fleet.primary();
      var its =
          Arns.serviceDeployment(settings.cluster(), settings.name(), primary.digits())
              .equals(serviceDeployment);
      if (!its || !primary.inProgress() || primary.rollout().rollback.isPresent()) return false;
      fail(primary, Failure.REQUESTED, true);
      wake();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The service deployment that has not ended, of which the way back is a part; named by the
   * deployment that began it.
   */
  private Optional<Deployment> underWay() {
    return Optional.of(history.getLast()).filter(d -> d.rollout().finished.isEmpty());
  }

  /** Every task, those that stopped too. */
  List<Task> tasks() {
    return locked(fleet::all);
  }

  Map<String, Object> describe() {
    return locked(
        () -> Views.service(settings, fleet.deployments(), underWay(), told.all(), created));
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
