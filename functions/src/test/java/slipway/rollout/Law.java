package slipway.rollout;

/**
 * What holds whatever happens. The first ones are watched all the time, the others hold at rest.
 */
enum Law {
  NO_OVERLAP("no deployment starts while another must end first"),
  FAILED_CONTENT_STAYS_OUT("content that failed is not tried again"),
  REGISTERED_ONCE("no revision is registered that the family's name means already"),
  WRONG_PLATFORM_STAYS_OUT("an image for another platform reaches no revision"),
  ORDERS_HOLD("nothing is deployed against a freeze or a pin"),
  BUDGETS_HOLD("nothing new without an override is deployed while a budget is known as spent"),
  FAILURE_IS_NO_SUCCESS("a deployment that did not complete is never called healthy"),
  FAILED_REVISION_IS_GONE("a revision recorded as failed is deregistered"),

  FAILS_ONLY_WITH_ITS_CALLS("looking at a service fails only if one of its calls failed"),

  COMES_TO_REST("in calm, the deployer comes to rest"),
  NEWEST_CONTENT_RUNS("a service runs the newest deployable content, or its pin"),
  NOTHING_IS_DEAD("nothing is left in the dead-letter queue"),
  FAMILY_MAY_RUN("the newest active revision of a family is none that failed"),
  HISTORY_IS_COMPLETE("every deployment that was started is in the history once, with its end"),
  LAST_WORD("every commit that reached the tag is told what became of it"),
  RELEASE_IS_ANSWERED("CloudFormation gets its answer");

  private final String text;

  Law(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return name() + ": " + text;
  }
}
