package slipway.local.ecs;

import java.time.Duration;
import java.time.Instant;
import slipway.local.cloud.Pace;

/** Task by task: new ones start in the place of old ones, as minimum and maximum percent allow. */
final class RollingUpdate implements Replacement {
  private final Fleet fleet;
  private final Deployment primary;
  private final AlarmWatch alarms;
  private final Pace pace;

  /**
   * @param primary what it ends with, and then keeps up
   */
  RollingUpdate(Fleet fleet, Deployment primary, AlarmWatch alarms, Pace pace) {
    this.fleet = fleet;
    this.primary = primary;
    this.alarms = alarms;
    this.pace = pace;
  }

  @Override
  public boolean watched() {
    return primary.rollout().rollback.isEmpty();
  }

  @Override
  public boolean step(ServiceSettings settings) {
    retire(settings);
    if (!primary.completed() && !primary.inProgress()) return false;
    replenish(settings);
    return primary.inProgress() && served(settings);
  }

  /** Stops what older deployments run, as far as enough healthy tasks remain. */
  private void retire(ServiceSettings settings) {
    var healthy = fleet.deployments().stream().mapToLong(fleet::healthy).sum();
    for (var deployment : fleet.besides(primary)) {
      for (var task : deployment.live()) {
        if (!fleet.healthy(task)) {
          // Still starting tasks of a superseded deployment; one that serves is not given up early.
          if (!primary.inProgress() || task.startedAt().isEmpty() || fleet.healthy(primary) > 0)
            fleet.retire(task);
        } else if (healthy - 1 >= settings.minimumHealthy()) {
          fleet.retire(task);
          healthy--;
        }
      }
    }
    primary.live().stream().skip(settings.desired()).forEach(fleet::retire);
  }

  private void replenish(ServiceSettings settings) {
    var live = fleet.deployments().stream().mapToInt(it -> it.live().size()).sum();
    // At least one more than nothing, or a service of one task with 100 % could never be updated.
    var room = Math.max(settings.maximum(), 1) - live;
    fleet.start(settings, primary, Math.min(settings.desired() - primary.live().size(), room));
  }

  /** All its tasks serve, nothing else runs any more, and its alarms had their time. */
  private boolean served(ServiceSettings settings) {
    var gone = fleet.besides(primary).stream().allMatch(Fleet::gone);
    if (!gone || !fleet.serves(primary, settings.desired())) {
      primary.servesNot();
      return false;
    }
    primary.serves();
    return !Instant.now().isBefore(primary.serving().orElseThrow().plus(bake()));
  }

  /**
   * How long the alarms are watched when everything serves. ECS computes it from the alarms and
   * does not say how; here it is the time that the slowest of them looks back, and a minute more:
   * alarms look at whole minutes, and the one in which all began to serve is none of those.
   */
  private Duration bake() {
    if (primary.rollout().rollback.isPresent()) return Duration.ZERO;
    return primary.rollout().watched.stream()
        .map(alarms::span)
        .max(Duration::compareTo)
        .map(span -> pace.of(span.plusMinutes(1)))
        .orElse(Duration.ZERO);
  }
}
