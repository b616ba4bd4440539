package slipway.audit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Numbers and times as a report writes them. */
final class Figures {
  private Figures() {}

  /** Up to three decimals and no trailing zeros: {@code 99.85}. */
  static String brief(double value) {
    return rounded(value, 3);
  }

  /** Up to one decimal: {@code 83.3}. */
  static String coarse(double value) {
    return rounded(value, 1);
  }

  /** With its sign: {@code +1.2}, {@code -0.5}, {@code 0}. */
  static String signed(double value) {
    var text = coarse(value);
    return value > 0 && !text.equals("0") ? "+" + text : text;
  }

  private static String rounded(double value, int decimals) {
    var rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /**
   * The two largest units: {@code 3 d 4 h}, {@code 20 min}, {@code 5 s}; negative with its sign.
   */
  static String time(Duration time) {
    if (time.isNegative()) return "-" + time(time.negated());
    if (time.toDays() > 0) return units(time.toDays(), "d", time.toHoursPart(), "h");
    if (time.toHours() > 0) return units(time.toHours(), "h", time.toMinutesPart(), "min");
    if (time.toMinutes() > 0) return units(time.toMinutes(), "min", time.toSecondsPart(), "s");
    return time.toSeconds() + " s";
  }

  private static String units(long many, String of, long more, String ofMore) {
    return many + " " + of + (more == 0 ? "" : " " + more + " " + ofMore);
  }

  /** {@code 1 SLO}, {@code 2 SLOs}. */
  static String count(long many, String what) {
    return many + " " + what + (many == 1 ? "" : "s");
  }
}
