package slipway.local.metrics;

/**
 * Slots of equal length, one after the other, that values are asked for.
 *
 * @param from first minute of the first slot
 * @param minutes length of a slot
 * @param slots how many
 */
public record Grid(long from, int minutes, int slots) {
  public Grid {
    if (minutes < 1) throw new IllegalArgumentException("slots of " + minutes + " minutes");
    slots = Math.max(0, slots);
  }

  /** The whole slots between two minutes; the first is the one that contains {@code from}. */
  public static Grid between(long from, long to, int minutes) {
    var first = Math.floorDiv(from, minutes) * minutes;
    var end = Math.floorDiv(to, minutes) * minutes;
    return new Grid(first, minutes, Math.toIntExact((end - first) / minutes));
  }

  /** The first minute after the last slot. */
  public long to() {
    return start(slots);
  }

  public long start(int slot) {
    return from + (long) slot * minutes;
  }

  int slot(long minute) {
    return Math.toIntExact((minute - from) / minutes);
  }
}
