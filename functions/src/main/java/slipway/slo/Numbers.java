package slipway.slo;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as people write them. */
final class Numbers {
  private Numbers() {}

  /** Up to six decimals and no trailing zeros: {@code 99.9}, {@code 300}. */
  static String text(double value) {
    var rounded = BigDecimal.valueOf(value).setScale(6, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
