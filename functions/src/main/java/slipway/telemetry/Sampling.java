package slipway.telemetry;

import java.util.Arrays;
import java.util.Optional;

/** X-Ray's sampler, which asks the CloudWatch agent for its rules. */
final class Sampling {
  static final String ARGUMENT = "endpoint=http://localhost:2000";

  private Sampling() {}

  /** ADOT asks on localhost:2000 if the argument names no endpoint. */
  static Optional<Mistake> mistake(Task.Part front) {
    var endpoint =
        front.says(Variables.SAMPLER_ARGUMENT).stream()
            .flatMap(argument -> Arrays.stream(argument.split(",")))
            .map(String::strip)
            .filter(pair -> pair.startsWith("endpoint="))
            .findFirst();
    return front
        .says(Variables.SAMPLER)
        .filter("xray"::equals)
        .flatMap(_ -> endpoint)
        .filter(found -> !found.matches("endpoint=http://(localhost|127\\.0\\.0\\.1):2000/?"))
        .map(
            _ ->
                Mistake.in(
                    front,
                    Variables.SAMPLER_ARGUMENT,
                    "is '%s': want %s, where %s answers the sampler"
                        .formatted(
                            front.says(Variables.SAMPLER_ARGUMENT).orElseThrow(),
                            ARGUMENT,
                            Sidecar.AGENT.container())));
  }
}
