package slipway.local.signals;

import java.util.Map;

/** A sidecar that runs in a task, until it is closed. */
public interface Sidecar extends AutoCloseable {

  /** Where it listens: port in the container → port on the loopback interface. */
  Map<Integer, Integer> ports();

  @Override
  void close();
}
