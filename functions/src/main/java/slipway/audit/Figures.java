package slipway.audit;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as a report writes them. */
final class Figures {
  private Figures() {}

  /** Up to three decimals and no trailing zeros: {@code 99.85}. */
  static String brief(double value) {
    var rounded = BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
