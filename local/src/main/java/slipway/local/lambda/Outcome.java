package slipway.local.lambda;

import java.nio.charset.StandardCharsets;
import slipway.json.Json;

/** How an invocation ended. */
public sealed interface Outcome {
  /** The function returned; the payload is JSON. */
  record Returned(byte[] payload) implements Outcome {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  /**
   * The function failed: an exception, a timeout, or a process that died.
   *
   * @param payload JSON with {@code errorType} and {@code errorMessage}
   */
  record Failed(byte[] payload) implements Outcome {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Such as {@code java.lang.IllegalStateException: no such service}. */
    public String reason() {
      var json = Json.parse(text());
      return json.at("errorType").optionalText().orElse("Unhandled")
          + ": "
          + json.at("errorMessage").optionalText().orElse("");
    }

    static Failed of(String type, String message) {
      return new Failed(
          Json.write(java.util.Map.of("errorType", type, "errorMessage", message))
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  /** No environment was free: the account's concurrency is used up. */
  record Throttled() implements Outcome {}
}
