package slipway.telemetry;

import java.util.Optional;

/**
 * Something in a task that keeps telemetry from arriving, or from being found.
 *
 * @param container where it is
 * @param variable of the container's environment, if it is in one
 * @param complaint what was found and what is wanted, such as {@code is not set: want true}
 */
public record Mistake(String container, Optional<String> variable, String complaint) {
  static Mistake in(Task.Part part, String complaint) {
    return new Mistake(part.name(), Optional.empty(), complaint);
  }

  static Mistake in(Task.Part part, String variable, String complaint) {
    return new Mistake(part.name(), Optional.of(variable), complaint);
  }

  /**
   * Where it is in the configuration of a service, such as {@code containers.app.environment.A}.
   */
  public String place() {
    return "containers." + container + variable.map(name -> ".environment." + name).orElse("");
  }

  @Override
  public String toString() {
    return "container %s%s %s"
        .formatted(container, variable.map(name -> ": " + name).orElse(""), complaint);
  }
}
