package slipway.slo;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import slipway.config.ServiceName;

/** The tags that mark an SLO as Slipway's; an SLO without them is never touched. */
public record Ownership(String stack, String service) {
  private static final String STACK = "slipway:stack";
  private static final String SERVICE = "slipway:service";

  public Ownership(String stack, ServiceName service) {
    this(stack, service.value());
  }

  /** Read from tags; empty if the SLO is not Slipway's. */
  public static Optional<Ownership> of(Map<String, String> tags) {
    var stack = tags.get(STACK);
    var service = tags.get(SERVICE);
    return stack == null || service == null
        ? Optional.empty()
        : Optional.of(new Ownership(stack, service));
  }

  /** The tags that are neither Slipway's marks nor AWS's own. */
  static SortedMap<String, String> others(Map<String, String> tags) {
    var others = new TreeMap<>(tags);
    others.keySet().removeIf(key -> key.startsWith("slipway:") || key.startsWith("aws:"));
    return others;
  }

  public Map<String, String> tags() {
    return Map.of(STACK, stack, SERVICE, service);
  }
}
