package slipway.local.signals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import slipway.local.metrics.Metric;

/** What an objective is about. */
sealed interface Subject {

  /** The service that it is an objective of, if it is one's. */
  Optional<ServiceKey> service();

  /** As {@code MetricSourceType} names it. */
  String sourceType();

  /** The metrics of that name that it has now; several are looked at as one. */
  List<Metric> metrics(String name, Measurements measurements);

  /** The members of a metric that say what it is of. */
  Map<String, Object> tree();

  record OfOperation(ServiceKey key, String operation) implements Subject {
    @Override
    public Optional<ServiceKey> service() {
      return Optional.of(key);
    }

    @Override
    public String sourceType() {
      return "ServiceOperation";
    }

    @Override
    public List<Metric> metrics(String name, Measurements measurements) {
      return List.of(SignalMetrics.operation(name, key, operation));
    }

    @Override
    public Map<String, Object> tree() {
      return members(key, "OperationName", operation);
    }
  }

  record OfService(ServiceKey key) implements Subject {
    @Override
    public Optional<ServiceKey> service() {
      return Optional.of(key);
    }

    @Override
    public String sourceType() {
      return "Service";
    }

    @Override
    public List<Metric> metrics(String name, Measurements measurements) {
      return List.of(SignalMetrics.service(name, key));
    }

    @Override
    public Map<String, Object> tree() {
      return members(key);
    }
  }

  /**
   * @param operation of the service, from which the dependency is called; empty: from any
   * @param remote key attributes of the dependency
   */
  record OfDependency(
      ServiceKey key, Optional<String> operation, Map<String, String> remote, String called)
      implements Subject {
    @Override
    public Optional<ServiceKey> service() {
      return Optional.of(key);
    }

    @Override
    public String sourceType() {
      return "ServiceDependency";
    }

    @Override
    public List<Metric> metrics(String name, Measurements measurements) {
      var metric = SignalMetrics.dependency(name, key, operation, remote.get("Name"), called);
      if (!remote.containsKey("Environment")) return List.of(metric);
      var dimensions = new TreeMap<>(metric.dimensions());
      dimensions.put("RemoteEnvironment", remote.get("Environment"));
      return List.of(new Metric(metric.namespace(), name, dimensions));
    }

    @Override
    public Map<String, Object> tree() {
      var tree = members(key);
      operation.ifPresent(text -> tree.put("OperationName", text));
      tree.put("DependencyConfig", config());
      return tree;
    }

    Map<String, Object> config() {
      return Map.of("DependencyKeyAttributes", remote, "DependencyOperationName", called);
    }
  }

  /** Several operations of a service, as one. */
  record OfSelection(ServiceKey key, Selection selection) implements Subject {
    @Override
    public Optional<ServiceKey> service() {
      return Optional.of(key);
    }

    @Override
    public String sourceType() {
      return "Service";
    }

    @Override
    public List<Metric> metrics(String name, Measurements measurements) {
      return measurements.operations(key).stream()
          .filter(selection::takes)
          .map(operation -> SignalMetrics.operation(name, key, operation))
          .toList();
    }

    @Override
    public Map<String, Object> tree() {
      return members(key, "CompositeSliConfig", selection.tree());
    }
  }

  /** Which operations a composite indicator is of. */
  sealed interface Selection {
    boolean takes(String operation);

    Map<String, Object> tree();

    record These(List<String> operations) implements Selection {
      @Override
      public boolean takes(String operation) {
        return operations.contains(operation);
      }

      @Override
      public Map<String, Object> tree() {
        return Map.of(
            "SelectionConfig",
            Map.of("Type", "EXPLICIT"),
            "Components",
            operations.stream().map(name -> Map.of("OperationName", name)).toList());
      }
    }

    record Prefixed(String prefix) implements Selection {
      @Override
      public boolean takes(String operation) {
        return operation.startsWith(prefix);
      }

      @Override
      public Map<String, Object> tree() {
        return Map.of("SelectionConfig", Map.of("Type", "PREFIX", "Pattern", prefix));
      }
    }

    /**
     * @param regex that the whole name matches
     */
    record Matching(String regex) implements Selection {
      @Override
      public boolean takes(String operation) {
        return Pattern.matches(regex, operation);
      }

      @Override
      public Map<String, Object> tree() {
        return Map.of("SelectionConfig", Map.of("Type", "REGEX", "Pattern", regex));
      }
    }
  }

  /**
   * A canary of CloudWatch Synthetics. How its key attributes look is not documented: those of its
   * resource are taken.
   */
  record OfCanary(Map<String, String> keyAttributes, Map<String, String> attributes)
      implements Subject {
    @Override
    public Optional<ServiceKey> service() {
      return Optional.empty();
    }

    @Override
    public String sourceType() {
      return "Canary";
    }

    @Override
    public List<Metric> metrics(String name, Measurements measurements) {
      return List.of(
          Metric.of(
              "CloudWatchSynthetics", name, Map.of("CanaryName", keyAttributes.get("Identifier"))));
    }

    @Override
    public Map<String, Object> tree() {
      var tree = new LinkedHashMap<String, Object>();
      tree.put("MetricSource", source());
      return tree;
    }

    Map<String, Object> source() {
      var source = new LinkedHashMap<String, Object>();
      source.put("MetricSourceKeyAttributes", keyAttributes);
      if (!attributes.isEmpty()) source.put("MetricSourceAttributes", attributes);
      return source;
    }
  }

  /**
   * Metrics of CloudWatch that the indicator names itself.
   *
   * @param related the service that the caller says it is of
   */
  record OfMetrics(Optional<ServiceKey> related) implements Subject {
    @Override
    public Optional<ServiceKey> service() {
      return related;
    }

    @Override
    public String sourceType() {
      return "CloudWatchMetric";
    }

    @Override
    public List<Metric> metrics(String name, Measurements measurements) {
      throw new IllegalStateException("the indicator has queries of its own");
    }

    @Override
    public Map<String, Object> tree() {
      var tree = new LinkedHashMap<String, Object>();
      related.ifPresent(key -> tree.put("KeyAttributes", key.keyAttributes()));
      return tree;
    }
  }

  private static LinkedHashMap<String, Object> members(ServiceKey key) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("KeyAttributes", key.keyAttributes());
    return tree;
  }

  private static Map<String, Object> members(ServiceKey key, String name, Object value) {
    var tree = members(key);
    tree.put(name, value);
    return tree;
  }
}
