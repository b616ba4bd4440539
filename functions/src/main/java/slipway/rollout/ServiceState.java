package slipway.rollout;

import java.util.Map;
import java.util.Optional;

/**
 * What Slipway remembers of a service. AWS stays the source of truth: with nothing remembered,
 * reconcile still finds its way.
 *
 * @param running the rollout that was last found healthy
 * @param latest the rollout that was last started
 * @param pinned what shall run whatever is behind the deploy tag
 * @param frozen nothing shall be rolled out
 * @param said what people were last told about why nothing was rolled out, so that they are told
 *     once
 */
record ServiceState(
    Optional<Ran> running,
    Optional<Ran> latest,
    Optional<Pin> pinned,
    Optional<Freeze> frozen,
    Optional<String> said) {
  static final ServiceState EMPTY =
      new ServiceState(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * A rollout as far as later ones need it.
   *
   * @param rollout its id
   * @param images by container
   */
  record Ran(
      String rollout,
      String fingerprint,
      String taskDefinition,
      String commit,
      Map<String, String> images) {
    public Ran {
      images = Map.copyOf(images);
    }
  }

  /** A rollout that shall run until the pin is taken away. */
  record Pin(String rollout, String fingerprint, String taskDefinition, String commit, String by) {}

  /** Why nothing shall be rolled out, and who said so. */
  record Freeze(String reason, String by) {}

  /** The revision of that ARN, if it is remembered. */
  Optional<Revision> revision(String arn) {
    return latest
        .filter(ran -> ran.taskDefinition().equals(arn))
        .or(() -> running.filter(ran -> ran.taskDefinition().equals(arn)))
        .map(
            ran ->
                new Revision(
                    arn,
                    Optional.of(ran.fingerprint()),
                    Optional.of(ran.commit()).filter(commit -> !commit.isEmpty()),
                    ran.images()));
  }

  /** Whether the latest rollout was not found healthy yet. */
  boolean unsettled() {
    return latest
        .filter(last -> running.map(Ran::rollout).filter(last.rollout()::equals).isEmpty())
        .isPresent();
  }
}
