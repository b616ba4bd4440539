package slipway.local.signals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import slipway.local.cloud.Pace;

/**
 * Application Signals' metrics (latency, faults, errors) per service and operation, in memory, in
 * minutes of AWS: at pace 10 such a minute lasts 6 s. A week of minutes is kept. Thread-safe.
 */
public final class Measurements {
  /** Source: CloudWatch agent, which folds further operations of a service into one. */
  private static final int OPERATIONS = 500;

  private static final String OTHER_OPERATIONS = "AllOtherOperations";
  private static final int SERVICES = 100;
  private static final int MINUTES = 7 * 24 * 60;

  private final Pace pace;
  private final Duration minute;
  private final Map<ServiceKey, Map<String, TreeMap<Long, Period>>> services = new TreeMap<>(ORDER);

  private static final java.util.Comparator<ServiceKey> ORDER =
      java.util.Comparator.comparing(ServiceKey::name).thenComparing(ServiceKey::environment);

  /**
   * @param pace how much faster than at AWS a minute passes
   */
  public Measurements(Pace pace) {
    this.pace = pace;
    this.minute = pace.of(Duration.ofMinutes(1));
  }

  synchronized void add(Request request) {
    var operations = services.get(request.service());
    if (operations == null) {
      // A stream of invented service names must not fill the memory.
      if (services.size() >= SERVICES) return;
      services.put(request.service(), operations = new TreeMap<>());
    }
    var name = request.operation();
    if (!operations.containsKey(name) && operations.size() >= OPERATIONS) name = OTHER_OPERATIONS;
    var minutes = operations.computeIfAbsent(name, _ -> new TreeMap<>());
    minutes.computeIfAbsent(index(request.end()), _ -> new Period()).add(request);
    if (minutes.size() > MINUTES) minutes.pollFirstEntry();
  }

  /** How long a duration of AWS lasts here. */
  Duration paced(Duration atAws) {
    return pace.of(atAws);
  }

  /** Services with a request between the two times, both inclusive by their minute. */
  synchronized List<ServiceKey> services(Instant from, Instant to) {
    return services.keySet().stream()
        .filter(service -> !operations(service, from, to).isEmpty())
        .toList();
  }

  /** Operations of the service with a request between the two times; empty if it is unknown. */
  synchronized List<String> operations(ServiceKey service, Instant from, Instant to) {
    return services.getOrDefault(service, Map.of()).entrySet().stream()
        .filter(entry -> !entry.getValue().subMap(index(from), true, index(to), true).isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether the operation ever reported. */
  synchronized boolean reported(ServiceKey service, String operation) {
    return services.getOrDefault(service, Map.of()).containsKey(operation);
  }

  /**
   * The periods with requests, oldest first: from the one that contains {@code from}, as far as
   * they ended at {@code to}.
   *
   * @param minutes length of a period in minutes of AWS
   */
  synchronized List<Period> periods(
      ServiceKey service, String operation, int minutes, Instant from, Instant to) {
    var measured = services.getOrDefault(service, Map.of()).get(operation);
    if (measured == null) return List.of();
    var first = Math.floorDiv(index(from), minutes) * minutes;
    var end = Math.floorDiv(index(to), minutes) * minutes;
    if (first >= end) return List.of();
    var periods = new TreeMap<Long, Period>();
    measured
        .subMap(first, true, end, false)
        .forEach(
            (index, minute) ->
                periods
                    .computeIfAbsent(Math.floorDiv(index, minutes), _ -> new Period())
                    .addAll(minute));
    return new ArrayList<>(periods.values());
  }

  private long index(Instant time) {
    return Math.floorDiv(
        Math.multiplyExact(time.toEpochMilli(), 1_000L), Math.max(1, minute.toNanos() / 1_000));
  }
}
