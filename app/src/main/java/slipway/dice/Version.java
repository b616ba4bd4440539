package slipway.dice;

/** What this build calls itself: change it, push it, and see it answered by {@code GET /}. */
final class Version {
  static final String VERSION = "1";

  private Version() {}
}
