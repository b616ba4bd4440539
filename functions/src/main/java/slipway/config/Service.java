package slipway.config;

import java.util.List;
import java.util.Optional;

/**
 * A service that Slipway builds and rolls out.
 *
 * @param source where its code comes from
 * @param health path that answers 200 when the service can take traffic
 * @param canary none: only others call it, and until they do Application Signals sees nothing
 * @param environmentName {@code deployment.environment} of its telemetry, and the Environment of
 *     its SLOs
 * @param cpu of the task in CPU units, 1024 to a vCPU
 * @param memory of the task in MiB
 * @param containers in start order of the configuration; exactly one has a port, none if adopted
 * @param onExhausted what a spent error budget of one of its SLOs does
 * @param domain the name under which it answers over HTTPS; none: over HTTP, under the load
 *     balancer's own
 * @param adoption the ECS service that it is, if that is there already: then size, number of tasks
 *     and ports are not Slipway's to say, and mean nothing here
 * @param strategy how it gets from one version to the next
 */
public record Service(
    ServiceName name,
    Source source,
    String health,
    Optional<Canary> canary,
    String environmentName,
    int cpu,
    int memory,
    Tasks tasks,
    List<Container> containers,
    List<Slo> slos,
    Budgets.OnExhausted onExhausted,
    Optional<Domain> domain,
    Optional<Adoption> adoption,
    Strategy strategy) {

  /** How many tasks run: between both bounds, aiming at an average CPU use in percent. */
  public record Tasks(int min, int max, int cpuPercent) {
    public Tasks {
      if (min < 1 || max < min || max > 1000)
        throw new IllegalArgumentException(
            "tasks %d to %d: want 1 <= min <= max <= 1000".formatted(min, max));
      if (cpuPercent < 10 || cpuPercent > 95)
        throw new IllegalArgumentException("cpu " + cpuPercent + " %: want 10 to 95");
    }
  }

  public Service {
    if (!health.startsWith("/"))
      throw new IllegalArgumentException(
          "health '%s': want a path such as /healthcheck".formatted(health));
    containers = List.copyOf(containers);
    slos = List.copyOf(slos);
    if (containers.stream().map(Container::name).distinct().count() < containers.size())
      throw new IllegalArgumentException(
          "containers of " + name + ": want a different name for each");
    var fronts =
        containers.stream()
            .filter(c -> c instanceof Container.Built built && built.port().isPresent())
            .count();
    if (fronts != (adoption.isPresent() ? 0 : 1))
      throw new IllegalArgumentException(
          "containers of %s: want %s with a port"
              .formatted(name, adoption.isPresent() ? "none" : "exactly one"));
    if (containers.stream().noneMatch(Container.Built.class::isInstance))
      throw new IllegalArgumentException(
          "containers of %s: want at least one that is built".formatted(name));
  }

  /**
   * A service whose canary calls its health check, that a spent budget does not hold up, and whose
   * tasks are replaced one by one.
   */
  public Service(
      ServiceName name,
      Source source,
      String health,
      String environmentName,
      int cpu,
      int memory,
      Tasks tasks,
      List<Container> containers,
      List<Slo> slos) {
    this(
        name,
        source,
        health,
        Optional.of(new Canary(health, Canary.EVERY)),
        environmentName,
        cpu,
        memory,
        tasks,
        containers,
        slos,
        Budgets.OnExhausted.REPORT,
        Optional.empty(),
        Optional.empty(),
        new Strategy.Rolling());
  }

  /** The same under another name; without SLOs, as those have names of their own. */
  public Service called(ServiceName other) {
    return new Service(
        other,
        source,
        health,
        canary,
        environmentName,
        cpu,
        memory,
        tasks,
        containers,
        List.of(),
        onExhausted,
        domain,
        adoption,
        strategy);
  }

  /** The containers whose images Slipway builds. */
  public List<Container.Built> built() {
    return containers.stream()
        .filter(Container.Built.class::isInstance)
        .map(Container.Built.class::cast)
        .toList();
  }

  /** The container that the load balancer calls; of an adopted service the first that is built. */
  public Container.Built front() {
    return built().stream()
        .filter(c -> c.port().isPresent())
        .findFirst()
        .orElseGet(() -> built().getFirst());
  }

  /** Name of the ECS service. */
  public String ecsName() {
    return adoption.map(Adoption::service).orElse(name.value());
  }
}
