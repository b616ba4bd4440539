package slipway.rollout;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import slipway.config.ServiceName;
import slipway.notice.Line;
import slipway.rollout.RunningService.Deployment;
import slipway.rollout.RunningService.Progress;

/**
 * AWS as far as a rollout uses it, in memory: counts calls, and can fail any of them, before or
 * after its effect.
 */
final class World implements TaskDefinitions, Images, Services, Ledger, ReleaseAnswers {
  final Map<String, TaskDefinition> definitions = new LinkedHashMap<>();
  final Map<String, Image> behindTag = new HashMap<>();
  final List<Deployment> deployments = new ArrayList<>();
  final List<StoppedTask> stopped = new ArrayList<>();
  final List<String> alarms = new ArrayList<>();
  final List<Rollout> rollouts = new ArrayList<>();
  final Map<String, Quarantine> quarantine = new HashMap<>();
  final List<RunningService.Event> log = new ArrayList<>();
  final List<Order> orders = new ArrayList<>();
  final List<String> statuses = new ArrayList<>();

  /** Statuses, announcements and notices, in the order in which they were told. */
  final List<String> told = new ArrayList<>();

  final List<String> announcements = new ArrayList<>();
  final List<String> notices = new ArrayList<>();
  final List<String> syncs = new ArrayList<>();
  final List<String> answers = new ArrayList<>();
  final List<String> calls = new ArrayList<>();
  final List<Line> lines = new ArrayList<>();
  ServiceState state = ServiceState.EMPTY;
  Optional<PendingRelease> release = Optional.empty();
  boolean service = true;
  boolean rolling = true;

  /** How the service deployment of the latest rollout goes. */
  Course.State course = Course.State.UNDER_WAY;

  String courseReason = "";
  boolean broke;

  /** Whether a deployment ends just before it is to be taken back. */
  boolean over;

  private int revisions;
  private int ids;
  private int dieAt = -1;
  private boolean afterEffect;
  private Instant now = Instant.parse("2026-08-04T00:15:00Z");

  World() {
    definitions.put("dice-template", Samples.template());
    push(1, 1);
  }

  void push(int app, int adot) {
    behindTag.put("slipway/dice/app", Samples.image("app", app));
    behindTag.put("slipway/dice/adot", Samples.image("adot", adot));
  }

  Rollouts rollouts() {
    return new Rollouts(
        Samples.config(),
        this,
        this,
        this,
        this,
        this,
        service -> call("sqs:SendMessage", () -> syncs.add(service.value())),
        herald(),
        lines::add,
        clock());
  }

  /** Looks, as a message that tells nothing makes it. */
  Outcome reconcile() {
    return rollouts().reconcile(Samples.DICE, Hints.NONE);
  }

  /** Looks again, after a try that died. */
  Outcome reconcileAgain() {
    return rollouts().reconcile(Samples.DICE, new Hints(true, List.of()));
  }

  /** Looks because of an event. */
  Outcome on(DeploymentEvent event) {
    return rollouts().reconcile(Samples.DICE, new Hints(false, List.of(event)));
  }

  private Herald herald() {
    return new Herald(
        (_, commit, status, context, text, _) ->
            tell(
                statuses, "%s %s %s: %s".formatted(commit.substring(0, 16), context, status, text)),
        (_, rollout, stage, _, _) ->
            tell(announcements, rollout.commit().substring(0, 16) + " " + stage),
        (subject, _) -> tell(notices, subject),
        Samples.config());
  }

