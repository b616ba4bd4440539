package slipway.rollout;

import java.util.Optional;
import slipway.config.Adoption;
import slipway.config.Service;

/**
 * Decides which template an adopted service has: what it runs when it is adopted, and from then on
 * what its owner registers in the template's family.
 */
sealed interface Adopted {
  /** The one that is there. */
  record Keeps(TaskDefinition template) implements Adopted {}

  /** One that is to be registered. */
  record Copies(TaskDefinition template) implements Adopted {}

  /**
   * @param running what the service runs
   * @param template the newest one, if there is any
   * @param first whether the service is adopted now, and was not before; it may be a second try
   */
  static Adopted of(
      Service service, TaskDefinition running, Optional<TaskDefinition> template, boolean first) {
    return template
        .filter(there -> !first || !outdated(there, running))
        .<Adopted>map(Keeps::new)
        .orElseGet(() -> new Copies(running.templateOf(service.name())));
  }

  /**
   * Whether it was read off the service, for another stack or an earlier one, and the service was
   * changed since by somebody else than us. What its owner registered never is.
   */
  private static boolean outdated(TaskDefinition template, TaskDefinition running) {
    return template
            .tag(TaskDefinition.ADOPTED)
            .filter(arn -> !arn.equals(running.arn()))
            .isPresent()
        && running.tag(TaskDefinition.FINGERPRINT).isEmpty();
  }

  /** Why a task definition cannot be the template of that service, if that is adopted. */
  static Optional<String> unfit(Service service, TaskDefinition definition) {
    return service.adoption().flatMap(adoption -> unfit(service, adoption, definition));
  }

  private static Optional<String> unfit(
      Service service, Adoption adoption, TaskDefinition definition) {
    var name = Revision.shortName(definition.arn());
    var containers = definition.images().keySet();
    for (var container : service.built())
      if (!containers.contains(container.name()))
        return Optional.of(
            "%s has no container %s, which the configuration builds: it has %s"
                .formatted(name, container.name(), String.join(", ", containers)));
    for (var role : definition.roles())
      if (adoption.roles().stream().noneMatch(arn -> same(arn, role)))
        return Optional.of(
            "%s has the role %s, which Slipway may not pass on: name it in adopt.roles of %s, and cdk deploy"
                .formatted(name, role, service.name()));
    return Optional.empty();
  }

  /** A task definition may name a role without the rest of its ARN. */
  private static boolean same(String arn, String role) {
    return arn.equals(role)
        || arn.substring(arn.indexOf(":role/") + ":role/".length()).equals(role);
  }
}
