package slipway.local.ecs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import slipway.json.Json;

/** A container of a task: a process, or played by {@link Sidecars}. */
final class TaskContainer {
  private final Json definition;
  private final String arn;
  private volatile Optional<Image> image = Optional.empty();
  private volatile Optional<ContainerProcess> process = Optional.empty();
  private volatile Optional<HealthCheck> check = Optional.empty();
  private boolean killed;
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final CompletableFuture<Void> passed = new CompletableFuture<>();

  TaskContainer(Json definition, String arn) {
    this.definition = definition;
    this.arn = arn;
  }

  private String name() {
    return definition.at("name").text();
  }

  boolean essential() {
    return definition.at("essential").flag();
  }

  void pull(Images images, TaskDefinition task) throws CannotStart {
    var named = definition.at("image").text();
    if (!Images.ours(named)) return;
    image = Optional.of(images.pull(named, task.architecture(), task.executionRole()));
  }

  private boolean real() {
    return image.isPresent() && ContainerProcess.canRun(image.get(), definition);
  }

  /** What {@link Sidecars} needs to play it, unless it runs for real. */
  Optional<Sidecars.Container> played() {
    if (real()) return Optional.empty();
    var environment =
        image
            .map(pulled -> ContainerProcess.environmentOf(pulled, definition))
            .orElseGet(() -> ContainerProcess.environmentOf(definition));
    var named = definition.at("image").text();
    return Optional.of(new Sidecars.Container(name(), named, environment, image.map(Image::files)));
  }

  void openPorts(Map<Integer, Integer> ports) {
    if (!real()) return;
    for (var port : definition.at("portMappings").items())
      ports.put(port.at("containerPort").integer(1, 65535), freePort());
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("no free loopback port for a container", e);
    }
  }

  /**
   * Containers after those that they depend on; a circle is broken anywhere, as nothing runs in it.
   */
  static List<TaskContainer> inOrder(Map<String, TaskContainer> all) {
    var ordered = new LinkedHashSet<TaskContainer>();
    all.values().forEach(container -> container.place(all, ordered, new ArrayList<>()));
    return List.copyOf(ordered);
  }

  private void place(
      Map<String, TaskContainer> all,
      SequencedSet<TaskContainer> ordered,
      List<TaskContainer> above) {
    if (ordered.contains(this) || above.contains(this)) return;
    above.add(this);
    for (var dependency : definition.at("dependsOn").items()) {
      var on = all.get(dependency.at("containerName").text());
      if (on != null) on.place(all, ordered, above);
    }
    ordered.add(this);
  }

  /** Done when every dependency is met; failed when one never will be. */
  CompletableFuture<Void> awaitDependencies(Map<String, TaskContainer> all) {
    var waits =
        definition.at("dependsOn").items().stream()
            .map(
                dependency ->
                    all.get(dependency.at("containerName").text())
                        .reaches(dependency.at("condition").text()))
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(waits);
  }

  private CompletableFuture<Void> reaches(String condition) {
    return switch (condition) {
      case "START" -> started;
      // A played container is ready when it is started.
      case "HEALTHY" -> real() ? passed : started;
      case "COMPLETE" -> exit.thenAccept(_ -> {});
      case "SUCCESS" ->
          exit.thenAccept(
              code -> {
                if (code != 0)
                  throw new IllegalStateException(
                      "dependency container " + name() + " exited with " + code);
              });
      default -> throw new IllegalArgumentException("dependsOn condition " + condition);
    };
  }

  /** Does nothing once it was killed: a task that is closing starts nothing any more. */
  synchronized void start(
      String architecture, Map<Integer, Integer> ports, Path logs, Runnable onChange)
      throws IOException {
    if (killed) return;
    if (real()) {
      var made = new ContainerProcess(image.orElseThrow(), definition, ports);
      process = Optional.of(made);
      made.start(architecture, logs.resolve(name() + ".log"));
      made.exit().thenAccept(exit::complete);
      if (hasHealthCheck()) {
        check = Optional.of(new HealthCheck(definition.at("healthCheck"), made, onChange));
        check.get().passed().thenRun(() -> passed.complete(null));
      }
    }
    started.complete(null);
  }

  /** Exit code, when it has ended. */
  CompletableFuture<Integer> exit() {
    return exit;
  }

  void stop() {
    check.ifPresent(HealthCheck::close);
    // Not paced: a process takes its own time to end.
    var patience = definition.at("stopTimeout");
    process.ifPresent(p -> p.stop(patience.missing() ? 30 : patience.integer(0, 120)));
  }

  synchronized void kill() {
    killed = true;
    check.ifPresent(HealthCheck::close);
    process.ifPresent(ContainerProcess::kill);
  }

  /** A played container ends with its task. */
  void ended() {
    if (process.isEmpty() && started.isDone()) exit.complete(0);
  }

  boolean hasHealthCheck() {
    return real() && !definition.at("healthCheck").missing();
  }

  boolean healthy() {
    return !hasHealthCheck() || check.map(HealthCheck::healthy).orElse(false);
  }

  boolean unhealthy() {
    return check.map(HealthCheck::unhealthy).orElse(false);
  }

  Map<String, Object> describe(String task, String taskStatus, Map<Integer, Integer> ports) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("containerArn", arn);
    var code = exit.getNow(null);
    if (code != null) tree.put("exitCode", code);
    var ended = code != null || taskStatus.equals("STOPPED");
    tree.put("lastStatus", ended ? "STOPPED" : started.isDone() ? "RUNNING" : "PENDING");
    tree.put("name", name());
    tree.put("image", definition.at("image").text());
    image.ifPresent(pulled -> tree.put("imageDigest", pulled.digest()));
    tree.put("taskArn", task);
    var bindings = new ArrayList<Map<String, Object>>();
    for (var port : definition.at("portMappings").items()) {
      var inside = port.at("containerPort").integer(1, 65535);
      if (real() && ports.containsKey(inside))
        bindings.add(
            Map.of("containerPort", inside, "hostPort", ports.get(inside), "protocol", "tcp"));
    }
    tree.put("networkBindings", bindings);
    tree.put("healthStatus", !hasHealthCheck() ? "UNKNOWN" : healthy() ? "HEALTHY" : "UNHEALTHY");
    tree.put("cpu", String.valueOf(definition.at("cpu").value()));
    return tree;
  }
}
