package slipway.dice;

/** Who rolls: a name that is safe to log, "anonymous" if none was given. */
record Player(String name) {
  static final int LONGEST = 50;

  Player {
    if (name.length() > LONGEST) {
      throw new BadParameter(
          "player", "must have at most %d characters; it had %d".formatted(LONGEST, name.length()));
    }
  }

  /**
   * @param text what the caller sent, null or blank if nothing; line breaks and other control or
   *     formatting characters become {@code _}, so that nobody writes log lines of their own
   * @throws BadParameter if it is too long
   */
  static Player parse(String text) {
    if (text == null || text.isBlank()) return new Player("anonymous");
    return new Player(text.strip().replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "_"));
  }
}
