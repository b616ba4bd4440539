package slipway.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import slipway.config.ServiceName;

/** What is known of how services were delivered. */
public interface DeliveryHistory {
  /**
   * What was delivered of a service.
   *
   * @param since rollouts that began before, and orders that were given before, are left out
   */
  Delivered of(ServiceName service, Instant since);

  /** The images that were last found healthy, by container; empty if none were. */
  Map<String, String> runs(ServiceName service);

  /**
   * Rollouts, and which of them did not last.
   *
   * @param rollouts the oldest first
   * @param takenBack ids of rollouts that people went back from, and when; such a rollout may be
   *     older than those that are listed
   */
  record Delivered(List<PastRollout> rollouts, Map<String, Instant> takenBack) {
    public Delivered {
      rollouts = List.copyOf(rollouts);
      takenBack = Map.copyOf(takenBack);
    }
  }
}
