package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import slipway.config.ServiceName;
import slipway.delivery.DeliveryFigures;
import slipway.delivery.DeliveryHistory;
import slipway.delivery.PastRollout;

class PastDeliveriesTest {
  private static final ServiceName DICE = new ServiceName("dice");
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration MONTH = Duration.ofDays(30);

  private final List<PastRollout> rollouts = new ArrayList<>();
  private Map<String, String> runs = Map.of();

  private Optional<DeliveryFigures> figures() {
    var history =
        new DeliveryHistory() {
          @Override
          public Delivered of(ServiceName service, Instant since) {
            assertThat(since).isEqualTo(NOW.minus(MONTH));
            return new Delivered(rollouts, Map.of());
          }

          @Override
          public Map<String, String> runs(ServiceName service) {
            return runs;
          }
        };
    return new PastDeliveries(history, Clock.fixed(NOW, ZoneOffset.UTC)).of(DICE);
  }

  @Test
  void beforeTheFirstRolloutThereAreNoFigures() {
    assertThat(figures()).isEmpty();
  }

  @Test
  void whatRunsAndWasNotDeliveredLatelyHasFiguresOfZero() {
    runs = Map.of("app", "app@sha256:1");

    assertThat(figures())
        .contains(new DeliveryFigures(MONTH, 0, 0, Optional.empty(), 0, Optional.empty()));
  }

  @Test
  void theFiguresAreThoseOfThirtyDays() {
    rollouts.add(
        new PastRollout(
            "1",
            true,
            List.of("a"),
            PastRollout.End.HEALTHY,
            NOW.minusSeconds(900),
            Optional.of(NOW.minusSeconds(1200)),
            Optional.of(NOW.minusSeconds(600)),
            Optional.empty()));

    assertThat(figures())
        .contains(
            new DeliveryFigures(
                MONTH, 1, 1, Optional.of(Duration.ofMinutes(10)), 0, Optional.empty()));
  }
}
