package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.slo.Samples.ROLL;
import static slipway.slo.Samples.available;
import static slipway.slo.Samples.existing;
import static slipway.slo.Samples.fast;
import static slipway.slo.Samples.objective;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import slipway.config.Slo;
import slipway.config.SloBound;
import slipway.config.SloInterval;
import slipway.config.SloSpan;
import slipway.config.Slos;
import slipway.slo.SloPlan.Change;

class SloPlanTest {

  private static SloPlan plan(List<Slo> declared, List<Existing> existing) {
    return SloPlan.of(
        declared.stream().map(Samples::objective).toList(), existing, _ -> true, Slos.NOW);
  }

  @Test
  void whatIsAsDeclaredIsLeftAlone() {
    var plan = plan(List.of(available("a1", 99.9)), List.of(existing(available("a1", 99.9))));
    assertThat(plan.isEmpty()).isTrue();
    assertThat(plan).hasToString("no changes");
  }

  @Test
  void whatIsNotThereIsCreated() {
    var objective = objective(available("a1", 99.9));
    assertThat(plan(List.of(available("a1", 99.9)), List.of()).changes())
        .containsExactly(new Change.Create(objective));
  }

  @Test
  void whatIsNotDeclaredAnyMoreIsDeleted() {
    var gone = existing(available("a1", 99.9));
    assertThat(plan(List.of(), List.of(gone)).changes()).containsExactly(new Change.Delete(gone));
  }

  @Test
  void aChangedThresholdIsAnUpdate() {
    var plan = plan(List.of(fast("f1", "p99", 300)), List.of(existing(fast("f1", "p99", 500))));
    assertThat(plan)
        .hasToString(
            """
            ~ f1
                threshold: 500 -> 300\
            """);
  }

  @Test
  void anotherMetricUnderTheSameNameIsAReplacement() {
    var plan = plan(List.of(fast("f1", "p99", 300)), List.of(existing(available("f1", 99))));
    assertThat(plan)
        .hasToString(
            """
            -/+ f1
                metric: availability -> latency\
            """);
  }

  @Test
  void anotherOperationIsAReplacement() {
    var other = new Slo("a1", "GET /other", new Slo.Indicator.Availability(), 99.9, 7, 50);
    assertThat(plan(List.of(available("a1", 99.9)), List.of(existing(other))).changes())
        .singleElement()
        .isInstanceOf(Change.Replace.class);
  }

  @Test
  void anotherEnvironmentIsAReplacement() {
    var moved =
        new KeyAttributes(Map.of("Type", "Service", "Name", "dice", "Environment", "staging"));
    var there =
        new Existing(
            "arn:a1", Optional.of(Samples.OWNER), Objective.declared(available("a1", 99.9), moved));
    assertThat(plan(List.of(available("a1", 99.9)), List.of(there)))
        .hasToString(
            """
            -/+ a1
                service: dice in staging -> dice in production\
            """);
  }

  @Test
  void deletionsComeFirstBecauseTheQuotaMayBeUsedUp() {
    var plan =
        plan(
            List.of(available("a1", 99.9), fast("f1", "p99", 300), fast("m1", "p50", 20)),
            List.of(
                existing(available("z9", 99)),
                existing(fast("f1", "p99", 500)),
                existing(available("m1", 99))));
    assertThat(plan.changes().stream().map(change -> change.getClass().getSimpleName()))
        .containsExactly("Delete", "Replace", "Update", "Create");
  }

  @Test
  void anSloOnAnOperationThatWasNotSeenWaits() {
    var slo = objective(available("a1", 99.9));
    var plan = SloPlan.of(List.of(slo), List.of(), _ -> false, Slos.NOW);
    assertThat(plan.changes()).isEmpty();
    assertThat(plan.waiting()).containsExactly(slo);
  }

  @Test
  void anExistingSloIsKeptWhileItsOperationHasNoTraffic() {
    var plan =
        SloPlan.of(
            List.of(objective(available("a1", 99.9))),
            List.of(existing(available("a1", 99.9))),
            _ -> false,
            Slos.NOW);
    assertThat(plan.isEmpty()).isTrue();
  }

  @Test
  void theOldSloMeasuresUntilItsReplacementCanBeMade() {
    var plan =
        SloPlan.of(
            List.of(objective(fast("f1", "p99", 300))),
            List.of(existing(available("f1", 99))),
            _ -> false,
            Slos.NOW);
    assertThat(plan.changes()).isEmpty();
    assertThat(plan.waiting()).hasSize(1);
  }

  @Test
  void spellingAndUnitsMakeNoDifference() {
    var declared = objective(fast("f1", "p99", 300));
    var read =
        new Objective(
            "f1",
            Optional.empty(),
            new KeyAttributes(
                Map.of(
                    "Type", "Service",
                    "Name", "dice",
                    "Environment", "production",
                    "AwsAccountId", "123456789012")),
            new Indicator.OfService(
                Indicator.Standard.LATENCY,
                false,
                Optional.of(ROLL),
                Optional.empty(),
                Optional.of("P99.0"),
                new TreeSet<>(Set.of(60)),
                Optional.of(new SloBound(SloBound.Comparison.AT_MOST, 300.0000000001))),
            new SloInterval.Rolling(new SloSpan(168, SloSpan.Unit.HOUR)),
            99.0,
            50.0,
            Optional.of(new TreeSet<>(Set.of(4320, 360, 60, 30, 5))),
            Optional.empty(),
            Optional.empty());
    assertThat(declared.differences(read)).isEmpty();
  }

  @Test
  void burnRateWindowsAreShorterThanTheInterval() {
    var daily = new Slo("a1", ROLL, new Slo.Indicator.Availability(), 99.9, 1, 50);
    assertThat(objective(daily).burnWindows().orElseThrow()).containsExactly(5, 30, 60, 360);
    assertThat(objective(available("a1", 99.9)).burnWindows().orElseThrow())
        .containsExactly(5, 30, 60, 360, 4320);
  }

  @Test
  void aNameDeclaredTwiceIsRefused() {
    assertThatThrownBy(
            () -> plan(List.of(available("a1", 99.9), fast("a1", "p99", 300)), List.of()))
        .hasMessage("SLO 'a1' is declared twice: want a name of its own for each");
  }
}