  private void tell(List<String> where, String what) {
    where.add(what);
    told.add(what);
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        // No two moments are the same, as no two rollouts of a service are.
        now = now.plus(Duration.ofSeconds(1));
        return now;
      }
    };
  }

  /** The n-th call from now on dies, before or after it took effect. */
  void dieAtCall(int n, boolean after) {
    dieAt = calls.size() + n;
    afterEffect = after;
  }

  private void call(String what, Runnable effect) {
    calls.add(what);
    boolean dies = calls.size() == dieAt;
    if (dies && !afterEffect) throw new IllegalStateException("died before " + what);
    effect.run();
    if (dies) throw new IllegalStateException("died after " + what);
  }

  /** ECS finishes the primary deployment. */
  DeploymentEvent completes() {
    var done = deployments.removeFirst();
    deployments.clear();
    deployments.add(
        new Deployment(
            done.id(), true, done.taskDefinition(), Progress.COMPLETED, "", done.createdAt()));
    return new DeploymentEvent("dice", DeploymentEvent.Kind.COMPLETED, done.id(), "completed.");
  }

  /** ECS gives the primary deployment up and goes back to a revision. */
  DeploymentEvent fails(String backTo) {
    var failed = deployments.removeFirst();
    deployments.clear();
    deployments.add(deployment(backTo));
    return new DeploymentEvent(
        "dice",
        DeploymentEvent.Kind.FAILED,
        failed.id(),
        "ECS deployment circuit breaker: tasks failed to start.");
  }

  /** ECS gives the primary deployment up and has nothing to go back to. */
  DeploymentEvent failsForGood() {
    var failed = deployments.removeFirst();
    deployments.add(
        new Deployment(
            failed.id(), true, failed.taskDefinition(), Progress.FAILED, "", failed.createdAt()));
    return new DeploymentEvent("dice", DeploymentEvent.Kind.FAILED, failed.id(), "gave up");
  }

  Deployment deployment(String arn) {
    return new Deployment(
        "ecs-svc/" + ++ids, true, arn, Progress.IN_PROGRESS, "", clock().instant());
  }

  /** What ECS works towards. */
  String primary() {
    return Revision.shortName(deployments.getFirst().taskDefinition());
  }

  List<String> registered() {
    return definitions.keySet().stream().filter(name -> name.contains("/dice:")).toList();
  }

  @Override
  public Optional<TaskDefinition> find(String name) {
    call("ecs:DescribeTaskDefinition", () -> {});
    if (!name.equals("dice")) return Optional.ofNullable(definitions.get(name));
    return registered().stream()
        .map(definitions::get)
        .filter(definition -> !"INACTIVE".equals(definition.tree().get("status")))
        .reduce((_, last) -> last);
  }

  @Override
  public String register(TaskDefinition definition) {
    var arn = Samples.ARN + "dice:" + (revisions + 1);
    call(
        "ecs:RegisterTaskDefinition",
        () -> {
          revisions++;
          var tree = new LinkedHashMap<>(definition.tree());
          tree.put("taskDefinitionArn", arn);
          definitions.put(arn, new TaskDefinition(tree));
        });
    return arn;
  }

  @Override
  public void deregister(String arn) {
    call(
        "ecs:DeregisterTaskDefinition",
        () -> {
          var tree = new LinkedHashMap<>(definitions.get(arn).tree());
          tree.put("status", "INACTIVE");
          definitions.put(arn, new TaskDefinition(tree));
        });
  }

  @Override
  public Optional<Image> behind(String repository, String tag) {
    call("ecr:BatchGetImage", () -> {});
    return Optional.ofNullable(behindTag.get(repository));
  }

  @Override
  public Optional<RunningService> find(ServiceName name) {
    call("ecs:DescribeServices", () -> {});
    return service ? Optional.of(new RunningService(rolling, deployments, log)) : Optional.empty();
  }

  @Override
  public Deployment deploy(ServiceName name, String arn) {
    call(
        "ecs:UpdateService",
        () -> {
          if (!deployments.isEmpty() && deployments.getFirst().taskDefinition().equals(arn)) return;
          deployments.clear();
          deployments.add(deployment(arn));
        });
    return deployments.getFirst();
  }

  @Override
  public List<StoppedTask> stopped(ServiceName name) {
    call("ecs:ListTasks", () -> {});
    return List.copyOf(stopped);
  }

  @Override
  public Optional<Course> course(ServiceName name, String deployment, Instant startedAt) {
    call("ecs:DescribeServiceDeployments", () -> {});
    return Optional.of(new Course(deployment, course, courseReason, broke, alarms));
  }

  @Override
  public boolean takeBack(Course taken) {
    call("ecs:StopServiceDeployment", () -> course = Course.State.GOING_BACK);
    return !over;
  }

  @Override
  public Reading read(ServiceName name, Optional<String> fingerprint) {
    call("dynamodb:BatchGetItem", () -> {});
    return new Reading(state, fingerprint.map(quarantine::get), release);
  }

  @Override
  public void started(Rollout rollout, Optional<Rollout> superseded) {
    call(
        "dynamodb:TransactWriteItems",
        () -> {
          if (rollouts.stream().anyMatch(known -> known.id().equals(rollout.id()))) return;
          superseded.ifPresent(this::put);
          rollouts.add(rollout);
          state = state.started(rollout);
        });
  }

  @Override
  public void ended(Rollout rollout) {
    call(
        "dynamodb:TransactWriteItems",
        () -> {
          put(rollout);
          state = state.ended(rollout);
          if (rollout.status() == Rollout.Status.FAILED)
            quarantine.put(rollout.fingerprint(), Quarantine.of(rollout));
        });
  }

  @Override
  public void refused(ServiceName name, Quarantine refused) {
    call("dynamodb:PutItem", () -> quarantine.put(refused.fingerprint(), refused));
  }

  private void put(Rollout rollout) {
    rollouts.replaceAll(known -> known.id().equals(rollout.id()) ? rollout : known);
  }

  @Override
  public void said(ServiceName name, ServiceState.Said said) {
    call(
        "dynamodb:UpdateItem",
        () ->
            state =
                new ServiceState(
                    state.running(),
                    state.latest(),
                    state.pinned(),
                    state.frozen(),
                    Optional.of(said),
                    state.spent()));
  }

  @Override
  public void spent(ServiceName name, List<SpentBudgets.Spent> spent) {
    call("dynamodb:PutItem", () -> state = state.spent(spent));
  }

  @Override
  public void pin(ServiceName name, Optional<Rollout> rollout, Order order) {
    orders.add(order);
    state =
        new ServiceState(
            state.running(),
            state.latest(),
            rollout.map(it -> new ServiceState.Pin(it, order.change())),
            state.frozen(),
            state.said(),
            state.spent());
  }

  @Override
  public void freeze(ServiceName name, boolean frozen, Order order) {
    orders.add(order);
    state =
        new ServiceState(
            state.running(),
            state.latest(),
            state.pinned(),
            frozen ? Optional.of(order.change()) : Optional.empty(),
            state.said(),
            state.spent());
  }

  @Override
  public List<Order> orders(ServiceName name, int atMost) {
    return orders.reversed().stream().limit(atMost).toList();
  }

  @Override
  public Set<String> quarantined(ServiceName name) {
    return Set.copyOf(quarantine.keySet());
  }

  @Override
  public Optional<Rollout> rollout(ServiceName name, String id) {
    return rollouts.stream().filter(rollout -> rollout.id().equals(id)).findFirst();
  }

  @Override
  public List<Rollout> history(ServiceName name, int atMost) {
    return rollouts.reversed().stream().limit(atMost).toList();
  }

  @Override
  public void answer(ServiceName name, PendingRelease due, Optional<String> failure) {
    answers.add(failure.orElse("SUCCESS"));
    release = Optional.empty();
  }
}
