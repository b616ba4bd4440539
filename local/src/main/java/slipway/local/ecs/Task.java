package slipway.local.ecs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import slipway.local.cloud.Authorizer;
import slipway.local.cloud.Place;

/** One task: from pulling its images to the exit of its last container. Thread-safe. */
final class Task {
  /** Why a task stops, in ECS's words. */
  record Stop(String code, String reason) {}

  /** A container's registration with a target group. */
  record Binding(String container, int containerPort, String targetGroup) {}

  /** What a task needs of its surroundings. */
  record Platform(
      Images images,
      Authorizer authorizer,
      RoleTrust trust,
      Sidecars sidecars,
      Targets targets,
      Path logs,
      EcsEvents events) {}

  private final Platform platform;
  private final String id = UUID.randomUUID().toString().replace("-", "");
  private final String cluster;
  private final String service;
  private final String startedBy;
  private final TaskDefinition definition;
  private final List<Binding> bindings;
  private final ServiceEvents told;
  private final Runnable onChange;
  private final Map<String, Instant> times = new LinkedHashMap<>();
  private final Map<String, TaskContainer> containers = new LinkedHashMap<>();
  private final Map<Integer, Integer> ports = new HashMap<>();
  private final CompletableFuture<Stop> stop = new CompletableFuture<>();
  private String status = "PROVISIONING";
  private int version = 1;

  Task(
      Platform platform,
      String cluster,
      String service,
      String startedBy,
      TaskDefinition definition,
      List<Binding> bindings,
      ServiceEvents told,
      Runnable onChange) {
    this.platform = platform;
    this.cluster = cluster;
    this.service = service;
    this.startedBy = startedBy;
    this.definition = definition;
    this.bindings = bindings;
    this.told = told;
    this.onChange = onChange;
    times.put("createdAt", Instant.now());
    for (var container : definition.containers()) {
      var made =
          new TaskContainer(container, Arns.container(cluster, id, UUID.randomUUID().toString()));
      containers.put(container.at("name").text(), made);
    }
  }

  /** Runs until it is stopped or an essential container ends; returns when nothing is left. */
  void run() {
    Optional<Sidecars.Running> sidecars = Optional.empty();
    try {
      assume(definition.executionRole());
      assume(definition.taskRole());
      change("PENDING", "pullStartedAt");
      for (var container : containers.values()) container.pull(platform.images(), definition);
      for (var container : definition.containers())
        LogDriver.open(container, definition.executionRole(), platform.authorizer());
      sidecars = Optional.of(platform.sidecars().start(played()));
      ports.putAll(sidecars.get().ports());
      for (var binding : containers.values()) binding.openPorts(ports);
      change("ACTIVATING", "pullStoppedAt");
      start();
      if (!stop.isDone()) {
        bindings.forEach(this::register);
        change("RUNNING", "startedAt");
      }
      stop.join();
    } catch (CannotStart e) {
      stop("TaskFailedToStart", e.getMessage());
    } catch (IOException | RuntimeException e) {
      stop("TaskFailedToStart", "ContainerRuntimeError: " + e);
    } finally {
      end(sidecars);
    }
  }

  private void assume(Optional<String> role) throws CannotStart {
    var refused =
        role.flatMap(arn -> platform.trust().mayNotAssume("ecs-tasks.amazonaws.com", arn));
    if (refused.isPresent())
      throw new CannotStart(
          "ECS was unable to assume the role '%s' that was provided for this task, %s"
              .formatted(role.orElseThrow(), refused.get()));
  }

  private void start() throws IOException {
    var containerLogs = platform.logs().resolve(id);
    for (var container : TaskContainer.inOrder(containers)) {
      try {
        CompletableFuture.anyOf(stop, container.awaitDependencies(containers)).join();
      } catch (CompletionException e) {
        stop("TaskFailedToStart", e.getCause().getMessage());
      }
      if (stop.isDone()) return;
      container.start(definition.architecture(), ports, containerLogs, onChange);
      if (container.essential()) {
        container
            .exit()
            .thenRun(() -> stop("EssentialContainerExited", "Essential container in task exited"));
      }
    }
  }

  private void register(Binding binding) {
    platform.targets().register(binding.targetGroup(), port(binding), onChange);
    told.registered(binding.targetGroup());
  }

  private CompletableFuture<Void> deregister(Binding binding) {
    if (startedAt().isPresent()) told.deregistered(binding.targetGroup(), startedBy);
    return platform.targets().deregister(binding.targetGroup(), port(binding));
  }

  private void end(Optional<Sidecars.Running> sidecars) {
    change("DEACTIVATING", "stoppingAt");
    var drained =
        bindings.stream()
            .filter(binding -> ports.containsKey(binding.containerPort()))
            .map(this::deregister)
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(drained).join();
    change("STOPPING", "executionStoppedAt");
    TaskContainer.inOrder(containers).reversed().forEach(TaskContainer::stop);
    // After the others, which send their last telemetry while they stop.
    sidecars.ifPresent(Sidecars.Running::close);
    containers.values().forEach(TaskContainer::ended);
    change("STOPPED", "stoppedAt");
  }

