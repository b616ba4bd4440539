package slipway.telemetry;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** A kind of telemetry, and the sidecar that takes it. */
enum Signal {
  TRACES("traces", Sidecar.AGENT, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"),
  METRICS("metrics", Sidecar.AGENT, Variables.SIGNALS_ENDPOINT),
  LOGS("logs", Sidecar.COLLECTOR, "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT");

  /** Containers of a task share the loopback interface. */
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");

  private final String word;
  private final Sidecar sidecar;
  private final String variable;

  Signal(String word, Sidecar sidecar, String variable) {
    this.word = word;
    this.sidecar = sidecar;
    this.variable = variable;
  }

  /** As OTLP's paths and variables have it. */
  String word() {
    return word;
  }

  Sidecar sidecar() {
    return sidecar;
  }

  /** The variable that says where it is sent. */
  String variable() {
    return variable;
  }

  /** Where Slipway has it sent: over HTTP. */
  String endpoint() {
    return endpoint(false);
  }

  /** Where its sidecar takes it. */
  String endpoint(boolean grpc) {
    return grpc
        ? "http://localhost:" + sidecar.grpc()
        : "http://localhost:" + sidecar.http() + "/v1/" + word;
  }

  /** Whether its sidecar takes it there. */
  boolean arrives(String endpoint, boolean grpc) {
    return uri(endpoint)
        .filter(uri -> "http".equals(uri.getScheme()) && HERE.contains(uri.getHost()))
        .filter(uri -> uri.getPort() == (grpc ? sidecar.grpc() : sidecar.http()))
        .filter(uri -> grpc || uri.getPath().equals("/v1/" + word))
        .isPresent();
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
