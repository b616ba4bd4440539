package slipway.local.signals;

import java.time.Instant;

/**
 * A request that a service made of another.
 *
 * @param operation of the service, in which it was made
 * @param remoteService such as {@code AWS::DynamoDB}, {@code postgresql} or {@code rates:8080}
 * @param remoteOperation such as {@code GET /rates}
 * @param end when it was answered
 * @param millis how long it took
 */
record Call(
    ServiceKey service,
    String operation,
    String remoteService,
    String remoteOperation,
    Instant end,
    double millis,
    Request.Outcome outcome) {}
