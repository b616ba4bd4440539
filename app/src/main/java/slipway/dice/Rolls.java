package slipway.dice;

/** How many dice to roll, 1 to {@value #MOST}. */
record Rolls(int count) {
  static final int MOST = 1000;

  Rolls {
    if (count < 1 || count > MOST) throw new BadParameter("rolls", rule() + "; it was " + count);
  }

  /**
   * @param text what the caller sent, null if nothing
   * @throws BadParameter unless it is a whole number in range
   */
  static Rolls parse(String text) {
    if (text == null) throw new BadParameter("rolls", rule() + "; it was missing");
    try {
      return new Rolls(Integer.parseInt(text));
    } catch (NumberFormatException _) {
      throw new BadParameter("rolls", rule() + "; it was not");
    }
  }

  private static String rule() {
    return "must be a whole number from 1 to " + MOST;
  }
}
