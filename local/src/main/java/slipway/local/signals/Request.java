package slipway.local.signals;

import java.time.Instant;

/**
 * A request that a service answered.
 *
 * @param operation method and route, such as {@code GET /rolldice}
 * @param end when it was answered
 * @param millis how long it took
 */
record Request(ServiceKey service, String operation, Instant end, double millis, Outcome outcome) {

  /** As Application Signals counts: 4xx is the caller's error, 5xx or a span error a fault. */
  enum Outcome {
    OK,
    ERROR,
    FAULT
  }
}
