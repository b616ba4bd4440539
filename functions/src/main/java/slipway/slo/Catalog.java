package slipway.slo;

import java.util.Set;
import java.util.stream.Stream;

/** What telemetry has told Application Signals in the last day. */
public interface Catalog {
  /** The services, read page by page as the stream is consumed. */
  Stream<KeyAttributes> services();

  /** Names of the operations of a service that were called. */
  Set<String> operations(KeyAttributes service);
}
