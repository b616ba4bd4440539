package slipway.local.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Metrics in memory, in minutes of AWS; what is older than five weeks is forgotten. Thread-safe.
 */
public final class MetricStore {
  /** Every interval of an objective that is a month or shorter fits. */
  private static final int KEPT = 35 * 24 * 60;

  /** A stream of invented dimensions must not fill the memory. */
  private static final int MOST = 50_000;

  private final Minutes minutes;
  private final Map<Metric, NavigableMap<Long, Samples>> stored = new HashMap<>();
  private final Map<String, Computed> computed = new ConcurrentHashMap<>();

  public MetricStore(Minutes minutes) {
    this.minutes = minutes;
  }

  public Minutes minutes() {
    return minutes;
  }

  /** Has the metrics of a namespace worked out. */
  public void compute(String namespace, Computed source) {
    computed.put(namespace, source);
  }

  public synchronized void add(Metric metric, Instant at, double value) {
    place(metric, at).ifPresent(samples -> samples.add(value));
  }

  public synchronized void addAll(Metric metric, Instant at, Samples values) {
    place(metric, at).ifPresent(samples -> samples.addAll(values));
  }

  private Optional<Samples> place(Metric metric, Instant at) {
    var kept = stored.get(metric);
    if (kept == null) {
      if (stored.size() >= MOST) return Optional.empty();
      stored.put(metric, kept = new TreeMap<>());
    }
    var samples = kept.computeIfAbsent(minutes.index(at), _ -> new Samples());
    kept.headMap(kept.lastKey() - KEPT).clear();
    return Optional.of(samples);
  }

  /** Whether the metric ever had a value. */
  public boolean has(Metric metric) {
    var source = computed.get(metric.namespace());
    if (source != null) return source.metrics().contains(metric);
    synchronized (this) {
      return stored.containsKey(metric);
    }
  }

  /** Whether the metric has a value between the two times, both inclusive by their minute. */
  public boolean active(Metric metric, Instant from, Instant to) {
    var source = computed.get(metric.namespace());
    if (source != null) return source.value(metric, minutes.index(to) - 1).isPresent();
    synchronized (this) {
      var kept = stored.get(metric);
      return kept != null
          && !kept.subMap(minutes.index(from), true, minutes.index(to), true).isEmpty();
    }
  }

  /** Every metric that has a value, or had one. */
  public List<Metric> metrics() {
    var all = new ArrayList<Metric>();
    synchronized (this) {
      all.addAll(stored.keySet());
    }
    // Not within our lock: who works it out may be waiting for it.
    computed.values().forEach(source -> all.addAll(source.metrics()));
    all.sort(null);
    return all;
  }

  /**
   * What the metrics together have in each slot that has something, by the slot's number.
   *
   * @param metrics one, or several that are looked at as one
   */
  SortedMap<Integer, Samples> slots(List<Metric> metrics, Grid grid) {
    var slots = new TreeMap<Integer, Samples>();
    for (var metric : metrics) {
      var source = computed.get(metric.namespace());
      if (source == null) addStored(metric, grid, slots);
      else
        for (var minute = grid.from(); minute < grid.to(); minute++) {
          var slot = grid.slot(minute);
          source
              .value(metric, minute)
              .ifPresent(value -> slots.computeIfAbsent(slot, _ -> new Samples()).add(value));
        }
    }
    return slots;
  }

  private synchronized void addStored(Metric metric, Grid grid, Map<Integer, Samples> slots) {
    var kept = stored.get(metric);
    if (kept == null) return;
    kept.subMap(grid.from(), true, grid.to(), false)
        .forEach(
            (minute, samples) ->
                slots.computeIfAbsent(grid.slot(minute), _ -> new Samples()).addAll(samples));
  }
}
