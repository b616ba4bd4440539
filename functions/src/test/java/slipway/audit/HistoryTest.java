package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.audit.Samples.available;
import static slipway.audit.Samples.owned;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import slipway.audit.History.Point;
import slipway.json.Malformed;

class HistoryTest {
  private static final Instant BEGIN = Instant.parse("2026-08-04T01:00:00Z");
  private History history = History.empty();
  private Instant now = BEGIN;

  private static Budget budget(String name, Status status, double left) {
    return new Budget(
        owned(name),
        status,
        OptionalDouble.empty(),
        Optional.of(new Budget.Left("seconds", 100, left)),
        Optional.empty(),
        Optional.empty());
  }

  private void audit(List<Budget> budgets) {
    var read =
        new Reading(
            List.of(), budgets, Map.of(), Map.of(), Set.of(), Map.of(), Set.of(), Map.of(),
            Map.of());
    history =
        history.with(
            Audit.report(
                Samples.config(available("a1", 99)), "scheduled", now, read, Before.NOTHING));
    now = now.plus(Duration.ofHours(1));
  }

  private void audit(Status status, double left) {
    audit(List.of(budget("a1", status, left)));
  }

  @Test
  void eachAuditAddsAPoint() {
    audit(Status.OK, 80.04);
    audit(Status.EXHAUSTED, -2);
    var minute = BEGIN.getEpochSecond() / 60;
    assertThat(history.of("a1"))
        .containsExactly(
            new Point(minute, 80, Status.OK), new Point(minute + 60, -2, Status.EXHAUSTED));
    assertThat(History.parse(history.write()).of("a1")).isEqualTo(history.of("a1"));
  }

  @Test
  void aTimeWithoutDataIsAGapOfOnePoint() {
    audit(List.of(Budget.unknown(owned("a1"), "none yet")));
    assertThat(history.of("a1")).isEmpty();
    audit(Status.OK, 80);
    audit(List.of(Budget.unknown(owned("a1"), "gone")));
    audit(List.of(Budget.unknown(owned("a1"), "gone")));
    audit(Status.OK, 70);
    assertThat(history.of("a1"))
        .extracting(Point::status)
        .containsExactly(Status.OK, Status.NO_DATA, Status.OK);
  }

  @Test
  void twoAuditsInOneMinuteMakeOnePoint() {
    audit(Status.OK, 80);
    now = BEGIN.plusSeconds(30);
    audit(Status.OK, 70);
    assertThat(history.of("a1")).extracting(Point::left).containsExactly(70.0);
  }

  @Test
  void whatIsNotThereAnyMoreIsForgotten() {
    audit(List.of(budget("a1", Status.OK, 1), budget("b2", Status.OK, 1)));
    audit(Status.OK, 1);
    assertThat(history.of("b2")).isEmpty();
  }

  @Test
  void olderPointsBecomeFewerButNotThoseWhereTheStateChanged() {
    var changes = new ArrayList<Instant>();
    for (int hour = 0; hour < 24 * 90; hour++) {
      var bad = hour % 240 == 100;
      if (bad) changes.add(now);
      audit(bad ? Status.EXHAUSTED : Status.OK, bad ? -1 : 90);
    }
    var points = history.of("a1");
    assertThat(points).hasSize(History.MOST_OF_ONE);
    assertThat(points.getFirst().at()).as("the oldest stays").isEqualTo(BEGIN);
    assertThat(points)
        .filteredOn(point -> point.status() == Status.EXHAUSTED)
        .extracting(Point::at)
        .containsExactlyElementsOf(changes);
    var lastDay =
        points.stream().filter(point -> point.at().isAfter(now.minus(Duration.ofDays(1)))).count();
    assertThat(lastDay).as("of the last day nearly all").isGreaterThan(20);
    var gaps = new ArrayList<Long>();
    for (int i = 1; i < points.size(); i++)
      gaps.add(points.get(i).minute() - points.get(i - 1).minute());
    assertThat(gaps).allMatch(gap -> gap <= Duration.ofDays(4).toMinutes());
  }

  @Test
  void whatIsOlderThanAnyIntervalGoes() {
    audit(Status.OK, 80);
    now = BEGIN.plus(History.LONGEST).plusSeconds(60);
    audit(Status.OK, 70);
    assertThat(history.of("a1")).hasSize(1);
  }

  @Test
  void howeverManySlosThereAreItStaysWithinItsBound() {
    var many = new ArrayList<Budget>();
    for (int i = 0; i < 20_000; i++) many.add(budget("slo" + i, Status.OK, 90));
    for (int hour = 0; hour < 15; hour++) audit(many);
    assertThat(history.size()).isEqualTo(History.MOST_POINTS);
    assertThat(history.write()).hasSizeLessThan(8_000_000);
  }

  @Test
  void whatIsNoHistoryIsRefused() {
    assertThatThrownBy(
            () ->
                History.parse(
                    "{\"version\":1,\"slos\":[{\"name\":\"a\",\"minutes\":[1],\"left\":[],\"states\":\"o\"}]}"))
        .isInstanceOf(Malformed.class);
    assertThatThrownBy(
            () ->
                History.parse(
                    "{\"version\":1,\"slos\":[{\"name\":\"a\",\"minutes\":[1],\"left\":[2],\"states\":\"?\"}]}"))
        .hasMessageContaining("slos[0].states");
  }
}
