package slipway.slo;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/** Statistics of CloudWatch, which may be written in several ways. */
final class Statistics {
  private static final Pattern TRIMMED =
      Pattern.compile("(p|tm|wm|tc|ts|pr)(\\d+(?:\\.\\d+)?)", Pattern.CASE_INSENSITIVE);

  private Statistics() {}

  /** {@code P99.0} and {@code p99} are one, and so are {@code average} and {@code Average}. */
  static String canonical(String statistic) {
    var trimmed = TRIMMED.matcher(statistic);
    if (trimmed.matches())
      return trimmed.group(1).toLowerCase(Locale.ROOT) + plain(trimmed.group(2));
    var lower = statistic.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "samplecount" -> "SampleCount";
      case "iqm" -> "IQM";
      case String range when range.contains("(") -> statistic.toUpperCase(Locale.ROOT);
      default -> lower.substring(0, 1).toUpperCase(Locale.ROOT) + lower.substring(1);
    };
  }

  private static String plain(String number) {
    var plain = new BigDecimal(number);
    return plain.signum() == 0 ? "0" : plain.stripTrailingZeros().toPlainString();
  }
}
