package slipway.slo;

import java.time.Duration;
import java.time.Instant;

/** The time over which an SLO's goal is to be reached. */
public sealed interface Interval {
  /** The API's own, when an SLO says nothing. */
  Interval DEFAULT = new Rolling(Duration.ofDays(7));

  /** Always the last so much time: seven days and 168 hours are the same. */
  record Rolling(Duration length) implements Interval {
    public Rolling {
      if (length.isNegative() || length.isZero())
        throw new IllegalArgumentException("interval " + length + ": want more than 0");
    }

    /** Whole days, as declared; a part of a day counts as none. */
    int days() {
      return Math.toIntExact(length.toDays());
    }

    @Override
    public String toString() {
      return "rolling "
          + (length.equals(Duration.ofDays(length.toDays()))
              ? length.toDays() + (length.toDays() == 1 ? " day" : " days")
              : length.toMinutes() + " minutes");
    }
  }

  /** Always the last so many months. */
  record RollingMonths(int count) implements Interval {
    @Override
    public String toString() {
      return "rolling " + count + " MONTH";
    }
  }

  /** One fixed stretch after the other. */
  record Calendar(Instant start, int count, String unit) implements Interval {
    @Override
    public String toString() {
      return "calendar " + count + " " + unit + " from " + start;
    }
  }
}
