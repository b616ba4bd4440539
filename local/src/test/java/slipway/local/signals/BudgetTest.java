package slipway.local.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.local.signals.Budget.Status.BREACHED;
import static slipway.local.signals.Budget.Status.INSUFFICIENT_DATA;
import static slipway.local.signals.Budget.Status.OK;
import static slipway.local.signals.Budget.Status.WARNING;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import slipway.local.cloud.Pace;

class BudgetTest {
  private static final Instant NOON = Instant.parse("2026-08-04T12:00:00Z");
  private static final ServiceKey DICE = new ServiceKey("dice", "production");
  private static final String ROLL = "GET /rolldice";

  /** A week at 99 % has a budget of 6048 s, a week at 99.9 % one of 605 s. */
  static Stream<Arguments> periodsOfAWeek() {
    return Stream.of(
        Arguments.of(99.0, 0, 0, INSUFFICIENT_DATA, 6048, 6048, OptionalDouble.empty()),
        Arguments.of(99.0, 10, 0, OK, 6048, 6048, OptionalDouble.of(100)),
        Arguments.of(99.0, 100, 1, OK, 6048, 5988, OptionalDouble.of(99)),
        Arguments.of(99.9, 10, 5, OK, 605, 305, OptionalDouble.of(50)),
        Arguments.of(99.9, 100, 6, WARNING, 605, 245, OptionalDouble.of(94)),
        Arguments.of(99.9, 100, 10, WARNING, 605, 5, OptionalDouble.of(90)),
        Arguments.of(99.9, 100, 11, BREACHED, 605, -55, OptionalDouble.of(89)),
        Arguments.of(100.0, 10, 0, OK, 0, 0, OptionalDouble.of(100)),
        Arguments.of(100.0, 10, 1, BREACHED, 0, -60, OptionalDouble.of(90)));
  }

  @ParameterizedTest
  @MethodSource
  void periodsOfAWeek(
      double goal,
      int measured,
      int bad,
      Budget.Status status,
      long total,
      long remaining,
      OptionalDouble attainment) {
    var week = new Goal(Optional.empty(), "DAY", 7, goal, 50);
    assertThat(Budget.of(week, measured, bad, week.interval().toSeconds() * week.allowance(), 60))
        .isEqualTo(new Budget(status, total, remaining, attainment));
  }

  @Test
  void aBudgetThatIsSpentToTheLastRequestIsBreached() {
    var goal = new Goal(Optional.empty(), "DAY", 1, 99.9, 50);
    assertThat(Budget.of(goal, 1000, 1, 1000 * goal.allowance(), 1))
        .isEqualTo(new Budget(BREACHED, 1, 0, OptionalDouble.of(99.9)));
  }

  @Test
  void aMinuteWithTooManyFaultsIsBadAndOneWithoutRequestsDoesNotCount() {
    var measurements = new Measurements(new Pace(1));
    requests(measurements, NOON, 10, 10, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(70), 9, 10, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(70), 1, 10, Request.Outcome.FAULT);
    requests(measurements, NOON.plusSeconds(240), 10, 10, Request.Outcome.ERROR);

    var budget = Budget.of(availability(NOON), measurements, NOON.plusSeconds(300));

    assertThat(budget).isEqualTo(new Budget(OK, 6048, 5988, OptionalDouble.of(100.0 * 2 / 3)));
  }

  @Test
  void aMinuteThatIsNotOverAndOneBeforeTheObjectiveDoNotCount() {
    var measurements = new Measurements(new Pace(1));
    requests(measurements, NOON.minusSeconds(30), 1, 10, Request.Outcome.FAULT);
    requests(measurements, NOON.plusSeconds(30), 1, 10, Request.Outcome.OK);

    var objective = availability(NOON);
    assertThat(Budget.of(objective, measurements, NOON.plusSeconds(59)).status())
        .isEqualTo(INSUFFICIENT_DATA);
    assertThat(Budget.of(objective, measurements, NOON.plusSeconds(60)).attainment()).hasValue(100);
  }

  @Test
  void atPaceTenAPeriodIsSixSecondsLongAndStillTakesSixtyFromTheBudget() {
    var measurements = new Measurements(new Pace(10));
    requests(measurements, NOON, 1, 10, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(6), 1, 10, Request.Outcome.FAULT);

    assertThat(Budget.of(availability(NOON), measurements, NOON.plusSeconds(12)))
        .isEqualTo(new Budget(OK, 6048, 5988, OptionalDouble.of(50)));
  }

