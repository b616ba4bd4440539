package slipway.build;

/** Which builds still run. */
@FunctionalInterface
interface Running {
  /**
   * Whether the build has not ended, now; one that nobody knows any more has.
   *
   * @param build id of CodeBuild's API: {@code project:uuid}
   */
  boolean runs(String build);
}
