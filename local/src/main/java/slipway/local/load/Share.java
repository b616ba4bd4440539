package slipway.local.load;

/**
 * A part of the requests: not by chance, but spread evenly, so that of 100 requests 5 % are five.
 *
 * @param part 0 for none, 1 for all
 */
public record Share(double part) {
  static final Share NONE = new Share(0);

  public Share {
    if (!(part >= 0 && part <= 1))
      throw new IllegalArgumentException("%s %%: want 0 to 100".formatted(part * 100));
  }

  /** Such as {@code 5%}. */
  static Share parse(String text) {
    if (!text.matches("\\d+(\\.\\d+)?%"))
      throw new IllegalArgumentException("'%s': want percents such as 5%%".formatted(text));
    return new Share(Double.parseDouble(text.substring(0, text.length() - 1)) / 100);
  }

  boolean takes(long number) {
    return before(number + 1) > before(number);
  }

  /** The number that a request has among those that are not taken. */
  long rank(long number) {
    return number - before(number);
  }

  private long before(long number) {
    return (long) Math.floor(number * part);
  }
}
