package slipway.audit;

import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;
import slipway.delivery.DeliveryFigures;

/** How services are delivered, and what runs of them. */
interface Deliveries {
  /** The key figures; none before the first rollout. */
  Optional<DeliveryFigures> of(ServiceName service);

  /** The images that were last found healthy, by container. */
  Map<String, String> images(ServiceName service);
}
