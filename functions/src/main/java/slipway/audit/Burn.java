package slipway.audit;

import java.time.Duration;
import java.util.List;

/**
 * How fast an error budget is being spent: at 1 it lasts exactly for the SLO's interval.
 *
 * @param minutes the look-back window
 */
record Burn(int minutes, double rate) {
  /**
   * The long windows of both alarms, as in Google's SRE workbook, chapter "Alerting on SLOs". The
   * short ones beside them say only whether it still goes on, which an hourly report need not know,
   * and a metric that is asked for costs money.
   */
  static final List<Integer> WINDOWS = List.of(60, 360);

  /** Such as {@code 14.4 over 1 h}. */
  @Override
  public String toString() {
    return Figures.brief(rate) + " over " + Figures.time(Duration.ofMinutes(minutes));
  }
}
