package slipway.telemetry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A container beside the service that Slipway knows, and wires, by its name.
 *
 * <p>Ports: CloudWatch user guide, "Enable Application Signals on ECS, sidecar" (the agent's), and
 * adot/config.yaml (the collector's).
 */
public enum Sidecar {
  /** The CloudWatch agent: takes traces and metrics for Application Signals. */
  AGENT("cw-agent", 4315, 4316, "cloudwatch-?agent|cw-?agent"),

  /** The OpenTelemetry collector of adot/: takes logs. */
  COLLECTOR("adot", 4317, 4318, "adot|otel-?collector|opentelemetry-?collector");

  private final String container;
  private final int grpc;
  private final int http;
  private final Pattern alike;

  Sidecar(String container, int grpc, int http, String alike) {
    this.container = container;
    this.grpc = grpc;
    this.http = http;
    this.alike = Pattern.compile("(^|.*[/_-])(" + alike + ")(-contrib)?");
  }

  /** The name that its container has. */
  public String container() {
    return container;
  }

  /** The one that a container of that name is. */
  public static Optional<Sidecar> named(String container) {
    return Arrays.stream(values()).filter(sidecar -> sidecar.is(container)).findFirst();
  }

  public boolean is(String name) {
    return container.equals(name);
  }

  /** Where OTLP goes over gRPC, which has no paths. */
  int grpc() {
    return grpc;
  }

  /** Where OTLP goes over HTTP. */
  int http() {
    return http;
  }

  /** Whether a container's name, or its image's without tag, reads as if it were this one. */
  boolean resembles(String text) {
    return alike.matcher(text.toLowerCase(Locale.ROOT).replace("_", "-")).matches();
  }
}
