package slipway.local.stack;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import slipway.json.Json;

/**
 * What has to be done before what.
 *
 * @param before by logical id, those that come first
 */
record Dependencies(Map<String, Set<String>> before) {

  /** By references and {@code DependsOn} of resources as templates declare them. */
  static Dependencies of(Map<String, Json> resources) {
    var before = new HashMap<String, Set<String>>();
    resources.forEach(
        (id, resource) -> {
          var names = new LinkedHashSet<>(Intrinsics.references(resource.at("Properties").value()));
          var dependsOn = resource.at("DependsOn");
          if (dependsOn.value() instanceof String name) names.add(name);
          else dependsOn.items().forEach(name -> names.add(name.text()));
          names.retainAll(resources.keySet());
          names.remove(id);
          before.put(id, names);
        });
    return new Dependencies(before);
  }

  /** The other way around: what depends on it comes first, as things are taken down. */
  Dependencies reversed() {
    var reversed = new HashMap<String, Set<String>>();
    before.keySet().forEach(id -> reversed.put(id, new LinkedHashSet<>()));
    before.forEach((id, firsts) -> firsts.forEach(first -> reversed.get(first).add(id)));
    return new Dependencies(reversed);
  }

  /** Does each as soon as all that come first are done, independent ones side by side. */
  void inOrder(Consumer<String> each) {
    var futures = new LinkedHashMap<String, CompletableFuture<Void>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var id : order()) {
        var firsts = before.get(id).stream().map(futures::get).toArray(CompletableFuture<?>[]::new);
        futures.put(
            id, CompletableFuture.allOf(firsts).thenRunAsync(() -> each.accept(id), threads));
      }
      CompletableFuture.allOf(futures.values().toArray(CompletableFuture<?>[]::new)).join();
    }
  }

  private List<String> order() {
    var order = new LinkedHashSet<String>();
    while (order.size() < before.size()) {
      var ready =
          before.entrySet().stream()
              .filter(e -> !order.contains(e.getKey()) && order.containsAll(e.getValue()))
              .map(Map.Entry::getKey)
              .sorted()
              .toList();
      if (ready.isEmpty()) {
        var left = new LinkedHashSet<>(before.keySet());
        left.removeAll(order);
        throw new StackFailure("these resources depend on each other in a circle: " + left);
      }
      order.addAll(ready);
    }
    return List.copyOf(order);
  }
}
