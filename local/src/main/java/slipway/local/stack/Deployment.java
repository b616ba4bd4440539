package slipway.local.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import slipway.json.Json;

/**
 * Makes a template's resources: each as soon as what it depends on is made, independent ones side
 * by side.
 */
final class Deployment {
  private final Template template;
  private final Map<String, Provisioner> provisioners;
  private final Provisioner custom;
  private final Consumer<Progress> progress;
  private final Intrinsics intrinsics;
  private final AtomicReference<StackFailure> first = new AtomicReference<>();

  /**
   * @param custom makes every type that starts with {@code Custom::}
   */
  Deployment(
      Template template,
      Map<String, Provisioner> provisioners,
      Provisioner custom,
      UnaryOperator<String> secret,
      Consumer<Progress> progress) {
    this.template = template;
    this.provisioners = provisioners;
    this.custom = custom;
    this.progress = progress;
    this.intrinsics = new Intrinsics(template, secret);
  }

  /** Everything that is made, by logical id. */
  Map<String, Provisioner.Made> run() {
    var wanted = new LinkedHashMap<String, Json>();
    template
        .resources()
        .forEach(
            (id, resource) -> {
              var condition = resource.at("Condition").optionalText();
              if (condition.isEmpty() || intrinsics.condition(condition.get()))
                wanted.put(id, resource);
            });
    checkTypes(wanted);
    var dependencies = dependencies(wanted);
    var order = order(dependencies);
    var futures = new LinkedHashMap<String, CompletableFuture<Void>>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var id : order) {
        var before =
            dependencies.get(id).stream().map(futures::get).toArray(CompletableFuture<?>[]::new);
        futures.put(
            id,
            CompletableFuture.allOf(before).thenRunAsync(() -> make(id, wanted.get(id)), threads));
      }
      CompletableFuture.allOf(futures.values().toArray(CompletableFuture<?>[]::new)).join();
    }
    if (first.get() != null) throw first.get();
    return Map.copyOf(intrinsics.made());
  }

  private void make(String id, Json resource) {
    // What runs already is let finish; nothing more is begun.
    if (first.get() != null) return;
    var type = resource.at("Type").text();
    var start = Instant.now();
    try {
      var properties = intrinsics.resolve(resource.at("Properties"));
      intrinsics.made(id, provisioner(type).make(new Resource(id, type, properties)));
      progress.accept(
          new Progress(id, type, Duration.between(start, Instant.now()), Optional.empty()));
    } catch (RuntimeException e) {
      var failure = new StackFailure("cannot make %s (%s): %s".formatted(id, type, reason(e)), e);
      first.compareAndSet(null, failure);
      progress.accept(
          new Progress(
              id,
              type,
              Duration.between(start, Instant.now()),
              Optional.of(String.valueOf(failure.getMessage()))));
    }
  }

  private static String reason(RuntimeException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private Provisioner provisioner(String type) {
    return type.startsWith("Custom::") ? custom : provisioners.get(type);
  }

  /** All unknown types at once, before anything is made. */
  private void checkTypes(Map<String, Json> wanted) {
    var unknown = new ArrayList<String>();
    wanted.forEach(
        (id, resource) -> {
          var type = resource.at("Type").text();
          if (provisioner(type) == null) unknown.add(id + " (" + type + ")");
        });
    if (!unknown.isEmpty())
      throw new StackFailure(
          "local plays no resource of these types: " + String.join(", ", unknown));
  }

  private Map<String, Set<String>> dependencies(Map<String, Json> wanted) {
    var dependencies = new HashMap<String, Set<String>>();
    wanted.forEach(
        (id, resource) -> {
          var names = new LinkedHashSet<>(Intrinsics.references(resource.at("Properties").value()));
          var dependsOn = resource.at("DependsOn");
          if (dependsOn.value() instanceof String name) names.add(name);
          else dependsOn.items().forEach(name -> names.add(name.text()));
          names.retainAll(wanted.keySet());
          names.remove(id);
          dependencies.put(id, names);
        });
    return dependencies;
  }

  private static List<String> order(Map<String, Set<String>> dependencies) {
    var order = new LinkedHashSet<String>();
    while (order.size() < dependencies.size()) {
      var ready =
          dependencies.entrySet().stream()
              .filter(e -> !order.contains(e.getKey()) && order.containsAll(e.getValue()))
              .map(Map.Entry::getKey)
              .sorted()
              .toList();
      if (ready.isEmpty()) {
        var left = new LinkedHashSet<>(dependencies.keySet());
        left.removeAll(order);
        throw new StackFailure("these resources depend on each other in a circle: " + left);
      }
      order.addAll(ready);
    }
    return List.copyOf(order);
  }

  /** The outputs by their key in the template. */
  Map<String, String> outputs() {
    var outputs = new LinkedHashMap<String, String>();
    template
        .outputs()
        .forEach(
            (name, output) -> {
              var condition = output.at("Condition").optionalText();
              if (condition.isEmpty() || intrinsics.condition(condition.get()))
                outputs.put(name, String.valueOf(intrinsics.resolve(output.at("Value")).value()));
            });
    return outputs;
  }
}
