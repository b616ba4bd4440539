package slipway.audit;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;
import slipway.delivery.DeliveryFigures;
import slipway.delivery.DeliveryHistory;

/** How services were delivered in the last 30 days. */
final class PastDeliveries implements Deliveries {
  private static final Duration OVER = Duration.ofDays(30);

  private final DeliveryHistory history;
  private final Clock clock;

  PastDeliveries(DeliveryHistory history, Clock clock) {
    this.history = history;
    this.clock = clock;
  }

  @Override
  public Optional<DeliveryFigures> of(ServiceName service) {
    var now = clock.instant();
    var delivered = history.of(service, now.minus(OVER));
    return delivered.rollouts().isEmpty() && images(service).isEmpty()
        ? Optional.empty()
        : Optional.of(DeliveryFigures.of(delivered, OVER, now));
  }

  @Override
  public Map<String, String> images(ServiceName service) {
    return history.runs(service);
  }
}
