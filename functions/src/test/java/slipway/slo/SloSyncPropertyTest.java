package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.slo.Samples.DICE;
import static slipway.slo.Samples.SUBJECT;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import slipway.config.Slo;
import slipway.config.Slo.Indicator.Availability;
import slipway.config.Slo.Indicator.Latency;

class SloSyncPropertyTest {

  @Property(tries = 300)
  void anySequenceOfEditsEndsInTheDeclaredState(
      @ForAll("edits") List<List<Slo>> edits, @ForAll boolean listsLate) {
    var world = new World();
    world.operations.add("GET /other");
    for (var declared : edits) {
      var sync = new SloSync(Samples.config(declared), world, world);
      sync.sync(DICE);
      if (listsLate) world.slos.keySet().stream().limit(1).forEach(world.unlisted::add);

      world.calls.clear();
      assertThat(sync.sync(DICE)).isInstanceOf(SloSync.Outcome.Done.class);
      world.unlisted.clear();

      assertThat(world.calls).as("second sync").isEmpty();
      assertThat(world.slos.keySet())
          .containsExactlyInAnyOrderElementsOf(declared.stream().map(Slo::name).toList());
      for (var slo : declared)
        assertThat(
                Objective.declared(slo, SUBJECT)
                    .differences(world.slos.get(slo.name()).objective()))
            .isEmpty();
    }
  }

  @Provide
  Arbitrary<List<List<Slo>>> edits() {
    var indicators =
        Arbitraries.oneOf(
            Arbitraries.just(new Availability()),
            Combinators.combine(
                    Arbitraries.of("p50", "p99", "p99.9", "Average", "tm95"),
                    Arbitraries.integers().between(1, 5000))
                .as((statistic, ms) -> new Latency(statistic, Duration.ofMillis(ms))));
    var slos =
        Combinators.combine(
                Arbitraries.of("a1", "b2", "c3", "dice GET rolldice availability"),
                Arbitraries.of("GET /rolldice", "GET /other"),
                indicators,
                Arbitraries.doubles().between(50, 99.99).ofScale(2),
                Arbitraries.integers().between(1, 30),
                Arbitraries.integers().between(1, 99))
            .as(
                (name, operation, indicator, goal, days, warning) ->
                    new Slo(name, operation, indicator, goal, days, warning));
    return slos.list().uniqueElements(Slo::name).ofMaxSize(4).list().ofMinSize(1).ofMaxSize(5);
  }
}
