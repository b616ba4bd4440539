package slipway.local.stack;

import java.net.URI;
import java.nio.file.Path;
import slipway.local.cloud.CallLog;
import slipway.local.cloud.Credentials;
import slipway.local.cloud.Pace;
import slipway.local.events.EventBus;
import slipway.local.iam.Iam;
import slipway.local.metrics.Alarms;
import slipway.local.metrics.MetricStore;

/**
 * What a piece of the local AWS finds around it.
 *
 * @param stack name of the stack
 * @param endpoint of the front door, for {@code AWS_ENDPOINT_URL}
 * @param credentials hands out keys to processes that a piece starts
 * @param iam for checks that no call makes, such as whether a service may assume a role
 * @param events where everything goes that AWS would emit
 * @param metrics CloudWatch's, for whoever measures something
 * @param alarms CloudWatch's, for whoever watches them
 * @param work folder that is deleted at the end; each piece makes its own below it
 * @param logs folder for logs that people read
 */
public record Surroundings(
    String stack,
    URI endpoint,
    Credentials credentials,
    Iam iam,
    CallLog calls,
    EventBus events,
    MetricStore metrics,
    Alarms alarms,
    Pace pace,
    Path work,
    Path logs) {}
