package slipway.local.signals;

import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import slipway.local.metrics.Minutes;

/** The minutes of a time that exclusion windows take out. */
final class Exclusions {
  /** First minute to the minute after the last, of each stretch; they may overlap. */
  private final NavigableMap<Long, Long> stretches = new TreeMap<>();

  Exclusions(List<ExclusionWindow> windows, Minutes minutes, Instant from, Instant to) {
    for (var window : windows) {
      var length = minutes.paced(window.length());
      var starts =
          window
              .recurrence()
              .map(again -> again.starts(window.start(), from.minus(length), to, minutes))
              .orElseGet(() -> List.of(window.start()));
      for (var start : starts) {
        var end = minutes.index(start.plus(length));
        stretches.merge(minutes.index(start), end, Math::max);
      }
    }
  }

  /** Whether a period that begins with the minute is out. */
  boolean covers(long minute) {
    return stretches.headMap(minute, true).values().stream().anyMatch(end -> end > minute);
  }
}
