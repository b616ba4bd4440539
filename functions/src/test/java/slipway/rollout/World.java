package slipway.rollout;

import java.net.URI;
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
import slipway.config.ServiceName;
import slipway.rollout.RunningService.Deployment;
import slipway.rollout.RunningService.Progress;

/**
 * AWS as far as a rollout uses it, in memory: counts calls, and can fail any of them, before or
 * after its effect.
 */
final class World implements TaskDefinitions, Images, Services, Ledger, ReleaseAnswers, Feedback {
  final Map<String, TaskDefinition> definitions = new LinkedHashMap<>();
  final Map<String, Image> behindTag = new HashMap<>();
  final List<Deployment> deployments = new ArrayList<>();
  final List<StoppedTask> stopped = new ArrayList<>();
  final List<Rollout> rollouts = new ArrayList<>();
  final Map<String, Quarantine> quarantine = new HashMap<>();
  final List<String> statuses = new ArrayList<>();
  final List<String> notices = new ArrayList<>();
  final List<String> syncs = new ArrayList<>();
  final List<String> answers = new ArrayList<>();
  final List<String> calls = new ArrayList<>();
  ServiceState state = ServiceState.EMPTY;
  Optional<PendingRelease> release = Optional.empty();
  boolean service = true;
  boolean rolling = true;
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
    return new Rollouts(Samples.config(), this, this, this, this, this, herald(), clock());
  }

  Deployments deployments() {
    return new Deployments(this, this, this, sync -> syncs.add(sync.value()), herald(), clock());
  }

  private Herald herald() {
    return new Herald(this, (subject, _) -> notices.add(subject), "slipway");
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
            done.id(), true, done.taskDefinition(), Progress.COMPLETED, done.createdAt()));
    return new DeploymentEvent(
        Samples.DICE, DeploymentEvent.Kind.COMPLETED, done.id(), "completed.");
  }

  /** ECS gives the primary deployment up and goes back to a revision. */
  DeploymentEvent fails(String backTo) {
    var failed = deployments.removeFirst();
    deployments.clear();
    deployments.add(deployment(backTo));
    return new DeploymentEvent(
        Samples.DICE,
        DeploymentEvent.Kind.FAILED,
        failed.id(),
        "ECS deployment circuit breaker: tasks failed to start.");
  }

  Deployment deployment(String arn) {
    return new Deployment("ecs-svc/" + ++ids, true, arn, Progress.IN_PROGRESS, now);
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
    return service ? Optional.of(new RunningService(rolling, deployments)) : Optional.empty();
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
  public Reading read(ServiceName name, Optional<String> fingerprint) {
    call("dynamodb:BatchGetItem", () -> {});
    return new Reading(state, fingerprint.map(quarantine::get), release);
  }

  @Override
  public void started(Rollout rollout, Optional<String> before) {
    call(
        "dynamodb:TransactWriteItems",
        () -> {
          if (rollouts.stream().anyMatch(r -> r.deployment().equals(rollout.deployment()))) return;
          before
              .filter(
                  id ->
                      rollouts.stream()
                          .anyMatch(
                              r -> r.id().equals(id) && r.status() == Rollout.Status.IN_PROGRESS))
              .ifPresent(id -> change(id, Rollout.Status.SUPERSEDED, "", false));
          rollouts.add(rollout);
          state =
              new ServiceState(
                  state.running(),
                  Optional.of(rollout.ran()),
                  state.pinned(),
                  state.frozen(),
                  Optional.empty());
        });
  }

  @Override
  public Optional<Rollout> ofDeployment(String id) {
    call("dynamodb:GetItem", () -> {});
    return rollouts.stream().filter(rollout -> rollout.deployment().equals(id)).findFirst();
  }

  @Override
  public void healthy(Rollout rollout, Instant at) {
    call(
        "dynamodb:UpdateItem",
        () -> {
          change(rollout.id(), Rollout.Status.HEALTHY, "", false);
          if (state.running().filter(ran -> ran.rollout().compareTo(rollout.id()) > 0).isEmpty())
            state =
                new ServiceState(
                    Optional.of(rollout.ran()),
                    state.latest(),
                    state.pinned(),
                    state.frozen(),
                    state.said());
        });
  }

  @Override
  public void failed(Rollout rollout, String reason, Instant at) {
    call(
        "dynamodb:TransactWriteItems",
        () -> {
          change(rollout.id(), Rollout.Status.FAILED, reason, false);
          quarantine.put(
              rollout.fingerprint(), new Quarantine(rollout.fingerprint(), rollout.id(), reason));
        });
  }

  @Override
  public void told(Rollout rollout) {
    call(
        "dynamodb:UpdateItem",
        () -> {
          var known = rollouts.stream().filter(r -> r.id().equals(rollout.id())).findFirst();
          change(rollout.id(), known.orElseThrow().status(), known.get().reason(), true);
        });
  }

  private void change(String id, Rollout.Status status, String reason, boolean told) {
    rollouts.replaceAll(
        r ->
            r.id().equals(id)
                ? new Rollout(
                    r.id(),
                    r.service(),
                    r.deployment(),
                    r.from(),
                    r.to(),
                    r.fingerprint(),
                    r.images(),
                    r.commits(),
                    status,
                    r.startedAt(),
                    r.endedAt(),
                    reason,
                    told)
                : r);
  }

  @Override
  public void said(ServiceName name, String text) {
    call(
        "dynamodb:UpdateItem",
        () ->
            state =
                new ServiceState(
                    state.running(),
                    state.latest(),
                    state.pinned(),
                    state.frozen(),
                    Optional.of(text)));
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

  @Override
  public void set(
      String commit, State status, String context, String description, Optional<URI> target) {
    statuses.add("%s %s %s: %s".formatted(commit.substring(0, 16), context, status, description));
  }
}