  @Test
  void aPeriodOfFiveMinutesIsJudgedAsAWhole() {
    var measurements = new Measurements(new Pace(1));
    requests(measurements, NOON, 99, 10, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(240), 1, 10, Request.Outcome.FAULT);
    var indicator =
        new Indicator.PeriodBased(
            target("AVAILABILITY"), Optional.empty(), 300, 99, Comparison.GreaterThanOrEqualTo);

    assertThat(
            Budget.of(objective(indicator, NOON), measurements, NOON.plusSeconds(300)).attainment())
        .hasValue(100);
  }

  @Test
  void aPercentileOfLatencyIsComparedWithTheThreshold() {
    var measurements = new Measurements(new Pace(1));
    requests(measurements, NOON, 99, 20, Request.Outcome.OK);
    requests(measurements, NOON, 1, 900, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(60), 90, 20, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(60), 10, 900, Request.Outcome.OK);
    var indicator =
        new Indicator.PeriodBased(
            target("LATENCY"), Optional.of("p99"), 60, 300, Comparison.LessThanOrEqualTo);

    assertThat(Budget.of(objective(indicator, NOON), measurements, NOON.plusSeconds(120)))
        .isEqualTo(new Budget(OK, 6048, 5988, OptionalDouble.of(50)));
  }

  @Test
  void aRequestBasedBudgetCountsRequests() {
    var measurements = new Measurements(new Pace(1));
    requests(measurements, NOON, 995, 10, Request.Outcome.OK);
    requests(measurements, NOON, 5, 500, Request.Outcome.FAULT);
    var faults = new Indicator.RequestBased(target("AVAILABILITY"), Optional.empty());
    var slow =
        new Indicator.RequestBased(
            target("LATENCY"),
            Optional.of(new Indicator.RequestBased.Bound(100, Comparison.LessThan)));

    for (var indicator : List.of(faults, slow))
      assertThat(Budget.of(objective(indicator, NOON), measurements, NOON.plusSeconds(60)))
          .isEqualTo(new Budget(OK, 10, 5, OptionalDouble.of(99.5)));
  }

  @Test
  void aCalendarIntervalBeginsWhereItsStartSays() {
    var goal = new Goal(Optional.of(NOON), "HOUR", 2, 99, 50);
    assertThat(goal.begin(NOON.plusSeconds(3 * 3600), Duration.ofHours(2)))
        .isEqualTo(NOON.plusSeconds(2 * 3600));
  }

  @Test
  void statisticsAreRightToHalfAPercent() {
    var latencies = new Latencies();
    for (var millis = 1; millis <= 1000; millis++) latencies.add(millis);

    assertThat(latencies.statistic("Average")).isEqualTo(500.5);
    assertThat(latencies.statistic("Minimum")).isEqualTo(1);
    assertThat(latencies.statistic("Maximum")).isEqualTo(1000);
    assertThat(latencies.statistic("SampleCount")).isEqualTo(1000);
    for (var percent : List.of(50, 90, 99))
      assertThat(latencies.statistic("p" + percent) / (10.0 * percent)).isBetween(0.994, 1.006);
    assertThat(latencies.statistic("tm90") / 450.5).isBetween(0.994, 1.006);
  }

  private static void requests(
      Measurements measurements, Instant end, int many, double millis, Request.Outcome outcome) {
    for (var i = 0; i < many; i++) measurements.add(new Request(DICE, ROLL, end, millis, outcome));
  }

  private static Objective availability(Instant since) {
    return objective(
        new Indicator.PeriodBased(
            target("AVAILABILITY"), Optional.empty(), 60, 99, Comparison.GreaterThanOrEqualTo),
        since);
  }

  private static Indicator.Target target(String metric) {
    return new Indicator.Target(DICE, ROLL, metric);
  }

  private static Objective objective(Indicator indicator, Instant since) {
    return new Objective(
        "dice",
        "arn:aws:application-signals:ap-northeast-1:123456789012:slo/dice",
        Optional.empty(),
        since,
        since,
        since,
        indicator,
        Goal.DEFAULT,
        List.of());
  }
}
