package slipway.rollout;

import java.util.List;
import slipway.config.ServiceName;
import slipway.rollout.ServiceState.Change;

/** What a person on call asks for. */
sealed interface Command {

  /** How services are. */
  record Status(List<ServiceName> services) implements Command {
    public Status {
      services = List.copyOf(services);
    }
  }

  /** The last rollouts of a service, and the last directives. */
  record History(ServiceName service, int atMost) implements Command {}

  /**
   * Looks at a service now.
   *
   * @param asks who and why, such as {@code by ann: lost an event}
   */
  record Reconcile(ServiceName service, String asks) implements Command {}

  /** Changes what reconcile respects. */
  sealed interface Directive extends Command {
    ServiceName service();

    /** Who asks for it, why and when. */
    Change change();
  }

  /** One rollout's content shall run, whatever is pushed. */
  record Pin(ServiceName service, String rollout, Change change) implements Directive {}

  /** The content that was healthy before shall run, whatever is pushed. */
  record Rollback(ServiceName service, Change change) implements Directive {}

  /** What is pushed shall run again. */
  record Unpin(ServiceName service, Change change) implements Directive {}

  /** Nothing that is pushed shall be rolled out. */
  record Freeze(ServiceName service, Change change) implements Directive {}

  /** What is pushed shall be rolled out again. */
  record Unfreeze(ServiceName service, Change change) implements Directive {}
}
