package slipway.local.signals;

import java.util.Map;
import java.util.TreeMap;

/**
 * A service as Application Signals tells services apart.
 *
 * @param name resource attribute {@code service.name}
 * @param environment such as {@code ecs:slipway}, or as the application says, such as {@code
 *     production}
 */
public record ServiceKey(String name, String environment) {

  /** Members {@code Type}, {@code Name} and {@code Environment}. */
  Map<String, String> keyAttributes() {
    return new TreeMap<>(Map.of("Type", "Service", "Name", name, "Environment", environment));
  }
}
