package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.slo.Samples.DICE;
import static slipway.slo.Samples.available;
import static slipway.slo.Samples.config;
import static slipway.slo.Samples.fast;
import static slipway.slo.Samples.objective;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import slipway.config.Config;
import slipway.config.ServiceName;
import slipway.config.Slo;
import slipway.config.SloExclusion;
import slipway.config.SloSpan;
import slipway.slo.SloSync.Outcome;

class SloSyncTest {
  private final World world = new World();

  private Outcome sync(Config config) {
    return new SloSync(config, world, world, Samples.CLOCK).sync(DICE);
  }

  @Test
  void ofAServiceThatIsNotConfiguredAnyMoreOnlyItsOwnSlosGo() {
    sync(config(available("a1", 99.9)));
    world.put(objective(available("b2", 99)), new Ownership("slipway", new ServiceName("other")));
    world.put(objective(available("c3", 99)), new Ownership("harbor", new ServiceName("dice")));
    world.put(objective(available("d4", 99)));
    world.done.clear();
    var without = config(List.of(), "cards");
    assertThat(new SloSync(without, world, world, Samples.CLOCK).sync(DICE))
        .isInstanceOfSatisfying(
            Outcome.Removed.class,
            removed -> assertThat(removed.plan().toString()).startsWith("- a1: GET /rolldice of"));
    assertThat(world.done).containsExactly("delete a1");
  }

  @Test
  void beforeDiscoveryNothingIsTouched() {
    world.discovered.clear();
    assertThat(sync(config(available("a1", 99.9))))
        .isEqualTo(new Outcome.NotReady(new Readiness.NotDiscovered(Samples.SUBJECT, List.of())));
    assertThat(world.done).isEmpty();
  }

  @Test
  void oneUnseenOperationDoesNotHoldUpTheOthers() {
    var unseen = new Slo("b2", "POST /roll", new Slo.Indicator.Availability(), 99, 7, 50);
    assertThat(sync(config(available("a1", 99.9), unseen)))
        .isEqualTo(
            new Outcome.NotReady(
                new Readiness.Unseen(
                    Samples.SUBJECT,
                    Set.of("POST /roll"),
                    Set.of("GET /rolldice"),
                    Set.of(),
                    Set.of())));
    assertThat(world.done).containsExactly("create a1");
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
    world.done.clear();
    assertThat(sync(config(fast("f1", "p99", 300)))).isInstanceOf(Outcome.Done.class);
    assertThat(world.done).containsExactly("update f1");
  }

  @Test
  void aNameTakenBySomebodyElseIsToldAndTheirSloStays() {
    world.put(objective(available("a1", 95)));
    assertThatThrownBy(() -> sync(config(available("a1", 99.9), fast("f1", "p99", 300))))
        .hasMessage(
            "SLO 'a1' of service dice could not be changed: the name belongs to"
                + " arn:aws:application-signals:ap-northeast-1:123456789012:slo/a1, which is not"
                + " made by Slipway: give it another name in slipway.yaml, or delete that one");
    assertThat(world.done).containsExactly("create f1");
  }

  @Test
  void aNameThatAnotherServiceGaveUpIsTakenOver() {
    world.put(objective(available("a1", 95)), new Ownership("slipway", new ServiceName("cards")));
    assertThat(sync(config(available("a1", 99.9)))).isInstanceOf(Outcome.Done.class);
    assertThat(world.done).containsExactly("delete a1", "create a1");
  }

  @Test
  void whatIsOfCloudWatchWaitsForNobody() {
    world.discovered.clear();
    var canary =
        Samples.metric("canary", Map.of("CanaryName", "slipway-dice"), "SuccessPercent", ">= 90");
    assertThat(sync(config(canary))).isInstanceOf(Outcome.Done.class);
    assertThat(sync(config(canary, available("a1", 99.9)))).isInstanceOf(Outcome.NotReady.class);
    assertThat(world.done).containsExactly("create canary");
  }

  @Test
  void aSyncThatMakesNothingNewDoesNotReadTheCatalog() {
    sync(config(available("a1", 99.9), fast("f1", "p99", 300)));
    assertThat(world.looks).isEqualTo(1);
    sync(config(available("a1", 99.5)));
    assertThat(world.done).containsExactly("create a1", "create f1", "delete f1", "update a1");
    assertThat(world.looks).isEqualTo(1);
  }

  @Test
  void onlyWhatHangsOnAnSloIsChangedIfOnlyThatDiffers() {
    sync(config(available("a1", 99.9)));
    world.done.clear();
    var sunday =
        new SloExclusion(
            Optional.empty(),
            new SloSpan(2, SloSpan.Unit.HOUR),
            Optional.of("cron(0 2 ? * SUN *)"),
            Optional.empty());
    var changed = Samples.with(available("a1", 99.9), Map.of("team", "dice"), List.of(sunday));
    assertThat(sync(config(changed)))
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            done ->
                assertThat(done.plan())
                    .hasToString(
                        """
                        ~ a1
                            tags: {} -> {team=dice}
                            exclusions: none -> 2 hours cron(0 2 ? * SUN *)\
                        """));
    assertThat(world.done).containsExactly("tag a1", "exclude a1");
    world.done.clear();
    sync(config(changed));
    assertThat(world.done).isEmpty();
  }
}
