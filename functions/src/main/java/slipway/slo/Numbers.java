package slipway.slo;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as people write them. */
final class Numbers {
  private Numbers() {}

  /** Up to six decimals and no trailing zeros: {@code 99.9}, {@code 300}. */
  static String text(double value) {
    return rounded(value, 6);
  }

  /** Up to three decimals: enough for a percentage in a report. */
  static String brief(double value) {
    return rounded(value, 3);
  }

  private static String rounded(double value, int decimals) {
    var rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
