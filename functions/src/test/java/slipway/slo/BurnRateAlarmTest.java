package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.config.ServiceName;
import slipway.config.Slo;
import slipway.config.Slos;
import slipway.slo.BurnRateAlarm.Speed;

class BurnRateAlarmTest {
  private static final ServiceName DICE = new ServiceName("dice");

  private static List<BurnRateAlarm> alarms(double goal, int days) {
    return BurnRateAlarm.of(
        "slipway",
        DICE,
        new Slo(
            "dice GET rolldice availability",
            "GET /rolldice",
            new Slo.Indicator.Availability(),
            goal,
            days,
            50));
  }

  /** The workbook's table "Recommended parameters for the SLO of 99.9 %", over 30 days. */
  @Test
  void overThirtyDaysTheThresholdsAreTheWorkbooks() {
    assertThat(alarms(99.9, 30))
        .containsExactly(
            new BurnRateAlarm(
                "slipway dice GET rolldice availability burns fast",
                DICE,
                "dice GET rolldice availability",
                Speed.FAST,
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                14.4,
                Duration.ofDays(30)),
            new BurnRateAlarm(
                "slipway dice GET rolldice availability burns slowly",
                DICE,
                "dice GET rolldice availability",
                Speed.SLOWLY,
                Duration.ofHours(6),
                Duration.ofMinutes(30),
                6,
                Duration.ofDays(30)));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # days, goal,  fast,  slowly
          28,     99.9,  13.44, 5.6
          7,      99.9,  3.36,  1.4
          # A burn rate of 1 would last the day: below that nothing is wrong.
          1,      99.9,  2,     1
          3,      99,    2,     1
          # Where everything fails, 90 % burn 10 times as fast as they may, and 50 % twice.
          30,     90,    5,     5
          30,     50,    1,     1
          30,     20,    1,     1
          """)
  void thresholdsFitTheIntervalAndTheGoal(int days, double goal, double fast, double slowly) {
    assertThat(alarms(goal, days))
        .extracting(BurnRateAlarm::threshold)
        .satisfiesExactly(
            it -> assertThat(it).isCloseTo(fast, within(1e-9)),
            it -> assertThat(it).isCloseTo(slowly, within(1e-9)));
  }

  /** Application Signals takes intervals of minutes and of months, too. */
  @Property(tries = 1000)
  void anAlarmCanGoOffAndOnlyWhereTheBudgetDoesNotLast(
      @ForAll @LongRange(min = 6, max = 600_000) long minutes,
      @ForAll @DoubleRange(min = 0.001, max = 99.999) @Scale(3) double goal,
      @ForAll Speed speed) {
    var threshold = speed.threshold(Duration.ofMinutes(minutes), goal);

    assertThat(threshold).isGreaterThanOrEqualTo(1).isLessThan(100 / (100 - goal));
    assertThat(threshold)
        .isGreaterThanOrEqualTo(Speed.SLOWLY.threshold(Duration.ofMinutes(minutes), goal))
        .isLessThanOrEqualTo(Speed.FAST.threshold(Duration.ofMinutes(minutes), goal));
  }

  @Property(tries = 300)
  void anSloOfAnyKindHasAlarmsOfWindowsThatItIsMeasuredOver(@ForAll("slos") Slo slo) {
    var alarms = BurnRateAlarm.of("slipway", DICE, slo);

    assertThat(alarms).extracting(BurnRateAlarm::name).doesNotHaveDuplicates();
    for (var alarm : alarms) {
      assertThat(slo.burnWindows())
          .contains((int) alarm.longWindow().toMinutes(), (int) alarm.shortWindow().toMinutes());
      assertThat(alarm.shortWindow()).isLessThan(alarm.longWindow());
      assertThat(alarm.threshold()).isGreaterThanOrEqualTo(1).isLessThan(100 / (100 - slo.goal()));
      assertThat(alarm.description("slipway-operator:live")).doesNotContain("null", "  ", " .");
    }
    if (!slo.alarms()) assertThat(alarms).isEmpty();
    else if (slo.burnWindows().containsAll(List.of(30, 60))) assertThat(alarms).isNotEmpty();
  }

  @Provide
  Arbitrary<Slo> slos() {
    return Slos.arbitrary("dice availability");
  }

  /** Such as one of periods of ten minutes, which five cannot hold. */
  @Test
  void theNextLongerWindowStandsInForAShortOneThatIsNotMeasured() {
    assertThat(windows(10, 30, 60, 360)).containsExactly("60 and 10", "360 and 30");
    assertThat(windows(30, 60)).containsExactly("60 and 30");
    assertThat(windows(5, 60, 360)).containsExactly("60 and 5", "360 and 60");
    assertThat(windows(5, 30)).isEmpty();
    assertThat(windows()).isEmpty();
  }

  private static List<String> windows(int... minutes) {
    var usual = new Slo("dice", "GET /", new Slo.Indicator.Availability(), 99.9, 7, 50);
    var windows = new TreeSet<Integer>();
    for (int window : minutes) windows.add(window);
    var slo =
        new Slo(
            usual.name(),
            usual.description(),
            usual.operation(),
            usual.dependency(),
            usual.indicator(),
            usual.period(),
            usual.goal(),
            usual.warning(),
            usual.interval(),
            windows,
            usual.exclusions(),
            usual.tags(),
            true);
    return BurnRateAlarm.of("slipway", DICE, slo).stream()
        .map(it -> it.longWindow().toMinutes() + " and " + it.shortWindow().toMinutes())
        .toList();
  }

  @Test
  void aPersonWhoIsWokenReadsWhatBurnsHowLongTheBudgetLastsAndWhatToDo() {
    var alarms = alarms(99.9, 7);

    assertThat(alarms.getFirst().description("slipway-operator:live"))
        .isEqualTo(
            "SLO 'dice GET rolldice availability' of service dice burns its error budget more than"
                + " 3.36 times as fast as it may, over the last hour and still over the last 5"
                + " minutes. At that rate the whole budget of 7 days is gone in 2 days 2 hours. ECS"
                + " takes back a rollout that is under way. What to do: look at the service in"
                + " Application Signals and at the last audit's report. If it began with a rollout,"
                + " roll back: aws lambda invoke --function-name slipway-operator:live"
                + " --cli-binary-format raw-in-base64-out --payload"
                + " '{\"service\":\"dice\",\"rollback\":true,\"by\":\"<you>\"}' /dev/stdout");
    assertThat(alarms.getLast().description("slipway-operator:live"))
        .contains("1.4 times", "the last 6 hours", "the last 30 minutes", "gone in 5 days. What");
  }

  @Test
  void theLongestNamesFitCloudWatch() {
    var name = "x".repeat(128);
    var service = new ServiceName("s".repeat(32));
    var slo = new Slo(name, "GET /", new Slo.Indicator.Availability(), 99.99, 30, 50);

    assertThat(BurnRateAlarm.of("s".repeat(32), service, slo))
        .hasSize(2)
        .allSatisfy(
            alarm -> {
              assertThat(alarm.name()).hasSizeLessThanOrEqualTo(255);
              assertThat(alarm.description("s".repeat(32) + "-operator:live"))
                  .hasSizeLessThanOrEqualTo(1024);
            });
  }
}
