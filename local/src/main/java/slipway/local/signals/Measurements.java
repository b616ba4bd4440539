package slipway.local.signals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import slipway.local.metrics.Metric;
import slipway.local.metrics.MetricStore;
import slipway.local.metrics.Minutes;

/**
 * What Application Signals knows of services: their operations, what they depend on, and the
 * metrics of both. Thread-safe.
 */
public final class Measurements {
  /** Source: CloudWatch agent, which folds further operations of a service into one. */
  private static final int OPERATIONS = 500;

  private static final String OTHER_OPERATIONS = "AllOtherOperations";
  private static final int SERVICES = 100;
  private static final int DEPENDENCIES = 500;

  private final MetricStore store;
  private final Map<ServiceKey, Known> services = new TreeMap<>(ORDER);

  private static final Comparator<ServiceKey> ORDER =
      Comparator.comparing(ServiceKey::name).thenComparing(ServiceKey::environment);

  /** What was seen of a service. */
  private static final class Known {
    final TreeSet<String> operations = new TreeSet<>();
    final TreeSet<Dependency> dependencies =
        new TreeSet<>(
            Comparator.comparing(Dependency::operation)
                .thenComparing(Dependency::remoteService)
                .thenComparing(Dependency::remoteOperation));
  }

  /**
   * What an operation of a service calls.
   *
   * @param operation of the service itself
   */
  record Dependency(String operation, String remoteService, String remoteOperation) {}

  public Measurements(MetricStore store) {
    this.store = store;
  }

  MetricStore store() {
    return store;
  }

  Minutes minutes() {
    return store.minutes();
  }

  void add(Request request) {
    var operation = known(request);
    if (operation.isEmpty()) return;
    for (var name : List.of(SignalMetrics.LATENCY, SignalMetrics.FAULT, SignalMetrics.ERROR)) {
      var value = value(name, request.millis(), request.outcome());
      store.add(SignalMetrics.service(name, request.service()), request.end(), value);
      store.add(
          SignalMetrics.operation(name, request.service(), operation.get()), request.end(), value);
    }
  }

  void add(Call call) {
    if (!known(call)) return;
    for (var name : List.of(SignalMetrics.LATENCY, SignalMetrics.FAULT, SignalMetrics.ERROR)) {
      var value = value(name, call.millis(), call.outcome());
      var remote = call.remoteService();
      for (var metric :
          List.of(
              SignalMetrics.dependency(
                  name,
                  call.service(),
                  Optional.of(call.operation()),
                  remote,
                  call.remoteOperation()),
              SignalMetrics.dependency(
                  name, call.service(), Optional.empty(), remote, call.remoteOperation()),
              SignalMetrics.remote(name, Optional.of(call.service()), remote),
              SignalMetrics.remote(name, Optional.empty(), remote)))
        store.add(metric, call.end(), value);
    }
  }

  /** A figure of the runtime, such as {@code JVMThreadCount}. */
  void add(ServiceKey service, String runtimeMetric, Instant at, double value) {
    store.add(SignalMetrics.service(runtimeMetric, service), at, value);
  }

  private static double value(String metric, double millis, Request.Outcome outcome) {
    return switch (metric) {
      case SignalMetrics.LATENCY -> millis;
      case SignalMetrics.FAULT -> outcome == Request.Outcome.FAULT ? 1 : 0;
      default -> outcome == Request.Outcome.ERROR ? 1 : 0;
    };
  }

  private synchronized Optional<String> known(Request request) {
    var service = services.get(request.service());
    if (service == null) {
      // A stream of invented service names must not fill the memory.
      if (services.size() >= SERVICES) return Optional.empty();
      services.put(request.service(), service = new Known());
    }
    var name = request.operation();
    if (!service.operations.contains(name) && service.operations.size() >= OPERATIONS)
      name = OTHER_OPERATIONS;
    service.operations.add(name);
    return Optional.of(name);
  }

  /** Only of services that are known; one that serves nobody is none. */
  private synchronized boolean known(Call call) {
    var service = services.get(call.service());
    if (service == null) return false;
    var dependency = new Dependency(call.operation(), call.remoteService(), call.remoteOperation());
    if (service.dependencies.size() < DEPENDENCIES) service.dependencies.add(dependency);
    return service.dependencies.contains(dependency);
  }

  /** Services with a request between the two times, both inclusive by their minute. */
  List<ServiceKey> services(Instant from, Instant to) {
    return all().stream()
        .filter(
            service ->
                store.active(SignalMetrics.service(SignalMetrics.LATENCY, service), from, to))
        .toList();
  }

  private synchronized List<ServiceKey> all() {
    return List.copyOf(services.keySet());
  }

  /** Operations of the service with a request between the two times; empty if it is unknown. */
  List<String> operations(ServiceKey service, Instant from, Instant to) {
    return operations(service).stream()
        .filter(
            operation ->
                store.active(
                    SignalMetrics.operation(SignalMetrics.LATENCY, service, operation), from, to))
        .toList();
  }

  /** Every operation of the service that ever reported. */
  synchronized List<String> operations(ServiceKey service) {
    var known = services.get(service);
    return known == null ? List.of() : new ArrayList<>(known.operations);
  }

  /** What the service called between the two times; empty if it is unknown. */
  List<Dependency> dependencies(ServiceKey service, Instant from, Instant to) {
    List<Dependency> all;
    synchronized (this) {
      var known = services.get(service);
      all = known == null ? List.of() : List.copyOf(known.dependencies);
    }
    return all.stream()
        .filter(
            one ->
                store.active(
                    SignalMetrics.dependency(
                        SignalMetrics.LATENCY,
                        service,
                        Optional.of(one.operation()),
                        one.remoteService(),
                        one.remoteOperation()),
                    from,
                    to))
        .toList();
  }

  /** Whether the metric ever reported. */
  boolean reported(Metric metric) {
    return store.has(metric);
  }
}