  /** Asks it to stop; only the first reason counts. */
  void stop(String code, String reason) {
    stop.complete(new Stop(code, reason));
  }

  /** Ends its processes now, without a word to them. */
  void kill() {
    stop("UserInitiated", "local is closing");
    containers.values().forEach(TaskContainer::kill);
  }

  /** Why it stops; empty if it is meant to run. */
  Optional<Stop> why() {
    return Optional.ofNullable(stop.getNow(null));
  }

  boolean stopping() {
    return stop.isDone();
  }

  synchronized boolean stopped() {
    return status.equals("STOPPED");
  }

  synchronized boolean running() {
    return status.equals("RUNNING");
  }

  Optional<Instant> startedAt() {
    return at("startedAt");
  }

  synchronized Optional<Instant> at(String moment) {
    return Optional.ofNullable(times.get(moment));
  }

  /** Whether it serves: its containers' health checks and its targets' pass. */
  boolean healthy() {
    return running()
        && !stopping()
        && containers.values().stream().allMatch(TaskContainer::healthy)
        && bindings.stream().allMatch(b -> health(b) == Targets.Health.HEALTHY);
  }

  boolean hasChecks() {
    return !bindings.isEmpty()
        || containers.values().stream().anyMatch(TaskContainer::hasHealthCheck);
  }

  /** A container whose own health check has failed too often. */
  boolean containerUnhealthy() {
    return containers.values().stream().anyMatch(TaskContainer::unhealthy);
  }

  /** The first of its targets that is unhealthy. */
  Optional<Targets.Sick> unhealthyTarget() {
    if (!running()) return Optional.empty();
    return bindings.stream()
        .map(
            b ->
                new Targets.Sick(
                    b.targetGroup(),
                    b.containerPort(),
                    health(b),
                    platform.targets().failure(b.targetGroup(), port(b))))
        .filter(
            target ->
                target.health() == Targets.Health.SILENT || target.health() == Targets.Health.WRONG)
        .findFirst();
  }

  private Targets.Health health(Binding binding) {
    return platform.targets().health(binding.targetGroup(), port(binding));
  }

  private int port(Binding binding) {
    return Optional.ofNullable(ports.get(binding.containerPort()))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no container of "
                        + definition.arn()
                        + " maps port "
                        + binding.containerPort()));
  }

  String arn() {
    return Arns.task(cluster, id);
  }

  String startedBy() {
    return startedBy;
  }

  TaskDefinition definition() {
    return definition;
  }

  private void change(String to, String moment) {
    Map<String, Object> detail;
    synchronized (this) {
      status = to;
      version++;
      times.put(moment, Instant.now());
      times.put("updatedAt", Instant.now());
      detail = describe(Instant::toString);
    }
    if (to.equals("RUNNING") || to.equals("PENDING") || to.equals("STOPPED")) {
      platform.events().task(arn(), detail);
    }
    onChange.run();
  }

  /**
   * As DescribeTasks and the events have it.
   *
   * @param time how times are written: as seconds in the API, as ISO text in events
   */
  synchronized Map<String, Object> describe(java.util.function.Function<Instant, Object> time) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("attachments", List.of());
    var arm = definition.architecture().equals("arm64");
    tree.put(
        "attributes",
        List.of(Map.of("name", "ecs.cpu-architecture", "value", arm ? "arm64" : "x86_64")));
    tree.put("availabilityZone", Place.REGION + "a");
    tree.put("clusterArn", Arns.cluster(cluster));
    tree.put("connectivity", "CONNECTED");
    tree.put(
        "containers",
        containers.values().stream().map(c -> c.describe(arn(), status, ports)).toList());
    definition.json().at("cpu").optionalText().ifPresent(cpu -> tree.put("cpu", cpu));
    definition.json().at("memory").optionalText().ifPresent(memory -> tree.put("memory", memory));
    tree.put("desiredStatus", stop.isDone() ? "STOPPED" : "RUNNING");
    tree.put("enableExecuteCommand", false);
    tree.put("group", "service:" + service);
    tree.put("launchType", "FARGATE");
    tree.put("lastStatus", status);
    tree.put("platformVersion", "1.4.0");
    times.forEach((moment, at) -> tree.put(moment, time.apply(at)));
    tree.put("startedBy", startedBy);
    if (stop.isDone()) {
      tree.put("stopCode", stop.join().code());
      tree.put("stoppedReason", stop.join().reason());
    }
    tree.put("taskArn", arn());
    tree.put("taskDefinitionArn", definition.arn());
    tree.put("version", version);
    return tree;
  }

  private Sidecars.Group played() {
    var played = new ArrayList<Sidecars.Container>();
    containers.values().forEach(container -> container.played().ifPresent(played::add));
    return new Sidecars.Group(
        arn(), cluster, definition.family(), definition.taskRole(), List.copyOf(played));
  }
}
