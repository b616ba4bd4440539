package slipway.config;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * Where the services answer.
 *
 * @param services URL of each service's load balancer, such as {@code http://dice-1.example.com}
 */
public record Addresses(Map<ServiceName, URI> services) {

  public Addresses {
    services = Map.copyOf(services);
    services.forEach(
        (service, address) -> {
          if (!"http".equals(address.getScheme()) && !"https".equals(address.getScheme()))
            throw new IllegalArgumentException(
                "address '%s' of %s: want an http or https URL".formatted(address, service));
        });
  }

  /** As infra sets them in {@link Setting#SLIPWAY_ADDRESSES}; fails if it did not. */
  public static Addresses of(Settings settings) {
    try {
      var tree = Json.parse(settings.get(Setting.SLIPWAY_ADDRESSES));
      return new Addresses(
          tree.members().entrySet().stream()
              .collect(
                  Collectors.toMap(
                      member -> new ServiceName(member.getKey()),
                      member -> URI.create(member.getValue().text()))));
    } catch (Malformed | IllegalArgumentException e) {
      throw new IllegalStateException(
          "environment variable %s is not what infra sets: %s: deploy the stack again"
              .formatted(Setting.SLIPWAY_ADDRESSES, e.getMessage()),
          e);
    }
  }

  /** The URL of the service, if the stack has it. */
  public Optional<URI> of(ServiceName service) {
    return Optional.ofNullable(services.get(service));
  }
}
