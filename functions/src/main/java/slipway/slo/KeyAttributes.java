package slipway.slo;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import slipway.config.Service;
import slipway.config.SloDependency;

/**
 * How Application Signals identifies a service: {@code Type}, {@code Name} and {@code Environment}
 * for one that reports itself.
 *
 * @param values 1 to 4 attributes, kept as reported: calls must repeat them
 */
public record KeyAttributes(Map<String, String> values) {
  private static final String TYPE = "Type";
  private static final String NAME = "Name";
  private static final String ENVIRONMENT = "Environment";

  public KeyAttributes {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
    if (values.isEmpty() || values.size() > 4)
      throw new IllegalArgumentException("key attributes " + values + ": want 1 to 4");
  }

  /** What the service's telemetry says, so what Application Signals will report. */
  public static KeyAttributes expected(Service service) {
    return new KeyAttributes(
        Map.of(
            TYPE, "Service", NAME, service.name().value(), ENVIRONMENT, service.environmentName()));
  }

  /** What a service calls. */
  static KeyAttributes of(SloDependency dependency) {
    return new KeyAttributes(dependency.attributes());
  }

  public Optional<String> name() {
    return Optional.ofNullable(values.get(NAME));
  }

  public Optional<String> environment() {
    return Optional.ofNullable(values.get(ENVIRONMENT));
  }

  /** Whether both name the same service; an account beside the three attributes does not matter. */
  public boolean sameService(KeyAttributes other) {
    return canonical().equals(other.canonical());
  }

  /** Without the account, which an answer may name where nobody did. */
  Map<String, String> canonical() {
    var canonical = new TreeMap<>(values);
    canonical.remove("AwsAccountId");
    return canonical;
  }

  @Override
  public String toString() {
    return name().orElse("?") + " in " + environment().orElse("?");
  }
}
