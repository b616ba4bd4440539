package slipway.local.signals;

import java.util.Optional;
import java.util.TreeMap;
import slipway.local.metrics.Metric;

/**
 * The metrics that the CloudWatch agent sends for Application Signals. Source: the agent's
 * awsemf_default_appsignals.yaml, less the dimensions of resources and remote environments, which
 * only ADOT knows.
 */
final class SignalMetrics {
  static final String NAMESPACE = "ApplicationSignals";
  static final String LATENCY = "Latency";
  static final String FAULT = "Fault";
  static final String ERROR = "Error";

  private SignalMetrics() {}

  /** Of a whole service, or of its runtime. */
  static Metric service(String name, ServiceKey service) {
    return new Metric(NAMESPACE, name, dimensions(service));
  }

  static Metric operation(String name, ServiceKey service, String operation) {
    var dimensions = dimensions(service);
    dimensions.put("Operation", operation);
    return new Metric(NAMESPACE, name, dimensions);
  }

  /**
   * Of calls to another service.
   *
   * @param operation that they are made in; empty: in any
   */
  static Metric dependency(
      String name,
      ServiceKey service,
      Optional<String> operation,
      String remoteService,
      String remoteOperation) {
    var dimensions = dimensions(service);
    operation.ifPresent(text -> dimensions.put("Operation", text));
    dimensions.put("RemoteService", remoteService);
    dimensions.put("RemoteOperation", remoteOperation);
    return new Metric(NAMESPACE, name, dimensions);
  }

  /** Of all calls to another service, by a service or by anyone. */
  static Metric remote(String name, Optional<ServiceKey> service, String remoteService) {
    var dimensions = service.map(SignalMetrics::dimensions).orElseGet(TreeMap::new);
    dimensions.put("RemoteService", remoteService);
    return new Metric(NAMESPACE, name, dimensions);
  }

  private static TreeMap<String, String> dimensions(ServiceKey service) {
    var dimensions = new TreeMap<String, String>();
    dimensions.put("Environment", service.environment());
    dimensions.put("Service", service.name());
    return dimensions;
  }
}
