package slipway.config;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a value must keep to be a good one, such as {@code >= 90}. */
public record SloBound(Comparison comparison, double value) {
  private static final Pattern FORM = Pattern.compile("(>=|>|<=|<) *(-?\\d{1,15}(\\.\\d{1,15})?)");

  /** How the value is compared with the bound. */
  public enum Comparison {
    AT_LEAST(">=", "GreaterThanOrEqualTo"),
    ABOVE(">", "GreaterThan"),
    AT_MOST("<=", "LessThanOrEqualTo"),
    BELOW("<", "LessThan");

    private final String sign;
    private final String word;

    Comparison(String sign, String word) {
      this.sign = sign;
      this.word = word;
    }

    /** The comparison that Application Signals calls so. */
    public static Optional<Comparison> of(String word) {
      return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
    }

    /** In Application Signals' words. */
    public String word() {
      return word;
    }

    @Override
    public String toString() {
      return sign;
    }
  }

  public SloBound {
    if (!Double.isFinite(value))
      throw new IllegalArgumentException("bound " + value + ": want a number");
  }

  /** Reads {@code >= 90} and the like; empty if it is nothing of that kind. */
  public static Optional<SloBound> of(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) return Optional.empty();
    return Arrays.stream(Comparison.values())
        .filter(comparison -> comparison.sign.equals(form.group(1)))
        .map(comparison -> new SloBound(comparison, Double.parseDouble(form.group(2))))
        .findFirst();
  }

  /** As {@link #of} reads it. */
  @Override
  public String toString() {
    var number = BigDecimal.valueOf(value);
    return comparison + " " + (value == 0 ? "0" : number.stripTrailingZeros().toPlainString());
  }
}
