package slipway.rollout;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import slipway.config.ServiceName;
import slipway.rollout.ServiceState.Change;
import slipway.rollout.ServiceState.Said;
import slipway.rollout.SpentBudgets.Spent;

/** What Slipway remembers. Every write may be repeated. */
interface Ledger {
  /**
   * What reconcile needs to know.
   *
   * @param quarantined the content asked for failed before
   * @param release a first deployment of the stack waits for an answer
   */
  record Reading(
      ServiceState state, Optional<Quarantine> quarantined, Optional<PendingRelease> release) {}

  /**
   * Content that is not tried again.
   *
   * @param rollout in which it failed; empty if ECS would not even begin one
   */
  record Quarantine(String fingerprint, Optional<String> rollout, String reason) {
    /** How a rollout's content comes to it. */
    static Quarantine of(Rollout failed) {
      return new Quarantine(failed.fingerprint(), Optional.of(failed.id()), failed.reason());
    }
  }

  /**
   * A person's or an audit's order about a service, as the history keeps it.
   *
   * @param what such as {@code frozen} or {@code pinned to 20261122T113000.000Z-0c6e85b4}
   * @param takesBack id of the rollout that it goes back from
   */
  record Order(String what, Change change, Optional<String> takesBack) {
    /** One that takes no rollout back. */
    Order(String what, Change change) {
      this(what, change, Optional.empty());
    }
  }

  /** Reads what is remembered of a service, and of a content if one is given, in one call. */
  Reading read(ServiceName service, Optional<String> fingerprint);

  /**
   * Records a rollout that began as the latest. Nothing changes if it is recorded already.
   *
   * @param superseded the one before, which this one ended
   */
  void started(Rollout rollout, Optional<Rollout> superseded);

  /**
   * Records how the latest rollout ended, and again when that is restored; before that, that it is
   * to be taken back. A failed one's content is quarantined with it.
   */
  void ended(Rollout rollout);

  /** Records that ECS does not take a content. */
  void refused(ServiceName service, Quarantine quarantine);

  /** Remembers what people were told about why nothing was rolled out. */
  void said(ServiceName service, Said said);

  /** Remembers which error budgets of a service are spent. */
  void spent(ServiceName service, List<Spent> spent);

  /** The last rollouts of a service, newest first. */
  List<Rollout> history(ServiceName service, int atMost);

  /** The rollout of that id, if the service had it. */
  Optional<Rollout> rollout(ServiceName service, String id);

  /** Fingerprints of all content of a service that failed. */
  Set<String> quarantined(ServiceName service);

  /** Pins a service to a rollout, or takes the pin away, and records the order. */
  void pin(ServiceName service, Optional<Rollout> rollout, Order order);

  /** Freezes a service, or thaws it, and records the order. */
  void freeze(ServiceName service, boolean frozen, Order order);

  /** The last orders for a service, newest first. */
  List<Order> orders(ServiceName service, int atMost);
}
