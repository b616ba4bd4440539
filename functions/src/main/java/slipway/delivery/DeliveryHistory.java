package slipway.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import slipway.config.ServiceName;

/** What is known of how services were delivered. */
@FunctionalInterface
public interface DeliveryHistory {
  /**
   * Reads it for a service.
   *
   * @param since rollouts that began before, and orders that were given before, are left out
   */
  Delivered of(ServiceName service, Instant since);

  /**
   * What was delivered.
   *
   * @param rollouts the oldest first
   * @param takenBack ids of rollouts that people went back from, and when; such a rollout may be
   *     older than those that are listed
   * @param runs images of what was last found healthy, by container; empty if nothing was
   */
  record Delivered(
      List<PastRollout> rollouts, Map<String, Instant> takenBack, Map<String, String> runs) {
    public Delivered {
      rollouts = List.copyOf(rollouts);
      takenBack = Map.copyOf(takenBack);
      runs = Map.copyOf(runs);
    }
  }
}
