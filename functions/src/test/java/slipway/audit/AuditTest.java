package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static slipway.audit.Samples.available;
import static slipway.audit.Samples.config;
import static slipway.audit.Samples.fast;
import static slipway.audit.Samples.objective;
import static slipway.audit.Samples.owned;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.audit.AuditReport.Entry;
import slipway.audit.AuditReport.Known;
import slipway.config.Config;
import slipway.slo.Objective;

class AuditTest {
  private static final Instant YESTERDAY = Instant.parse("2026-08-03T01:00:00Z");
  private static final Instant NOW = Instant.parse("2026-08-04T01:00:00Z");

  static Budget budget(String name, Status status) {
    return new Budget(
        owned(name),
        status,
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static AuditReport report(Config config, List<Budget> budgets) {
    return Audit.report(config, "scheduled", NOW, reading(budgets), Before.NOTHING);
  }

  private static Reading reading(List<Budget> budgets) {
    return new Reading(
        List.of(),
        budgets,
        Map.of(),
        Map.of(),
        Set.of("dice"),
        Map.of(),
        Set.of(),
        Map.of(),
        Map.of());
  }

  private static Before known(Map<String, Known> known) {
    return new Before(Optional.of(YESTERDAY), known, Map.of(), List.of(), Set.of());
  }

  /**
   * {@code before} and {@code known} of {@code -} are none, {@code told} of {@code -} is nothing.
   */
  @ParameterizedTest
  @CsvSource({
    "-,         OK,        OK,        -",
    "-,         NO_DATA,   -,         -",
    "-,         WARNING,   WARNING,   new -> warning",
    "-,         EXHAUSTED, EXHAUSTED, new -> exhausted",
    "OK,        OK,        OK,        -",
    "OK,        WARNING,   WARNING,   ok -> warning",
    "OK,        EXHAUSTED, EXHAUSTED, ok -> exhausted",
    "OK,        NO_DATA,   OK,        -",
    "WARNING,   WARNING,   WARNING,   -",
    "WARNING,   EXHAUSTED, EXHAUSTED, warning -> exhausted",
    "WARNING,   OK,        OK,        warning -> recovered",
    "EXHAUSTED, EXHAUSTED, EXHAUSTED, -",
    "EXHAUSTED, WARNING,   WARNING,   exhausted -> warning",
    "EXHAUSTED, OK,        OK,        exhausted -> recovered",
    "EXHAUSTED, NO_DATA,   EXHAUSTED, -",
  })
  void onlyAChangeOfStateIsTold(String before, Status now, String known, String told) {
    Map<String, Known> last =
        before.equals("-") ? Map.of() : Map.of("a1", new Known(Status.valueOf(before), YESTERDAY));
    var report =
        Audit.report(
            config(available("a1", 99.9)),
            "scheduled",
            NOW,
            reading(List.of(budget("a1", now))),
            known(last));
    var since = before.equals(known) ? YESTERDAY : NOW;
    assertThat(report.slos())
        .containsExactly(
            new Entry(
                budget("a1", now),
                known.equals("-")
                    ? Optional.empty()
                    : Optional.of(new Known(Status.valueOf(known), since)),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty()));
    assertThat(report.changes().stream().map(Object::toString).toList())
        .isEqualTo(told.equals("-") ? List.of() : List.of(told));
  }

  @Test
  void aGapInTheDataIsNoNews() {
    var first = Map.of("a1", new Known(Status.EXHAUSTED, YESTERDAY));
    var gap =
        Audit.report(
            config(available("a1", 99.9)),
            "scheduled",
            NOW,
            reading(List.of(budget("a1", Status.NO_DATA))),
            known(first));
    assertThat(AuditJson.before(AuditJson.write(gap)).known()).isEqualTo(first);
  }

  @Test
  void whatIsDeclaredButDoesNotExistIsMissing() {
    assertThat(report(config(available("a1", 99.9)), List.of()).drift())
        .containsExactly(new Drift.Missing("dice", "a1"));
  }

  @Test
  void whatExistsButIsNotDeclaredIsNamed() {
    assertThat(report(config(), List.of(budget("a1", Status.OK))).drift())
        .containsExactly(new Drift.Undeclared("dice", "a1"));
  }

  @Test
  void whatSomebodyChangedByHandDiffers() {
    var found =
        new Budget(
            owned("f1"),
            Status.OK,
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.of(objective(fast("f1", "p99", 500))),
            Optional.empty());
    assertThat(report(config(fast("f1", "p99", 300)), List.of(found)).drift())
        .containsExactly(
            new Drift.Differs(
                "dice", "f1", List.of(new Objective.Difference("threshold", "300", "500", false))));
  }

  @Test
  void anSloThatMovedToAnotherServiceIsMissingHereAndUndeclaredThere() {
    var moved =
        new Budget(
            new Owned("arn:a1", "a1", "web"),
            Status.OK,
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(report(config(available("a1", 99.9)), List.of(moved)).drift())
        .containsExactly(new Drift.Missing("dice", "a1"), new Drift.Undeclared("web", "a1"));
  }

  /** A budget of a thousandth of a week, 604.8 s. */
  private static Budget left(double percent) {
    return new Budget(
        owned("a1"),
        percent > 0 ? Status.OK : Status.EXHAUSTED,
        OptionalDouble.of(99.95),
        Optional.of(new Budget.Left("seconds", 604.8, 6.048 * percent)),
        Optional.of(objective(available("a1", 99.9))),
        Optional.empty());
  }

  private static Entry entry(Budget budget, List<Burn> burn, Before before) {
    var read =
        new Reading(
            List.of(),
            List.of(budget),
            burn.isEmpty() ? Map.of() : Map.of("a1", burn),
            Map.of("a1", List.of("slipway-a1-fast")),
            Set.of(),
            Map.of(),
            Set.of(),
            Map.of(),
            Map.of());
    return Audit.report(config(available("a1", 99.9)), "scheduled", NOW, read, before)
        .slos()
        .getFirst();
  }

  @Test
  void anEntryTellsHowItBurnsTheShortWindowFirstAndWhatRings() {
    var entry = entry(left(50), List.of(new Burn(360, 1), new Burn(60, 2)), Before.NOTHING);
    assertThat(entry.burn()).containsExactly(new Burn(60, 2), new Burn(360, 1));
    assertThat(entry.ringing()).containsExactly("slipway-a1-fast");
  }

  /** {@code spent} is in hours from now; half of a week's budget at twice the pace is 42 hours. */
  @ParameterizedTest
  @CsvSource({
    "50,  2,  42",
    "100, 14, 12",
    "50,  1,  -",
    "50,  0,  -",
    "0,   14, -",
    "-5,  14, -",
  })
  void aBudgetThatBurnsFasterThanItLastsHasAnEnd(double left, double rate, String spent) {
    assertThat(entry(left(left), List.of(new Burn(60, rate)), Before.NOTHING).spentBy())
        .isEqualTo(
            spent.equals("-")
                ? Optional.empty()
                : Optional.of(NOW.plus(Duration.ofHours(Long.parseLong(spent)))));
  }

  @Test
  void withoutABurnRateTheLastAuditTellsThePace() {
    var before =
        new Before(
            Optional.of(NOW.minus(Duration.ofHours(42))),
            Map.of(),
            Map.of("a1", new Before.Figure(100, OptionalDouble.of(99.97))),
            List.of(),
            Set.of());
    var entry = entry(left(50), List.of(), before);
    assertThat(entry.trend().orElseThrow().left()).isEqualTo(-50);
    assertThat(entry.trend().orElseThrow().attainment()).isCloseTo(-0.02, within(1e-9));
    assertThat(entry.spentBy()).contains(NOW.plus(Duration.ofHours(42)));
  }

  @Test
  void aBudgetOfRequestsIsToldAsTime() {
    var requests =
        new Budget(
            owned("a1"),
            Status.OK,
            OptionalDouble.of(99.95),
            Optional.of(new Budget.Left("requests", 1000, 500)),
            Optional.of(objective(available("a1", 99.9))),
            Optional.empty());
    assertThat(requests.time())
        .as("half of a thousandth of a week")
        .contains(Duration.ofSeconds(302));
    assertThat(left(-10).time()).contains(Duration.ofSeconds(-60));
  }

  @Test
  void aSpentBudgetFreezesTheServiceThatWantsIt() {
    var budgets = List.of(budget("a1", Status.EXHAUSTED), budget("f1", Status.OK));
    var slos = List.of(available("a1", 99.9), fast("f1", "p99", 300));

    assertThat(report(config("freeze", slos), budgets).freezes())
        .containsExactly(new AuditReport.Freeze("dice", List.of("a1"), "[ignore budget]"));
    assertThat(report(config("report", slos), budgets).freezes()).isEmpty();
  }

  @Test
  void theReportSaysThatRolloutsAreFrozenAndHowToGoOn() {
    var report =
        report(
            config("freeze", List.of(available("a1", 99.9))),
            List.of(budget("a1", Status.EXHAUSTED)));

    var said =
        "rollouts are frozen until the error budget of 'a1' is back; a commit whose message says"
            + " [ignore budget] rolls out all the same";
    assertThat(AuditMarkdown.write(report)).contains("## Freezes\n\n- dice: " + said);
    assertThat(AuditHtml.write(report, History.empty())).contains(Html.text(said));
  }
}
