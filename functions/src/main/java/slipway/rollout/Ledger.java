package slipway.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import slipway.config.ServiceName;

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

  /** Content that failed and is not tried again. */
  record Quarantine(String fingerprint, String rollout, String reason) {}

  /** Reads what is remembered of a service, and of a content if one is given, in one call. */
  Reading read(ServiceName service, Optional<String> fingerprint);

  /**
   * Records a rollout that began, so that its deployment's events find it; the one before that did
   * not end is superseded. Nothing changes if the deployment has its rollout already.
   */
  void started(Rollout rollout, Optional<String> before);

  /** The rollout that a deployment belongs to, if it is recorded. */
  Optional<Rollout> ofDeployment(String deploymentId);

  /** Records that a rollout is what runs, unless a newer one does. */
  void healthy(Rollout rollout, Instant now);

  /** Records that a rollout failed, and quarantines its content. */
  void failed(Rollout rollout, String reason, Instant now);

  /** Records that everyone was told how a rollout ended. */
  void told(Rollout rollout);

  /** Remembers what people were told about why nothing was rolled out. */
  void said(ServiceName service, String text);

  /** The last rollouts of a service, newest first. */
  List<Rollout> history(ServiceName service, int atMost);
}
