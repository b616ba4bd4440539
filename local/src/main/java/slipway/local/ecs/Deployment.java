package slipway.local.ecs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** A deployment of a service; guarded by its service's lock. */
final class Deployment {
  private final String id =
      "ecs-svc/" + ThreadLocalRandom.current().nextLong(1_000_000_000_000_000_000L, Long.MAX_VALUE);
  private final Instant created = Instant.now();
  private final TaskDefinition definition;
  private final List<Task.Binding> bindings;
  private final Rollout rollout;
  final List<Task> tasks = new ArrayList<>();
  private Instant updated = created;
  private String state = "IN_PROGRESS";
  private String reason;
  private int failed;

  /**
   * What DescribeServiceDeployments tells: a rollout and, if it comes to that, the way back, which
   * is a deployment of its own everywhere else.
   */
  static final class Rollout {
    String status = "IN_PROGRESS";
    Optional<Instant> finished = Optional.empty();
    Optional<String> rollback = Optional.empty();
    int failures;

    /** What ran before. */
    Optional<Deployment> source = Optional.empty();

    /** Alarms that could fail it; none if one of them was on when it began. */
    List<String> watched = List.of();

    /** Those that did. */
    List<String> triggered = List.of();

    /** Whether the circuit breaker did. */
    boolean broke;

    /** How it shifts requests, if it does. */
    Optional<TrafficShift> shift = Optional.empty();

    void ends(String as) {
      status = as;
      finished = Optional.of(Instant.now());
    }
  }

  /**
   * @param bindings where its tasks take requests
   */
  Deployment(TaskDefinition definition, List<Task.Binding> bindings, Rollout rollout) {
    this.definition = definition;
    this.bindings = List.copyOf(bindings);
    this.rollout = rollout;
    this.reason =
        rollout.rollback.isPresent()
            ? "%s: rolling back to deploymentId %s."
                .formatted(
                    rollout.broke ? Failure.BREAKER.detector() : Failure.ALARM.detector(), id)
            : "ECS deployment %s in progress.".formatted(id);
  }

  private Optional<Instant> serving = Optional.empty();

  /** When all of it served and nothing else ran any more, as far as it is told so. */
  Optional<Instant> serving() {
    return serving;
  }

  void serves() {
    if (serving.isEmpty()) serving = Optional.of(Instant.now());
  }

  /** A task was lost: what was counted to its end begins anew. */
  void servesNot() {
    serving = Optional.empty();
  }

  String id() {
    return id;
  }

  /** The id's digits. */
  String digits() {
    return Arns.name(id);
  }

  List<Task.Binding> bindings() {
    return bindings;
  }

  TaskDefinition definition() {
    return definition;
  }

  Rollout rollout() {
    return rollout;
  }

  Instant created() {
    return created;
  }

  boolean inProgress() {
    return state.equals("IN_PROGRESS");
  }

  boolean completed() {
    return state.equals("COMPLETED");
  }

  int failed() {
    return failed;
  }

  void countFailure() {
    failed++;
    rollout.failures = Math.max(rollout.failures, failed);
    updated = Instant.now();
  }

  void becomes(String newState, String why) {
    state = newState;
    reason = why;
    updated = Instant.now();
  }

  String reason() {
    return reason;
  }

  /** Tasks that are meant to run. */
  List<Task> live() {
    return tasks.stream().filter(task -> !task.stopping()).toList();
  }

  /** Keeps another one's tasks that are what this one wants, rather than to replace them. */
  void takeOver(Deployment other) {
    if (other == this || !other.definition.arn().equals(definition.arn())) return;
    tasks.addAll(other.live());
    other.tasks.removeAll(tasks);
  }

  long healthy(java.util.function.Predicate<Task> healthy) {
    return live().stream().filter(healthy).count();
  }

  Map<String, Object> describe(boolean primary, int desired) {
    var running = tasks.stream().filter(Task::running).count();
    var tree = new LinkedHashMap<String, Object>();
    tree.put("id", id);
    tree.put("status", primary ? "PRIMARY" : "ACTIVE");
    tree.put("taskDefinition", definition.arn());
    tree.put("desiredCount", primary ? desired : 0);
    tree.put("pendingCount", live().size() - live().stream().filter(Task::running).count());
    tree.put("runningCount", running);
    tree.put("failedTasks", failed);
    tree.put("createdAt", Views.seconds(created));
    tree.put("updatedAt", Views.seconds(updated));
    tree.put("launchType", "FARGATE");
    tree.put("platformVersion", "1.4.0");
    tree.put("platformFamily", "Linux");
    // Told of rolling updates only.
    if (rollout.shift.isEmpty()) {
      tree.put("rolloutState", state);
      tree.put("rolloutStateReason", reason);
    }
    return tree;
  }
}
