package slipway.local.stack;

import slipway.json.Json;

/**
 * A resource of the template, ready to be made.
 *
 * @param logicalId in the template
 * @param type such as {@code AWS::ECS::Service}
 * @param properties with every intrinsic function resolved
 * @param generation 1 for the first of its logical id, more for what replaces it
 */
public record Resource(String logicalId, String type, Json properties, int generation) {

  public Resource(String logicalId, String type, Json properties) {
    this(logicalId, type, properties, 1);
  }

  /** The logical id, but another one for what replaces it, as both stand side by side. */
  public String id() {
    return generation == 1 ? logicalId : logicalId + "-" + generation;
  }

  /** The name that CloudFormation makes if the template gives none. */
  public String generatedName(String stack) {
    return stack + "-" + id();
  }
}
