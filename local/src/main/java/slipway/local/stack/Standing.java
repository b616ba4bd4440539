package slipway.local.stack;

import slipway.json.Json;

/**
 * A resource of the stack that is made.
 *
 * @param resource with its properties as they were resolved
 * @param template what the template says of it, intrinsics as they are
 */
record Standing(Resource resource, Json template, Provisioner.Made made) {

  /**
   * Whether it stays when the stack needs it no more.
   *
   * @param policy {@code DeletionPolicy} or {@code UpdateReplacePolicy}
   */
  boolean stays(String policy) {
    return switch (template.at(policy).optionalText().orElse("Delete")) {
      case "Delete" -> false;
      case "Retain", "RetainExceptOnCreate" -> true;
      default -> throw template.at(policy).unexpected("Delete or Retain: local plays no other");
    };
  }

  String name() {
    return resource.logicalId() + " (" + resource.type() + ")";
  }
}
