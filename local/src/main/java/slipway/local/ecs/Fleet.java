package slipway.local.ecs;

import java.util.ArrayList;
import java.util.List;

/**
 * The deployments of a service and their tasks, the primary deployment last; guarded by its
 * service's lock.
 */
final class Fleet {
  private final Task.Platform platform;
  private final HealthRules rules;
  private final ServiceEvents told;
  private final Runnable wake;
  private final List<Deployment> deployments = new ArrayList<>();

  /** Tasks that nothing has happened to yet. */
  private final List<Task> tasks = new ArrayList<>();

  /** Tasks that the service stopped itself: no failure of their deployment. */
  private final List<Task> retired = new ArrayList<>();

  /** Tasks of deployments that are gone. */
  private final List<Task> stopped = new ArrayList<>();

  /**
   * @param wake called whenever something happens to a task
   */
  Fleet(Task.Platform platform, HealthRules rules, ServiceEvents told, Runnable wake) {
    this.platform = platform;
    this.rules = rules;
    this.told = told;
    this.wake = wake;
  }

  List<Deployment> deployments() {
    return deployments;
  }

  Deployment primary() {
    return deployments.getLast();
  }

  List<Deployment> besides(Deployment one) {
    return deployments.stream().filter(deployment -> deployment != one).toList();
  }

  void add(Deployment deployment) {
    deployments.add(deployment);
  }

  void forget(Deployment gone) {
    stopped.addAll(gone.tasks);
    deployments.remove(gone);
  }

  /** Every task, those that stopped too. */
  List<Task> all() {
    var all = new ArrayList<>(stopped);
    deployments.forEach(deployment -> all.addAll(deployment.tasks));
    return all;
  }

  /** Stops tasks that their checks find unhealthy, and counts those that never made it. */
  void judge(ServiceSettings settings) {
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

  boolean healthy(Task task) {
    return rules.healthy(task);
  }

  long healthy(Deployment deployment) {
    return deployment.healthy(rules::healthy);
  }

  /** Whether it has all its tasks and they serve. */
  boolean serves(Deployment deployment, int desired) {
    return healthy(deployment) == desired && deployment.live().size() == desired;
  }

  /** Whether nothing of it runs any more. */
  static boolean gone(Deployment deployment) {
    return deployment.tasks.stream().allMatch(Task::stopped);
  }

  void retire(Task task) {
    retired.add(task);
    told.stopped(task);
    task.stop(
        "ServiceSchedulerInitiated",
        "Scaling activity initiated by (deployment %s)".formatted(task.startedBy()));
  }

  void retire(Deployment deployment) {
    deployment.live().forEach(this::retire);
  }

  /** Starts and stops tasks of a deployment until it has as many as it is to have. */
  void keep(ServiceSettings settings, Deployment deployment, int desired) {
    deployment.live().stream().skip(desired).forEach(this::retire);
    start(settings, deployment, desired - deployment.live().size());
  }

  void start(ServiceSettings settings, Deployment deployment, int count) {
    var begun = new ArrayList<Task>();
    for (int i = 0; i < count; i++) {
      var task =
          new Task(
              platform,
              settings.cluster(),
              settings.name(),
              deployment.id(),
              deployment.definition(),
              deployment.bindings(),
              told,
              wake);
      deployment.tasks.add(task);
      tasks.add(task);
      Thread.ofVirtual().name("task " + task.arn()).start(task::run);
      begun.add(task);
    }
    told.started(begun);
  }
}
