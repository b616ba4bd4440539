package slipway.local.ecs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import slipway.local.cloud.Pace;

/**
 * Blue/green, canary and linear: all tasks of the new version (green) start beside those of the old
 * one (blue) in the other target group, then the weights of the listener's rule are shifted step by
 * step, and the old tasks go last. Until they do, requests can go back at once.
 */
final class TrafficShift implements Replacement {
  /**
   * As DescribeServiceDeployments names it; of those where hooks would be called, only the last.
   */
  enum Stage {
    RECONCILE_SERVICE,
    SCALE_UP,
    PRODUCTION_TRAFFIC_SHIFT,
    BAKE_TIME,
    CLEAN_UP
  }

  private final Fleet fleet;
  private final Optional<Deployment> blue;
  private final Deployment green;
  private final Elb elb;
  private final Shifting shifting;
  private final Pace pace;
  private Stage stage = Stage.RECONCILE_SERVICE;
  private int steps;
  private double percent;
  private Instant since = Instant.now();
  private boolean goingBack;

  /**
   * @param blue what serves; empty for a service's first deployment, which nothing can go back from
   */
  TrafficShift(
      Fleet fleet,
      Optional<Deployment> blue,
      Deployment green,
      Elb elb,
      Shifting shifting,
      Pace pace) {
    this.fleet = fleet;
    this.blue = blue;
    this.green = green;
    this.elb = elb;
    this.shifting = shifting;
    this.pace = pace;
  }

  Stage stage() {
    return stage;
  }

  /** Percent of the requests that go to the new version. */
  double percent() {
    return percent;
  }

  Optional<Deployment> blue() {
    return blue;
  }

  @Override
  public boolean watched() {
    return !goingBack && blue.isPresent() && stage != Stage.CLEAN_UP;
  }

  @Override
  public boolean step(ServiceSettings settings) throws Elb.Refused {
    forgetOthers();
    if (goingBack) return back(settings);
    if (!green.inProgress()) return false;
    if (stage == Stage.RECONCILE_SERVICE) {
      elb.inspect();
      enter(Stage.SCALE_UP);
    }
    if (blue.isPresent() && stage != Stage.CLEAN_UP)
      fleet.keep(settings, blue.get(), settings.desired());
    scale(settings);
    if (!fleet.serves(green, settings.desired())) return false;
    return switch (stage) {
      case RECONCILE_SERVICE, SCALE_UP -> {
        if (blue.isEmpty()) enter(Stage.CLEAN_UP);
        else next();
        yield false;
      }
      case PRODUCTION_TRAFFIC_SHIFT -> {
        if (over(shifting.steps().get(steps - 1).then())) next();
        yield false;
      }
      case BAKE_TIME -> {
        if (over(shifting.bake())) enter(Stage.CLEAN_UP);
        yield false;
      }
      case CLEAN_UP -> cleanUp();
    };
  }

  private void scale(ServiceSettings settings) throws Elb.Refused {
    if (green.live().size() < settings.desired())
      for (var binding : green.bindings()) elb.mayRegister(binding.targetGroup());
    fleet.keep(settings, green, settings.desired());
  }

  /** The next share of the requests, or none if all of them go to green. */
  private void next() throws Elb.Refused {
    if (steps == shifting.steps().size()) {
      enter(Stage.BAKE_TIME);
      return;
    }
    var share = shifting.steps().get(steps).percent();
    elb.shift(group(green), share);
    percent = share;
    steps++;
    enter(Stage.PRODUCTION_TRAFFIC_SHIFT);
  }

  private void enter(Stage next) {
    stage = next;
    since = Instant.now();
  }

  private boolean over(Duration wait) {
    return !Instant.now().isBefore(since.plus(pace.of(wait)));
  }

  private boolean cleanUp() throws Elb.Refused {
    for (var old : fleet.besides(green)) retire(old);
    return fleet.besides(green).stream().allMatch(Fleet::gone);
  }

  /**
   * Sends all requests back where they came from, at once.
   *
   * @return whether there is anything to go back to
   */
  boolean goBack() throws Elb.Refused {
    if (blue.isEmpty()) return false;
    goingBack = true;
    if (percent > 0) elb.shift(group(green), 0);
    percent = 0;
    return true;
  }

  private boolean back(ServiceSettings settings) {
    fleet.retire(green);
    fleet.keep(settings, blue.get(), settings.desired());
    return Fleet.gone(green) && fleet.serves(blue.get(), settings.desired());
  }

  boolean goingBack() {
    return goingBack;
  }

  private void retire(Deployment deployment) throws Elb.Refused {
    if (deployment.live().isEmpty()) return;
    for (var binding : deployment.bindings())
      if (elb.groups().contains(binding.targetGroup())) elb.mayDeregister(binding.targetGroup());
    fleet.retire(deployment);
  }

  /** What was on its way when this one began, and was taken back for it. */
  private void forgetOthers() {
    for (var other : List.copyOf(fleet.besides(green)))
      if (blue.filter(other::equals).isEmpty() && !other.inProgress() && Fleet.gone(other))
        fleet.forget(other);
  }

  private static String group(Deployment deployment) {
    return deployment.bindings().getFirst().targetGroup();
  }
}
