package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.slo.Samples.DICE;
import static slipway.slo.Samples.available;
import static slipway.slo.Samples.config;
import static slipway.slo.Samples.fast;
import static slipway.slo.Samples.objective;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import slipway.config.Config;
import slipway.config.ServiceName;
import slipway.config.Slo;
import slipway.slo.SloSync.Outcome;

class SloSyncTest {
  private final World world = new World();

  private Outcome sync(Config config) {
    return new SloSync(config, world, world).sync(DICE);
  }

  @Test
  void nothingIsDoneForAServiceThatIsNotConfigured() {
    var other = new ServiceName("other");
    assertThat(new SloSync(config(available("a1", 99.9)), world, world).sync(other))
        .isEqualTo(new Outcome.Unknown(other));
    assertThat(world.calls).isEmpty();
  }

  @Test
  void beforeDiscoveryNothingIsTouched() {
    world.discovered.clear();
    assertThat(sync(config(available("a1", 99.9))))
        .isEqualTo(new Outcome.NotReady(new Readiness.NotDiscovered(Samples.SUBJECT, List.of())));
    assertThat(world.calls).isEmpty();
  }

  @Test
  void oneUnseenOperationDoesNotHoldUpTheOthers() {
    var unseen = new Slo("b2", "POST /roll", new Slo.Indicator.Availability(), 99, 7, 50);
    assertThat(sync(config(available("a1", 99.9), unseen)))
        .isEqualTo(
            new Outcome.NotReady(
                new Readiness.OperationMissing(
                    Samples.SUBJECT, Set.of("POST /roll"), Set.of("GET /rolldice"))));
    assertThat(world.calls).containsExactly("create a1");
  }

  @Test
  void withoutAnyDeclaredSloTheOldOnesGoEvenIfTheServiceIsNotSeenAnyMore() {
    sync(config(available("a1", 99.9)));
    world.discovered.clear();
    assertThat(sync(config())).isInstanceOf(Outcome.Done.class);
    assertThat(world.slos).isEmpty();
  }

  @Test
  void aNameTakenByAnEarlierTryIsComparedAndUpdated() {
    sync(config(fast("f1", "p99", 500)));
    world.unlisted.add("f1");
    world.calls.clear();
    assertThat(sync(config(fast("f1", "p99", 300)))).isInstanceOf(Outcome.Done.class);
    assertThat(world.calls).containsExactly("update f1");
  }

  @Test
  void aNameTakenBySomebodyElseIsToldAndTheirSloStays() {
    world.put(objective(available("a1", 95)), Optional.empty());
    assertThatThrownBy(() -> sync(config(available("a1", 99.9), fast("f1", "p99", 300))))
        .hasMessage(
            "SLO 'a1' of service dice could not be changed: the name belongs to arn:a1, which is"
                + " not made by Slipway: give it another name in slipway.yaml, or delete that one");
    assertThat(world.calls).containsExactly("create f1");
  }
}
