package slipway.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import slipway.config.Container;
import slipway.config.Service;
import slipway.json.Json;

/**
 * A task definition, as far as telemetry goes.
 *
 * @param environment of its telemetry and SLOs, such as {@code production}
 * @param front name of the container that the load balancer calls
 */
public record Task(String service, String environment, String front, List<Part> parts) {
  private static final Pattern JAVA_AGENT = Pattern.compile("-javaagent:([^\\s=]+)");

  public Task {
    parts = List.copyOf(parts);
  }

  /**
   * One of its containers.
   *
   * @param source image, or folder that it is built from
   * @param variables its environment
   * @param startsAfter condition by container that it waits for
   */
  public record Part(
      String name, String source, Map<String, String> variables, Map<String, String> startsAfter) {
    public Part {
      variables = Map.copyOf(variables);
      startsAfter = Map.copyOf(startsAfter);
    }

    /** What the variable says; empty text says nothing, as OpenTelemetry has it. */
    Optional<String> says(String variable) {
      return Optional.ofNullable(variables.get(variable))
          .map(String::strip)
          .filter(value -> !value.isEmpty());
    }
  }

  /**
   * The one that a service asks for.
   *
   * @param logs name of the log group that the collector writes to
   */
  public static Task of(Service service, String logs) {
    var parts = new ArrayList<Part>();
    for (var container : service.containers())
      parts.add(
          new Part(
              container.name(),
              switch (container) {
                case Container.Built built -> built.folder();
                case Container.Pulled pulled -> pulled.image();
              },
              Variables.of(service, container, logs),
              container.name().equals(service.front().name()) ? startsAfter(service) : Map.of()));
    return new Task(
        service.name().value(), service.environmentName(), service.front().name(), parts);
  }

  /** One that is registered, in ECS's own members. */
  public static Task of(Service service, Json definition) {
    var parts = new ArrayList<Part>();
    for (var container : definition.at("containerDefinitions").items()) {
      var variables = new LinkedHashMap<String, String>();
      for (var variable : container.at("environment").items())
        variables.put(variable.at("name").text(), variable.at("value").optionalText().orElse(""));
      var startsAfter = new LinkedHashMap<String, String>();
      for (var other : container.at("dependsOn").items())
        startsAfter.put(other.at("containerName").text(), other.at("condition").text());
      parts.add(
          new Part(
              container.at("name").text(), container.at("image").text(), variables, startsAfter));
    }
    return new Task(
        service.name().value(), service.environmentName(), service.front().name(), parts);
  }

  /**
   * The containers that the front waits for, with ECS's conditions: so that the first spans and
   * logs find who takes them, and the last ones too, since ECS stops containers in the reverse
   * order.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html">ContainerDependency</a>
   */
  public static Map<String, String> startsAfter(Service service) {
    var conditions = new LinkedHashMap<String, String>();
    for (var container : service.containers())
      if (!container.name().equals(service.front().name()))
        conditions.put(
            container.name(), Sidecar.named(container.name()).isPresent() ? "HEALTHY" : "START");
    return conditions;
  }

  /** The file of the agent that Java loads into the front, if it is told to. */
  public Optional<String> javaAgent() {
    return part(front)
        .flatMap(part -> part.says(Variables.JAVA))
        .map(JAVA_AGENT::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1));
  }

  Optional<Part> part(String name) {
    return parts.stream().filter(part -> part.name().equals(name)).findFirst();
  }

  Optional<Part> part(Sidecar sidecar) {
    return part(sidecar.container());
  }
}
