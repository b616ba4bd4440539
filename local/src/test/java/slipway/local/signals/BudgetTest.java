package slipway.local.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import slipway.local.metrics.MetricStore;
import slipway.local.metrics.Minutes;

class BudgetTest {
  private static final Instant NOON = Instant.parse("2026-08-04T12:00:00Z");
  private static final ServiceKey DICE = new ServiceKey("dice", "production");
  private static final String ROLL = "GET /rolldice";
  private static final Subject SUBJECT = new Subject.OfOperation(DICE, ROLL);
  private static final Minutes AT_AWS = new Minutes(new Pace(1));

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
    var measurements = measurements(1);
    requests(measurements, NOON, 10, 10, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(70), 9, 10, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(70), 1, 10, Request.Outcome.FAULT);
    requests(measurements, NOON.plusSeconds(240), 10, 10, Request.Outcome.ERROR);

    var budget = budget(availability(NOON), measurements, NOON.plusSeconds(300));

    assertThat(budget).isEqualTo(new Budget(OK, 6048, 5988, OptionalDouble.of(100.0 * 2 / 3)));
  }

  @Test
  void aMinuteThatIsNotOverAndOneBeforeTheObjectiveDoNotCount() {
    var measurements = measurements(1);
    requests(measurements, NOON.minusSeconds(30), 1, 10, Request.Outcome.FAULT);
    requests(measurements, NOON.plusSeconds(30), 1, 10, Request.Outcome.OK);

    var objective = availability(NOON);
    assertThat(budget(objective, measurements, NOON.plusSeconds(59)).status())
        .isEqualTo(INSUFFICIENT_DATA);
    assertThat(budget(objective, measurements, NOON.plusSeconds(60)).attainment()).hasValue(100);
  }

  @Test
  void atPaceTenAPeriodIsSixSecondsLongAndStillTakesSixtyFromTheBudget() {
    var measurements = measurements(10);
    requests(measurements, NOON, 1, 10, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(6), 1, 10, Request.Outcome.FAULT);

    assertThat(budget(availability(NOON), measurements, NOON.plusSeconds(12)))
        .isEqualTo(new Budget(OK, 6048, 5988, OptionalDouble.of(50)));
  }

  @Test
  void aPeriodOfFiveMinutesIsJudgedAsAWhole() {
    var measurements = measurements(1);
    requests(measurements, NOON, 99, 10, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(240), 1, 10, Request.Outcome.FAULT);
    var indicator =
        new Indicator.PeriodBased(
            SUBJECT, new Indicator.Signal.Availability(), 300, 99, Comparison.GreaterThanOrEqualTo);

    assertThat(budget(objective(indicator, NOON), measurements, NOON.plusSeconds(300)).attainment())
        .hasValue(100);
  }

  @Test
  void aPercentileOfLatencyIsComparedWithTheThreshold() {
    var measurements = measurements(1);
    requests(measurements, NOON, 99, 20, Request.Outcome.OK);
    requests(measurements, NOON, 1, 900, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(60), 90, 20, Request.Outcome.OK);
    requests(measurements, NOON.plusSeconds(60), 10, 900, Request.Outcome.OK);
    var indicator =
        new Indicator.PeriodBased(
            SUBJECT, new Indicator.Signal.Latency("p99"), 60, 300, Comparison.LessThanOrEqualTo);

    assertThat(budget(objective(indicator, NOON), measurements, NOON.plusSeconds(120)))
        .isEqualTo(new Budget(OK, 6048, 5988, OptionalDouble.of(50)));
  }

  @Test
  void aRequestBasedBudgetCountsRequests() {
    var measurements = measurements(1);
    requests(measurements, NOON, 995, 10, Request.Outcome.OK);
    requests(measurements, NOON, 5, 500, Request.Outcome.FAULT);
    var faults = new Indicator.RequestBased(SUBJECT, new Indicator.Counting.Faults());
    var slow =
        new Indicator.RequestBased(
            SUBJECT, new Indicator.Counting.Bounded(100, Comparison.LessThan));

    for (var indicator : List.of(faults, slow))
      assertThat(budget(objective(indicator, NOON), measurements, NOON.plusSeconds(60)))
          .isEqualTo(new Budget(OK, 10, 5, OptionalDouble.of(99.5)));
  }

  @Test
  void aCalendarIntervalBeginsWhereItsStartSays() {
    var goal = new Goal(Optional.of(NOON), "HOUR", 2, 99, 50);
    assertThat(goal.current(NOON.plusSeconds(3 * 3600), AT_AWS, Optional.empty()))
        .isEqualTo(new Goal.Stretch(NOON.plusSeconds(2 * 3600), Duration.ofHours(2)));
    assertThat(goal.current(NOON.minusSeconds(1), AT_AWS, Optional.empty()).begin())
        .isEqualTo(NOON);
  }

  @Test
  void aCalendarMonthIsAsLongAsTheCalendarHasItAndAlsoPassesFasterHere() {
    var start = Instant.parse("2026-01-31T06:00:00Z");
    var goal = new Goal(Optional.of(start), "MONTH", 1, 99, 50);
    assertThat(goal.current(Instant.parse("2026-03-01T00:00:00Z"), AT_AWS, Optional.empty()))
        .isEqualTo(new Goal.Stretch(Instant.parse("2026-02-28T06:00:00Z"), Duration.ofDays(31)));
    var fast = new Minutes(new Pace(28));
    // January's 28 days from the start are one here.
    assertThat(goal.current(start.plus(Duration.ofHours(25)), fast, Optional.empty()))
        .isEqualTo(new Goal.Stretch(start.plus(Duration.ofDays(1)), Duration.ofDays(31)));
  }

  @Test
  void anIntervalLastsNoLongerThanIsAllowedHereAndHasTheBudgetOfAllOfIt() {
    var measurements = measurements(1);
    requests(measurements, NOON, 1, 10, Request.Outcome.FAULT);
    requests(measurements, NOON.plusSeconds(60), 1, 10, Request.Outcome.OK);
    var objective = availability(NOON);
    var capped = new Reckoning(measurements, Optional.of(Duration.ofSeconds(300)));

    assertThat(capped.budget(objective, NOON.plusSeconds(120)))
        .isEqualTo(new Budget(OK, 6048, 5988, OptionalDouble.of(50)));
    assertThat(capped.budget(objective, NOON.plusSeconds(360)))
        .isEqualTo(new Budget(OK, 6048, 6048, OptionalDouble.of(100)));
    assertThat(capped.burnRate(objective, 60, NOON.plusSeconds(120))).hasValue(50);
    assertThat(capped.burnRate(objective, 60, NOON.plusSeconds(360))).hasValue(0);
    var calendar = new Goal(Optional.of(NOON), "MONTH", 1, 99, 50);
    assertThat(
            calendar.current(NOON.plusSeconds(700), AT_AWS, Optional.of(Duration.ofSeconds(300))))
        .isEqualTo(new Goal.Stretch(NOON.plusSeconds(600), Duration.ofDays(30)));
  }

  @Test
  void aBurnRateIsTheErrorRateOfItsWindowInPartsOfWhatTheGoalAllows() {
    var measurements = measurements(1);
    for (var minute = 0; minute < 10; minute++)
      requests(
          measurements,
          NOON.plusSeconds(minute * 60),
          1,
          10,
          minute < 8 ? Request.Outcome.OK : Request.Outcome.FAULT);
    var reckoning = new Reckoning(measurements, Optional.empty());
    var objective = availability(NOON);
    var now = NOON.plusSeconds(600);

    assertThat(reckoning.burnRate(objective, 4, now)).hasValue(50);
    assertThat(reckoning.burnRate(objective, 60, now)).hasValue(20);
    // Nothing was measured in the window: all that was counts.
    assertThat(reckoning.burnRate(objective, 4, now.plusSeconds(600))).hasValue(20);
    assertThat(reckoning.burnRate(availability(now.plusSeconds(60)), 4, now.plusSeconds(600)))
        .isEmpty();
  }

  @Test
  void excludedPeriodsCountAsGoodAndExcludedRequestsDoNotCount() {
    var measurements = measurements(1);
    for (var minute = 0; minute < 4; minute++)
      requests(measurements, NOON.plusSeconds(minute * 60), 1, 10, Request.Outcome.FAULT);
    var window =
        new ExclusionWindow("MINUTE", 2, NOON.plusSeconds(60), Optional.empty(), Optional.empty());
    var faults = new Indicator.RequestBased(SUBJECT, new Indicator.Counting.Faults());

    assertThat(
            budget(availability(NOON).with(List.of(window)), measurements, NOON.plusSeconds(240))
                .attainment())
        .hasValue(50);
    assertThat(
            budget(
                objective(faults, NOON).with(List.of(window)), measurements, NOON.plusSeconds(240)))
        .isEqualTo(new Budget(BREACHED, 0, -2, OptionalDouble.of(0)));
  }

  @Test
  void aRecurringWindowComesAgainAtItsRateOrByTheClock() {
    var every =
        new ExclusionWindow(
            "MINUTE", 1, NOON, Optional.of(new Recurrence("rate(5 minutes)")), Optional.empty());
    var daily =
        new ExclusionWindow(
            "MINUTE",
            10,
            NOON.minusSeconds(86400),
            Optional.of(new Recurrence("cron(30 12 ? * TUE-WED 2026)")),
            Optional.empty());
    var out = new Exclusions(List.of(every, daily), AT_AWS, NOON, NOON.plusSeconds(3600));
    var noon = AT_AWS.index(NOON);

    assertThat(java.util.stream.LongStream.range(0, 60).filter(m -> out.covers(noon + m)))
        .containsExactly(
            0L, 5L, 10L, 15L, 20L, 25L, 30L, 31L, 32L, 33L, 34L, 35L, 36L, 37L, 38L, 39L, 40L, 45L,
            50L, 55L);
    assertThatThrownBy(() -> new Recurrence("every day"))
        .hasMessageContaining("'every day' is no recurrence");
    assertThatThrownBy(() -> new Recurrence("cron(61 12 ? * MON *)"))
        .hasMessageContaining("'61' is not within 0 and 59");
    assertThatThrownBy(() -> new Recurrence("cron(0 12 1 * MON *)"))
        .hasMessageContaining("want ? for exactly one");
    assertThatThrownBy(() -> new Recurrence("cron(0 12 L * ? *)"))
        .hasMessageContaining("'L' is not played");
  }

  private static void requests(
      Measurements measurements, Instant end, int many, double millis, Request.Outcome outcome) {
    for (var i = 0; i < many; i++) measurements.add(new Request(DICE, ROLL, end, millis, outcome));
  }

  private static Objective availability(Instant since) {
    return objective(
        new Indicator.PeriodBased(
            SUBJECT, new Indicator.Signal.Availability(), 60, 99, Comparison.GreaterThanOrEqualTo),
        since);
  }

  private static Measurements measurements(int pace) {
    return new Measurements(new MetricStore(new Minutes(new Pace(pace))));
  }

  private static Budget budget(Objective objective, Measurements measurements, Instant now) {
    return new Reckoning(measurements, Optional.empty()).budget(objective, now);
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
        List.of(),
        List.of());
  }
}
