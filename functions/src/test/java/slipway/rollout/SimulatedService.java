package slipway.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;
import slipway.rollout.RunningService.Progress;

/**
 * An ECS service. Its deployments take their time; a newer one replaces an unfinished one, which
 * then gets no end; one that fails is followed by another, of the revision that completed last.
 */
final class SimulatedService {
  /** Who started a deployment. */
  enum Starter {
    DEPLOYER,
    CLOUDFORMATION,
    CIRCUIT_BREAKER
  }

  /** A deployment as it went, whoever was told of it. */
  static final class Started {
    final String id;
    final String arn;
    final Content content;
    final Starter by;
    final Instant at;
    private Optional<Progress> end = Optional.empty();

    private Started(String id, String arn, Content content, Starter by, Instant at) {
      this.id = id;
      this.arn = arn;
      this.content = content;
      this.by = by;
      this.at = at;
    }

    boolean completed() {
      return end.filter(Progress.COMPLETED::equals).isPresent();
    }

    boolean failed() {
      return end.filter(Progress.FAILED::equals).isPresent();
    }
  }

  private static final String FAILED = "tasks failed to start";

  /** How long a deployment that failed is seen while its tasks stop. */
  private static final Duration DRAINS = Duration.ofMinutes(1);

  /** How long DescribeServices may answer what was before. */
  private static final Duration STALE = Duration.ofSeconds(3);

  private final Scene scene;
  private final ServiceName name;
  private final boolean rolling;
  private final SimulatedEcs ecs;
  private final List<Started> started = new ArrayList<>();
  private final List<StoppedTask> stopped = new ArrayList<>();
  private List<RunningService.Deployment> deployments = List.of();
  private List<RunningService.Deployment> before = List.of();
  private Instant changed;

  SimulatedService(Scene scene, ServiceName name, boolean rolling, SimulatedEcs ecs) {
    this.scene = scene;
    this.name = name;
    this.rolling = rolling;
    this.ecs = ecs;
    this.changed = scene.now();
  }

  boolean rolling() {
    return rolling;
  }

  /** All deployments there ever were, in order. */
  List<Started> history() {
    return started;
  }

  /** What ECS works towards, as it really is. */
  RunningService.Deployment primary() {
    return deployments.getFirst();
  }

  Started latest() {
    return started.getLast();
  }

  List<StoppedTask> stopped() {
    return List.copyOf(stopped);
  }

  /** What DescribeServices answers: for a moment after a change, perhaps what was before it. */
  RunningService described() {
    var stale =
        scene.now().isBefore(changed.plus(STALE)) && !before.isEmpty() && scene.chance().in(30);
    if (stale) scene.tell(Happening.STALE_READ, "ecs", () -> name + " is read as it was before");
    return new RunningService(rolling, stale ? before : deployments, List.of());
  }

  /** Starts a deployment, in place of whatever was under way. */
  RunningService.Deployment start(String arn, Starter by) {
    if (!started.isEmpty() && latest().end.isEmpty()) {
      var superseded = latest().id;
      scene.tell(
          Happening.DEPLOYMENT_SUPERSEDED, "ecs", () -> superseded + " gets no end any more");
    }
    var begun = new Started(ecs.nextDeployment(), arn, ecs.content(arn), by, scene.now());
    started.add(begun);
    // What completed last goes on serving, and what is rolled back is still seen for a while.
    var others =
        deployments.stream()
            .filter(
                it ->
                    it.progress() == Progress.COMPLETED
                        || by == Starter.CIRCUIT_BREAKER && it.primary())
            .map(
                it ->
                    it.progress() == Progress.COMPLETED
                        ? at(it, false, it.progress(), it.reason())
                        : at(it, false, Progress.FAILED, FAILED))
            .toList();
    change(
        new RunningService.Deployment(
            begun.id, true, arn, Progress.IN_PROGRESS, "in progress", begun.at),
        others);
    scene.tell(
        "ecs",
        () ->
            "%s %s deploys %s (%s), started by %s"
                .formatted(name, begun.id, Revision.shortName(arn), begun.content, by));
    event(begun, "SERVICE_DEPLOYMENT_IN_PROGRESS", "started");
    scene.in(
        rolling ? Duration.ofMinutes(1) : Duration.ofMinutes(4),
        rolling ? Duration.ofMinutes(5) : Duration.ofMinutes(15),
        () -> end(begun));
    return primary();
  }

  private void end(Started ending) {
    if (latest() != ending) return;
    if (ecs.crashes(name, ending.content)) fail(ending);
    else complete(ending);
  }

  private void complete(Started ending) {
    ending.end = Optional.of(Progress.COMPLETED);
    change(at(primary(), true, Progress.COMPLETED, "completed"), List.of());
    scene.tell(Happening.DEPLOYMENT_COMPLETED, "ecs", () -> ending.id + " completed");
    event(ending, "SERVICE_DEPLOYMENT_COMPLETED", "completed");
  }

  private void fail(Started ending) {
    ending.end = Optional.of(Progress.FAILED);
    var back = lastCompleted();
    // Only of rolling deployments ECS says how far they are, and of one that nothing follows.
    if (rolling || back.isEmpty()) change(at(primary(), true, Progress.FAILED, FAILED), others());
    stopped.add(
        new StoppedTask(
            ending.id,
            "EssentialContainerExited",
            "Essential container in task exited",
            List.of(new StoppedTask.Container("app", Optional.of(1), "", false))));
    scene.tell(Happening.DEPLOYMENT_FAILED, "ecs", () -> ending.id + " failed");
    event(ending, "SERVICE_DEPLOYMENT_FAILED", FAILED);
    back.ifPresentOrElse(
        arn -> scene.in(Duration.ZERO, Duration.ofSeconds(5), () -> rollBack(ending, arn)),
        () -> scene.count(Happening.DEPLOYMENT_FAILED_WITHOUT_ROLLBACK));
  }

  private void rollBack(Started failed, String arn) {
    if (latest() != failed) return;
    scene.count(Happening.DEPLOYMENT_ROLLED_BACK);
    start(arn, Starter.CIRCUIT_BREAKER);
    scene.agenda().in(DRAINS, () -> drained(failed.id));
  }

  private void drained(String id) {
    deployments = deployments.stream().filter(it -> it.primary() || !it.id().equals(id)).toList();
  }

  private Optional<String> lastCompleted() {
    return started.reversed().stream().filter(Started::completed).map(it -> it.arn).findFirst();
  }

  private List<RunningService.Deployment> others() {
    return deployments.subList(1, deployments.size());
  }

  private void change(RunningService.Deployment primary, List<RunningService.Deployment> others) {
    before = deployments;
    changed = scene.now();
    var all = new ArrayList<RunningService.Deployment>();
    all.add(primary);
    all.addAll(others);
    deployments = List.copyOf(all);
  }

  private static RunningService.Deployment at(
      RunningService.Deployment it, boolean primary, Progress progress, String reason) {
    return new RunningService.Deployment(
        it.id(), primary, it.taskDefinition(), progress, reason, it.createdAt());
  }

  private void event(Started about, String kind, String reason) {
    ecs.events()
        .put(
            name,
            "ECS Deployment State Change",
            List.of("arn:aws:ecs:ap-northeast-1:123456789012:service/slipway/" + name),
            Map.of("eventName", kind, "deploymentId", about.id, "reason", reason));
  }
}
