package slipway.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * Finds the well-known mistakes in what a task's containers are told about telemetry. It complains
 * of what the sidecars in the task cannot work with, and of nothing else: a service without them
 * sends its telemetry wherever it likes, and one in a language other than Java needs no {@code
 * JAVA_TOOL_OPTIONS}.
 */
public final class TelemetryDecision {
  private static final Set<String> HTTP = Set.of("http/protobuf", "http/json");

  /** Tags such as {@code 1.2-amd64}; Docker Hub's {@code amd64/nginx}. */
  private static final Pattern AMD64 =
      Pattern.compile(
          "(docker\\.io/)?amd64/.*|.*:(?:[^/@]*[._-])?(amd64|x86[_-]64)(?:[._-][^/@]*)?");

  private static final Pattern TAG = Pattern.compile("(@sha256:[0-9a-f]+|:[^/]*)+$");

  private final Task task;
  private final List<Mistake> found = new ArrayList<>();

  private TelemetryDecision(Task task) {
    this.task = task;
  }

  /** What is wrong with the task, in the order of its containers; empty if nothing is. */
  public static List<Mistake> mistakes(Task task) {
    var decision = new TelemetryDecision(task);
    for (var part : task.parts()) decision.look(part);
    return List.copyOf(decision.found);
  }

  private void look(Task.Part part) {
    if (AMD64.matcher(part.source()).matches())
      complain(
          part,
          "has an image for amd64 (%s), and tasks run on arm64: want one for arm64, or for both"
              .formatted(part.source()));
    if (part.name().equals(task.front())) front(part);
    else if (Sidecar.AGENT.is(part.name())) agent(part);
    else if (Sidecar.COLLECTOR.is(part.name())) collector(part);
    else renamed(part);
  }

  /** A sidecar under another name gets no configuration, and nobody sends to it. */
  private void renamed(Task.Part part) {
    var image = TAG.matcher(part.source()).replaceFirst("");
    for (var sidecar : Sidecar.values())
      if (task.part(sidecar).isEmpty()
          && (sidecar.resembles(part.name()) || sidecar.resembles(image)))
        complain(
            part,
            "looks like the sidecar that Slipway knows by the name %s, and nothing is sent to it under another: rename the container"
                .formatted(sidecar.container()));
  }

  private void agent(Task.Part part) {
    var configuration = part.says(Variables.AGENT_CONFIGURATION);
    if (configuration.isEmpty()) {
      complain(
          part,
          Variables.AGENT_CONFIGURATION,
          "is not set: want the agent's configuration, with Application Signals in it");
      return;
    }
    try {
      var json = Json.parse(configuration.get());
      for (var section :
          List.of(
              json.at("traces").at("traces_collected").at("application_signals"),
              json.at("logs").at("metrics_collected").at("application_signals")))
        if (section.missing())
          complain(
              part,
              Variables.AGENT_CONFIGURATION,
              "has no %s, without which Application Signals sees nothing: want it there, {} is enough"
                  .formatted(section.place()));
    } catch (Malformed problem) {
      complain(
          part,
          Variables.AGENT_CONFIGURATION,
          "is no configuration of the agent: " + problem.getMessage());
    }
  }

  private void collector(Task.Part part) {
    if (part.says(Variables.LOG_GROUP).isEmpty())
      complain(
          part, Variables.LOG_GROUP, "is not set: want the log group that logs are written to");
  }

  private void front(Task.Part part) {
    if (sidecars()) {
      switchedOff(part, "OTEL_SDK_DISABLED", "true");
      switchedOff(part, "OTEL_JAVAAGENT_ENABLED", "false");
    }
    if (task.part(Sidecar.AGENT).isPresent()) signals(part);
    if (task.part(Sidecar.COLLECTOR).isPresent()) logs(part);
    if (sidecars()) {
      resource(part);
      protocol(part);
      metrics(part);
    }
    for (var sidecar : Sidecar.values())
      if (task.part(sidecar).isPresent()) starts(part, sidecar.container());
  }

  private void switchedOff(Task.Part part, String variable, String value) {
    if (part.says(variable).filter(value::equalsIgnoreCase).isPresent())
      complain(
          part, variable, "is '%s', which turns all telemetry off: take it out".formatted(value));
  }

  private boolean sidecars() {
    return Arrays.stream(Sidecar.values()).anyMatch(sidecar -> task.part(sidecar).isPresent());
  }

  private void signals(Task.Part part) {
    if (part.says(Variables.SIGNALS).filter("true"::equalsIgnoreCase).isEmpty())
      complain(
          part,
          Variables.SIGNALS,
          found(part, Variables.SIGNALS) + ": want true, or there are no metrics to have SLOs on");
    exporter(part, "OTEL_TRACES_EXPORTER", "otlp", Signal.TRACES);
    endpoint(part, Signal.TRACES);
    endpoint(part, Signal.METRICS);
    Sampling.mistake(part).ifPresent(found::add);
    var propagators =
        part.says(Variables.PROPAGATORS).map(TelemetryDecision::list).orElse(List.of());
    if (!propagators.containsAll(List.of("tracecontext", "xray")))
      complain(
          part,
          Variables.PROPAGATORS,
          found(part, Variables.PROPAGATORS)
              + ": want tracecontext and xray among them, or traces end between services");
  }

