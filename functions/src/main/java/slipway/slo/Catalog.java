package slipway.slo;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import slipway.config.SloDependency;

/** What telemetry has told Application Signals in the last day. */
public interface Catalog {
  /** The services, read page by page as the stream is consumed. */
  Stream<KeyAttributes> services();

  /** Names of the operations of a service that were called. */
  Set<String> operations(KeyAttributes service);

  /** What a service has called. */
  Set<Call> calls(KeyAttributes service);

  /**
   * That a service has called another.
   *
   * @param operation of the service, in which it did so
   */
  record Call(String operation, SloDependency to) {
    /** Whether it is a call of that kind; of any operation, if none is named. */
    boolean is(Optional<String> operation, SloDependency to) {
      return operation.orElse(this.operation).equals(this.operation)
          && to.operation().equals(this.to.operation())
          && KeyAttributes.of(to).sameService(KeyAttributes.of(this.to));
    }
  }
}
