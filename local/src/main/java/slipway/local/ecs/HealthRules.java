package slipway.local.ecs;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import slipway.local.cloud.Pace;

/** When a task counts as healthy, and when it is given up. */
record HealthRules(Pace pace) {
  private static final Duration WITHOUT_CHECKS = Duration.ofSeconds(40);

  boolean healthy(Task task) {
    if (task.hasChecks()) return task.healthy();
    return task.running()
        && task.startedAt().orElseThrow().plus(pace.of(WITHOUT_CHECKS)).isBefore(Instant.now());
  }

  /** Why the scheduler stops a task. */
  sealed interface Unhealthy {
    /** In the words of the task's {@code stoppedReason}. */
    String stoppedReason();

    record Containers() implements Unhealthy {
      @Override
      public String stoppedReason() {
        return "Task failed container health checks";
      }
    }

    record AsTarget(Targets.Sick target) implements Unhealthy {
      @Override
      public String stoppedReason() {
        return "Task failed ELB health checks in (target-group %s)".formatted(target.targetGroup());
      }
    }
  }

  /**
   * Why the scheduler stops it; empty if it does not.
   *
   * @param settled health check grace period, at AWS's pace
   */
  Optional<Unhealthy> unhealthy(Task task, Duration settled) {
    if (task.containerUnhealthy()) return Optional.of(new Unhealthy.Containers());
    var started = task.startedAt();
    var target = task.unhealthyTarget();
    if (started.isEmpty() || target.isEmpty()) return Optional.empty();
    // A process that does not answer yet is starting, which takes this machine as long as any
    // other: its grace is not paced. One that answers, but wrongly, has started.
    var wrong = target.get().health() == Targets.Health.WRONG;
    var grace = wrong ? pace.of(settled) : settled;
    if (Instant.now().isBefore(started.get().plus(grace))) return Optional.empty();
    return Optional.of(new Unhealthy.AsTarget(target.get()));
  }
}
