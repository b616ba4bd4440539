package slipway.local.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import slipway.json.Json;

class EventBusTest {
  private final EventBus bus = new EventBus();
  private final List<String> heard = new ArrayList<>();

  EventBusTest() {
    bus.listen(envelope -> heard.add(source(Json.parse(envelope))));
  }

  @Test
  void aLostEventComesNowhereUntilTheLossIsOver() {
    try (var loss = bus.lose(from("aws.ecr"))) {
      assertThat(loss.first()).isNotDone();
      put("aws.ecr");
      put("aws.ecs");
      assertThat(loss.first()).isCompletedWithValueMatching(from("aws.ecr"));
      assertThat(loss.events()).hasSize(1);
    }
    put("aws.ecr");

    assertThat(heard).containsExactly("aws.ecs", "aws.ecr");
    assertThat(bus.events()).hasSize(2);
  }

  @Test
  void aRepeatedEventComesTwiceWithTheSameIdUntilTheRepetitionIsOver() {
    try (var _ = bus.repeat(from("aws.ecr"))) {
      put("aws.ecr");
      put("aws.ecs");
    }
    put("aws.ecr");

    assertThat(heard).containsExactly("aws.ecr", "aws.ecr", "aws.ecs", "aws.ecr");
    assertThat(bus.events().get(0)).isEqualTo(bus.events().get(1));
  }

  private void put(String source) {
    bus.put(source, "Something", List.of(), Map.of());
  }

  private static Predicate<Json> from(String source) {
    return event -> source(event).equals(source);
  }

  private static String source(Json event) {
    return event.at("source").text();
  }
}
