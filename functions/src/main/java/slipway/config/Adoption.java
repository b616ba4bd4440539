package slipway.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * An ECS service that is there already. Slipway rolls out what it runs; all else of it stays its
 * owner's.
 *
 * @param service name of the ECS service, in the configured cluster
 * @param roles ARNs of the roles that its tasks run with, and are started with
 * @param url where it answers, if anybody is to be told
 */
public record Adoption(String service, List<String> roles, Optional<URI> url) {
  public Adoption {
    roles = List.copyOf(roles);
    if (service.isBlank())
      throw new IllegalArgumentException("adopted service is blank: want an ECS service's name");
  }
}
