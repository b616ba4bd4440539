package slipway.local.signals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Place;

/**
 * Starts what stands in for the telemetry sidecars of a task. Their images are not run: no
 * container engine is needed, and what they would send to AWS is kept here.
 */
public final class Sidecars {
  /** Set by the CloudWatch agent's users only. */
  private static final String AGENT_CONFIGURATION = "CW_CONFIG_CONTENT";

  /** Where the CloudWatch agent sends what Application Signals counts. */
  private static final String AGENT_LOG = "/aws/application-signals/data";

  private final Measurements measurements;
  private final Path logs;

  /**
   * @param measurements that server spans are added to
   * @param logs folder for the files of log groups
   */
  public Sidecars(Measurements measurements, Path logs) {
    this.measurements = measurements;
    this.logs = logs;
  }

  /**
   * A container as its task definition declares it.
   *
   * @param name such as {@code cw-agent}
   * @param image such as {@code public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0}
   * @param environment with secrets resolved
   * @param cluster name of the cluster that the task runs in
   */
  public record Container(
      String name, String image, Map<String, String> environment, String cluster) {
    public Container {
      environment = Map.copyOf(environment);
    }

    private boolean agent() {
      return environment.containsKey(AGENT_CONFIGURATION) || image.contains("cloudwatch-agent");
    }

    private boolean collector() {
      return name.equals("adot") || image.contains("/adot") || image.contains("otel-collector");
    }
  }

  /** Whether a stand-in is started for the container; any other is the caller's to run. */
  public boolean knows(Container container) {
    return container.agent() || container.collector();
  }

  /** What the real one does at AWS, as the task's role; nothing if it is none of the sidecars. */
  public List<Permission> needs(Container container) {
    if (container.agent())
      return List.of(
          new Permission("xray:PutTraceSegments", "*"), stream("logs:PutLogEvents", AGENT_LOG));
    if (container.collector()) {
      var group = logGroup(container);
      return List.of(stream("logs:CreateLogStream", group), stream("logs:PutLogEvents", group));
    }
    return List.of();
  }

  private static Permission stream(String action, String group) {
    return new Permission(action, Place.arn("logs", "log-group:" + group + ":log-stream:any"));
  }

  /**
   * Starts the stand-in; the caller closes it when the task stops.
   *
   * @return empty if the container is none of the sidecars
   * @throws IllegalArgumentException if the real one would not start with this configuration, or
   *     would see nothing
   */
  public Optional<Sidecar> start(Container container) {
    if (container.agent()) {
      var configuration = container.environment().get(AGENT_CONFIGURATION);
      if (configuration == null)
        throw new IllegalArgumentException(
            "container '%s' has no %s: the CloudWatch agent would not collect Application Signals"
                .formatted(container.name(), AGENT_CONFIGURATION));
      return Optional.of(new CloudWatchAgent(measurements, configuration, container.cluster()));
    }
    if (container.collector()) return Optional.of(new LogCollector(file(logGroup(container))));
    return Optional.empty();
  }

  /** The file that records of the log group are written to. */
  public Path file(String logGroup) {
    var name = logGroup.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[-.]+", "");
    return logs.resolve((name.isEmpty() ? "log" : name) + ".jsonl");
  }

  /** The collector's configuration takes the group's name from its environment. */
  private static String logGroup(Container container) {
    return container.environment().entrySet().stream()
        .filter(entry -> entry.getKey().contains("LOG_GROUP"))
        .map(Map.Entry::getValue)
        .sorted()
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "container '%s' has no environment variable with LOG_GROUP in its name: the collector would not know where logs go"
                        .formatted(container.name())));
  }
}
