package slipway.audit;

/**
 * An SLO of this stack, by its tags.
 *
 * @param service that it was made for; may not be declared any more
 */
record Owned(String arn, String name, String service) {}
