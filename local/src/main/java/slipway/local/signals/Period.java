package slipway.local.signals;

/**
 * What was measured of one operation in one period: requests, how many of them were faults (5xx or
 * a span error) and errors (4xx), and their latencies. Not thread-safe.
 */
final class Period {
  private final Latencies latencies = new Latencies();
  private long faults;
  private long errors;

  void add(Request request) {
    latencies.add(request.millis());
    switch (request.outcome()) {
      case FAULT -> faults++;
      case ERROR -> errors++;
      case OK -> {}
    }
  }

  void addAll(Period other) {
    latencies.addAll(other.latencies);
    faults += other.faults;
    errors += other.errors;
  }

  long requests() {
    return latencies.count();
  }

  long faults() {
    return faults;
  }

  long errors() {
    return errors;
  }

  Latencies latencies() {
    return latencies;
  }

  /** Percent of requests without a fault; 4xx count as success. */
  double availability() {
    return (1 - (double) faults / requests()) * 100;
  }
}
