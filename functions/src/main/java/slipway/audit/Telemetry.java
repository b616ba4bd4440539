package slipway.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.Container;
import slipway.config.Service;
import slipway.rollout.Agents;
import slipway.slo.Checklist;
import slipway.slo.KeyAttributes;
import slipway.slo.Readiness;

/**
 * Whether a service's telemetry arrives.
 *
 * @param reason why something is missing, as far as that is seen
 * @param checks what to look at
 */
record Telemetry(String service, State state, Optional<String> reason, List<String> checks) {
  private static final String RUNTIME = "OTEL_AWS_APPLICATION_SIGNALS_RUNTIME_ENABLED";
  private static final String JAVA_OPTIONS = "JAVA_TOOL_OPTIONS";

  /** What arrives. */
  enum State {
    /** Traces and metrics of the runtime. */
    COMPLETE("complete"),
    /** Traces only. */
    NO_RUNTIME_METRICS("no runtime metrics"),
    /** Nothing in the last day. */
    NONE("no telemetry");

    private final String text;

    State(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  Telemetry {
    checks = List.copyOf(checks);
  }

  /**
   * Decides.
   *
   * @param discovered whether Application Signals has seen it in the last day
   * @param runtime whether metrics of its runtime arrive
   * @param running images that run, by container
   */
  static Telemetry of(
      Service service, boolean discovered, boolean runtime, Map<String, String> running) {
    var name = service.name().value();
    if (!discovered)
      return new Telemetry(
          name,
          State.NONE,
          Optional.of("Application Signals has not seen it in the last 24 hours"),
          checklist(service));
    if (runtime) return new Telemetry(name, State.COMPLETE, Optional.empty(), List.of());
    return new Telemetry(
        name, State.NO_RUNTIME_METRICS, Optional.of(reason(service, running)), List.of());
  }

  private static List<String> checklist(Service service) {
    var nothing = new Readiness.NotDiscovered(KeyAttributes.expected(service), List.of());
    return Checklist.advice(nothing)
        .lines()
        .filter(line -> line.startsWith("- "))
        .map(line -> line.substring(2))
        .toList();
  }

  /** The likeliest one: what is written down comes before what can only be guessed. */
  private static String reason(Service service, Map<String, String> running) {
    var front = service.front();
    if ("false".equalsIgnoreCase(front.environment().get(RUNTIME)))
      return "switched off: %s of container %s is false".formatted(RUNTIME, front.name());
    var old = Agents.tooOld(images(service, running));
    if (!old.isEmpty()) return String.join(" ", old);
    var options = front.environment().get(JAVA_OPTIONS);
    if (options != null && !options.contains("-javaagent"))
      return "container %s loads no Java agent, as its %s says: another language than Java, of which none are looked for"
          .formatted(front.name(), JAVA_OPTIONS);
    return "nothing in slipway.yaml explains it: look for an agent in the image that is older than"
        + " runtime metrics (ADOT Java 1.32.5), or for another language than Java";
  }

  /** What slipway.yaml names, and what runs in its place. */
  private static Map<String, String> images(Service service, Map<String, String> running) {
    var images = new HashMap<String, String>();
    for (var container : service.containers())
      if (container instanceof Container.Pulled pulled) images.put(pulled.name(), pulled.image());
    images.putAll(running);
    return images;
  }

  /** What is missing and why, in a sentence. */
  @Override
  public String toString() {
    var sentence = new ArrayList<String>();
    sentence.add(state.toString());
    reason.ifPresent(sentence::add);
    return String.join(": ", sentence);
  }
}
