package slipway.local.github;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * A webhook that was sent.
 *
 * @param id GUID; a redelivery has the same
 * @param event such as {@code push}
 * @param payload as it was sent
 * @param status that was answered; empty if no answer came
 * @param answer body of the answer, or why there is none
 * @param redelivery whether a person asked to send it again
 */
public record Delivery(
    String id,
    String event,
    String payload,
    OptionalInt status,
    String answer,
    Duration took,
    boolean redelivery) {

  /** GitHub counts 2xx as delivered. */
  public boolean delivered() {
    return status.isPresent() && status.getAsInt() / 100 == 2;
  }
}
