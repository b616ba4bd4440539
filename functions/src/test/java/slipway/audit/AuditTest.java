package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.audit.Samples.available;
import static slipway.audit.Samples.config;
import static slipway.audit.Samples.fast;
import static slipway.audit.Samples.objective;
import static slipway.audit.Samples.owned;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.audit.AuditReport.Drift;
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
    return Audit.report(config, "scheduled", NOW, budgets, Map.of());
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
            config(available("a1", 99.9)), "scheduled", NOW, List.of(budget("a1", now)), last);
    var since = before.equals(known) ? YESTERDAY : NOW;
    assertThat(report.slos())
        .containsExactly(
            new Entry(
                budget("a1", now),
                known.equals("-")
                    ? Optional.empty()
                    : Optional.of(new Known(Status.valueOf(known), since))));
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
            List.of(budget("a1", Status.NO_DATA)),
            first);
    assertThat(AuditJson.known(AuditJson.write(gap))).isEqualTo(first);
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
}
