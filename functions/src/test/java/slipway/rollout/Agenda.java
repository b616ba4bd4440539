package slipway.rollout;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.PriorityQueue;

/**
 * Virtual time. Everything that will happen is entered here, and happens one thing after the other;
 * what is due at the same moment happens in the order in which it was entered. Time passes only by
 * this, so that hours take no longer than what happens in them.
 */
final class Agenda {
  private record Entry(Instant at, long number, Runnable what) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return at.equals(other.at) ? Long.compare(number, other.number) : at.compareTo(other.at);
    }
  }

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long entered;

  Instant now() {
    return now;
  }

  /** Enters what shall happen in a while. */
  void in(Duration delay, Runnable what) {
    entries.add(new Entry(now.plus(delay), entered++, what));
  }

  /** Lets the next thing happen if it is due by then; false if nothing is. */
  boolean next(Instant by) {
    var next = entries.peek();
    if (next == null || next.at().isAfter(by)) return false;
    entries.remove();
    now = next.at();
    next.what().run();
    return true;
  }

  /** Lets time pass to that moment, before which nothing is due any more. */
  void reach(Instant moment) {
    now = moment;
  }

  /** Lets time pass if nothing else happens in it; false if something would. */
  boolean idles(Duration time) {
    var then = now.plus(time);
    var next = entries.peek();
    if (next != null && !next.at().isAfter(then)) return false;
    now = then;
    return true;
  }

  /** Whether nothing will ever happen again. */
  boolean empty() {
    return entries.isEmpty();
  }

  /** This time, for those who ask a clock. */
  Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }
}
