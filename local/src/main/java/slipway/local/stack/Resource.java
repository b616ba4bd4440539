package slipway.local.stack;

import slipway.json.Json;

/**
 * A resource of the template, ready to be made.
 *
 * @param logicalId in the template
 * @param type such as {@code AWS::ECS::Service}
 * @param properties with every intrinsic function resolved
 */
public record Resource(String logicalId, String type, Json properties) {}
