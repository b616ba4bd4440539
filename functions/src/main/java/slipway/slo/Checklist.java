package slipway.slo;

import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.config.ServiceName;

/** What to tell somebody whose SLOs could not be made: what was looked for, and where to look. */
public final class Checklist {
  private Checklist() {}

  /** One line for the log: why there is no SLO yet. */
  public static String reason(Readiness readiness) {
    return switch (readiness) {
      case Readiness.Ready(var subject) -> subject + " is ready";
      case Readiness.NotDiscovered(var wanted, var seen) ->
          "Application Signals has not seen service %s in the last 24 hours; it has seen %s"
              .formatted(wanted, names(seen));
      case Readiness.Unseen(var subject, var operations, var seen, var calls, var made) ->
          "Application Signals has seen service %s, but not its %s"
              .formatted(
                  subject,
                  Stream.of(
                          missing("operations", operations, seen),
                          missing("calls", calls, made.stream().map(Catalog.Call::to).toList()))
                      .flatMap(Optional::stream)
                      .collect(Collectors.joining(", and not its ")));
    };
  }

  /** The text of the last try's notification. */
  static String text(ServiceName service, int attempts, Readiness readiness) {
    return """
    The SLOs of service %s are not all created, and after %d attempts Slipway has stopped trying.

    %s.

    %s

    The next healthy rollout of %s tries again; to try now, move the message from the dead-letter queue of SLO syncs back to its queue.
    """
        .formatted(service, attempts, reason(readiness), advice(readiness), service);
  }

  /** What to check, as lines of a list. */
  public static String advice(Readiness readiness) {
    return switch (readiness) {
      case Readiness.Ready _ -> "Nothing is missing.";
      case Readiness.NotDiscovered(var wanted, _) ->
          """
          What to check:
          - Agent endpoint: the container cw-agent runs, and OTEL_AWS_APPLICATION_SIGNALS_EXPORTER_ENDPOINT of the application points at it (http://localhost:4316/v1/metrics); OTEL_AWS_APPLICATION_SIGNALS_ENABLED is true.
          - Names: the application's resource attributes say service.name=%s and deployment.environment=%s.
          - Traffic: the service has answered requests; without any, it is not discovered.
          - StartDiscovery: Application Signals is enabled in this account and Region (AWS::ApplicationSignals::Discovery, or `aws application-signals start-discovery`).\
          """
              .formatted(wanted.name().orElse("?"), wanted.environment().orElse("?"));
      case Readiness.Unseen _ ->
          """
          What to check:
          - Name: the operation in slipway.yaml is written as Application Signals reports it: method and route, such as GET /rolldice.
          - Traffic: the operation has been called since the service reports; a call every few minutes, such as the canary's, is enough.
          - Dependency: its type, name, environment and operation are written as Application Signals reports them (`aws application-signals list-service-dependencies`), and the service has called it.\
          """;
    };
  }

  private static Optional<String> missing(
      String what, Collection<String> missing, Collection<?> seen) {
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s %s in the last 24 hours; it has seen %s"
                .formatted(what, names(missing), names(seen)));
  }

  private static String names(Collection<?> things) {
    return things.isEmpty()
        ? "none"
        : things.stream()
            .map(Object::toString)
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .map(name -> "'" + name + "'")
            .collect(Collectors.joining(", "));
  }
}
