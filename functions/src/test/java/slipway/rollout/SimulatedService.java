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
 *
 * <p>A service that shifts requests tells less in DescribeServices, and what it goes back to may be
 * what it always was, or a deployment anew; events may call either complete, or even the one that
 * failed. What ECS does of all this it does not document.
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
    private Course.State course = Course.State.UNDER_WAY;
    private boolean broke;

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
    return new RunningService(rolling, told(stale ? before : deployments), List.of());
  }

  /** Of a service that shifts requests, only whether anything is under way. */
  private List<RunningService.Deployment> told(List<RunningService.Deployment> all) {
    if (rolling) return all;
    var underWay = unfinished();
    return all.stream()
        .map(it -> at(it, it.primary(), underWay ? Progress.IN_PROGRESS : Progress.COMPLETED, ""))
        .toList();
  }

  private boolean unfinished() {
    return latest().course == Course.State.UNDER_WAY || latest().course == Course.State.GOING_BACK;
  }

  /** What DescribeServiceDeployments answers; of what went back, of the one that began it. */
  Optional<Course> course(String deployment) {
    return started.stream()
        .filter(it -> it.id.equals(deployment) && it.by != Starter.CIRCUIT_BREAKER)
        .findFirst()
        .map(it -> new Course(it.id, it.course, "", it.broke, List.of()));
  }

  /** Goes back if the deployment is under way and there is something to go back to. */
  boolean takeBack(String id) {
    var now = latest();
    if (!now.id.equals(id) || now.course != Course.State.UNDER_WAY) return false;
    var back = lastCompleted();
    if (back.isEmpty()) return false;
    now.end = Optional.of(Progress.FAILED);
    now.course = Course.State.GOING_BACK;
    scene.tell(Happening.TAKEN_BACK, "ecs", () -> id + " is taken back");
    goBack(now, back.get());
    return true;
  }

  private void goBack(Started failed, Started to) {
    scene.in(Duration.ofSeconds(30), Duration.ofMinutes(3), () -> wentBack(failed, to));
  }

  private void wentBack(Started failed, Started to) {
    if (latest() != failed) return;
    failed.course = Course.State.WENT_BACK;
    var same = scene.chance().in(50);
    var back =
        new Started(
            same ? to.id : ecs.nextDeployment(),
            to.arn,
            to.content,
            Starter.CIRCUIT_BREAKER,
            scene.now());
    back.end = Optional.of(Progress.COMPLETED);
    back.course = Course.State.DONE;
    started.add(back);
    change(
        new RunningService.Deployment(
            back.id, true, back.arn, Progress.COMPLETED, "", same ? to.at : back.at),
        List.of());
    scene.tell(
        Happening.DEPLOYMENT_ROLLED_BACK,
        "ecs",
        () -> "%s is what %s runs again".formatted(back.id, name));
    event(scene.chance().in(50) ? back : failed, "SERVICE_DEPLOYMENT_COMPLETED", "completed");
  }

  /** Starts a deployment, in place of whatever was under way. */
  RunningService.Deployment start(String arn, Starter by) {
    if (!started.isEmpty() && latest().end.isEmpty()) {
      var superseded = latest().id;
      scene.tell(
          Happening.DEPLOYMENT_SUPERSEDED, "ecs", () -> superseded + " gets no end any more");
    }
    if (!started.isEmpty() && unfinished()) latest().course = Course.State.STOPPED;
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
    if (latest() != ending || ending.end.isPresent()) return;
    if (ecs.crashes(name, ending.content)) fail(ending);
    else complete(ending);
  }

  private void complete(Started ending) {
    ending.end = Optional.of(Progress.COMPLETED);
    ending.course = Course.State.DONE;
    change(at(primary(), true, Progress.COMPLETED, "completed"), List.of());
    scene.tell(Happening.DEPLOYMENT_COMPLETED, "ecs", () -> ending.id + " completed");
    event(ending, "SERVICE_DEPLOYMENT_COMPLETED", "completed");
  }

  private void fail(Started ending) {
    ending.end = Optional.of(Progress.FAILED);
    var back = lastCompleted();
    ending.course = back.isEmpty() ? Course.State.STOPPED : Course.State.GOING_BACK;
    ending.broke = true;
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
        to -> {
          if (!rolling) goBack(ending, to);
          else scene.in(Duration.ZERO, Duration.ofSeconds(5), () -> rollBack(ending, to.arn));
        },
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

  private Optional<Started> lastCompleted() {
    return started.reversed().stream().filter(Started::completed).findFirst();
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
