package slipway.config;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time over which an SLO's goal is to be reached. */
public sealed interface SloInterval {
  /** The API's own, when an SLO says nothing. */
  SloInterval DEFAULT = new Rolling(SloSpan.ofDays(7));

  SloSpan span();

  /** Always the last so much time. */
  record Rolling(SloSpan span) implements SloInterval {
    @Override
    public String toString() {
      return "rolling " + span;
    }
  }

  /**
   * One fixed stretch after the other; the budget is whole again with each.
   *
   * @param from when the first begins, in whole seconds
   */
  record Calendar(Instant from, SloSpan span) implements SloInterval {
    public Calendar {
      from = from.truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public String toString() {
      return "calendar " + span + " from " + from;
    }
  }

  /** For comparison and arithmetic: a month counts as 30 days. */
  default Duration length() {
    return span().length();
  }
}
