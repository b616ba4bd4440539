package slipway.json;

/**
 * A document is not what it should be. The message names the field, what was found and what is
 * wanted.
 */
public final class Malformed extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String place;

  /**
   * @param place path of the field, such as {@code services.dice.port}; empty for the whole
   *     document
   * @param complaint what was found and what is wanted, such as {@code is missing: want text}
   */
  public Malformed(String place, String complaint) {
    super((place.isEmpty() ? "the document" : place) + " " + complaint);
    this.place = place;
  }

  /** A text that is no JSON at all. */
  Malformed(String complaint, Throwable cause) {
    super("the document " + complaint, cause);
    this.place = "";
  }

  /** Path of the field, such as {@code services.dice.port}; empty for the whole document. */
  public String place() {
    return place;
  }
}