  private void logs(Task.Part part) {
    exporter(part, "OTEL_LOGS_EXPORTER", "none", Signal.LOGS);
    endpoint(part, Signal.LOGS);
  }

  /**
   * @param otherwise what it is if nothing is said
   */
  private void exporter(Task.Part part, String variable, String otherwise, Signal signal) {
    if (!list(part.says(variable).orElse(otherwise)).contains("otlp"))
      complain(
          part,
          variable,
          "%s, so that %s gets no %s: want otlp, or no container of that name"
              .formatted(found(part, variable), signal.sidecar().container(), signal.word()));
  }

  private void endpoint(Task.Part part, Signal signal) {
    var grpc = protocol(part, signal).filter("grpc"::equals).isPresent();
    if (part.says(signal.variable()).filter(url -> signal.arrives(url, grpc)).isEmpty())
      complain(
          part,
          signal.variable(),
          "%s: want %s, where %s takes %s over %s"
              .formatted(
                  found(part, signal.variable()),
                  signal.endpoint(grpc),
                  signal.sidecar().container(),
                  signal.word(),
                  grpc ? "gRPC" : "HTTP"));
  }

  private static Optional<String> protocol(Task.Part part, Signal signal) {
    return part.says("OTEL_EXPORTER_OTLP_%s_PROTOCOL".formatted(signal.name()))
        .or(() -> part.says(Variables.PROTOCOL));
  }

  private void protocol(Task.Part part) {
    var said = part.says(Variables.PROTOCOL);
    if (said.filter(value -> value.equals("grpc") || HTTP.contains(value)).isEmpty())
      complain(
          part,
          Variables.PROTOCOL,
          found(part, Variables.PROTOCOL) + ": want http/protobuf or grpc");
  }

  /** The agent makes Application Signals' metrics itself; for others nobody listens here. */
  private void metrics(Task.Part part) {
    var said = part.says("OTEL_METRICS_EXPORTER").orElse("otlp");
    if (list(said).contains("otlp")
        && part.says("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT").isEmpty()
        && part.says("OTEL_EXPORTER_OTLP_ENDPOINT").isEmpty())
      complain(
          part,
          "OTEL_METRICS_EXPORTER",
          found(part, "OTEL_METRICS_EXPORTER")
              + ", and nobody takes other metrics than Application Signals': want none, or"
              + " OTEL_EXPORTER_OTLP_METRICS_ENDPOINT to say who does");
  }

  private void resource(Task.Part part) {
    var attributes = attributes(part.says(Variables.RESOURCE).orElse(""));
    part.says("OTEL_SERVICE_NAME").ifPresent(name -> attributes.put("service.name", name));
    named(
        part, "service.name", Optional.ofNullable(attributes.get("service.name")), task.service());
    named(
        part,
        "deployment.environment",
        Optional.ofNullable(attributes.get("deployment.environment"))
            .or(() -> Optional.ofNullable(attributes.get("deployment.environment.name"))),
        task.environment());
    task.part(Sidecar.COLLECTOR)
        .flatMap(collector -> collector.says(Variables.LOG_GROUP))
        .filter(
            group ->
                !List.of(attributes.getOrDefault("aws.log.group.names", "").split("&"))
                    .contains(group))
        .ifPresent(
            group ->
                complain(
                    part,
                    Variables.RESOURCE,
                    "does not have %s in aws.log.group.names, so that CloudWatch does not link traces to those logs: want aws.log.group.names=%s"
                        .formatted(group, group)));
  }

  private void named(Task.Part part, String attribute, Optional<String> found, String wanted) {
    if (found.filter(wanted::equals).isEmpty())
      complain(
          part,
          Variables.RESOURCE,
          "%s, and SLOs are on %s: want %s=%s"
              .formatted(
                  found
                      .map(value -> "has " + attribute + "=" + value)
                      .orElse("has no " + attribute),
                  wanted,
                  attribute,
                  wanted));
  }

  private static Map<String, String> attributes(String text) {
    var attributes = new LinkedHashMap<String, String>();
    for (var pair : list(text)) {
      var parts = pair.split("=", 2);
      if (parts.length == 2) attributes.put(parts[0].strip(), parts[1].strip());
    }
    return attributes;
  }

  private void starts(Task.Part part, String sidecar) {
    var condition = part.startsAfter().getOrDefault(sidecar, "");
    if (!Set.of("START", "HEALTHY").contains(condition))
      complain(
          part,
          condition.isEmpty()
              ? "does not wait for %s, which then misses the first telemetry, and the last: want dependsOn %s HEALTHY"
                  .formatted(sidecar, sidecar)
              : "waits for %s to end (%s), which it never does: want dependsOn %s HEALTHY"
                  .formatted(sidecar, condition, sidecar));
  }

  private static String found(Task.Part part, String variable) {
    return part.says(variable).map("is '%s'"::formatted).orElse("is not set");
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private void complain(Task.Part part, String complaint) {
    found.add(Mistake.in(part, complaint));
  }

  private void complain(Task.Part part, String variable, String complaint) {
    found.add(Mistake.in(part, variable, complaint));
  }
}
