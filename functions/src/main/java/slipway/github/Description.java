package slipway.github;

/** The one line that GitHub shows beside a state. */
final class Description {
  private static final int LONGEST = 140;

  private Description() {}

  /** The text, cut to the 140 characters that GitHub takes. */
  static String cut(String text) {
    if (text.codePointCount(0, text.length()) <= LONGEST) return text;
    return text.substring(0, text.offsetByCodePoints(0, LONGEST - 1)) + "…";
  }
}
