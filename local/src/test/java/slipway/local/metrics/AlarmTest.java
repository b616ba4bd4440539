package slipway.local.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.json.Json;
import slipway.local.HandClock;
import slipway.local.cloud.Pace;
import slipway.local.stack.Resource;

class AlarmTest {
  private static final Instant NOON = Instant.parse("2026-08-04T12:00:00Z");
  private final HandClock clock = new HandClock(NOON);
  private final MetricStore store = new MetricStore(new Minutes(new Pace(60)));
  private final List<String> told = new ArrayList<>();
  private final Alarms alarms =
      new Alarms("test", store, clock, news -> told.add(news.alarm().name()));

  private static final String SINGLE =
      """
      {"AlarmName": "lost", "Namespace": "Shop", "MetricName": "Lost", "Statistic": "Sum",
       "Period": 60, "EvaluationPeriods": 3, "DatapointsToAlarm": %s, "Threshold": "5",
       "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "%s"}
      """;

  /** Five minutes that end now: x is too much, o is not, - is nothing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Source: CloudWatch user guide, "How alarm state is evaluated when data is missing", 3 of
        // 3
        "o-x-x | 3 | OK | OK | OK | OK",
        "-----| 3 | INSUFFICIENT_DATA | - | ALARM | OK",
        "o----| 3 | OK | OK | OK | OK",
        "oxx-x | 3 | ALARM | ALARM | ALARM | ALARM",
        "--x-- | 3 | ALARM | - | ALARM | OK",
        "xx--x | 3 | ALARM | ALARM | ALARM | ALARM",
        // 2 of 3
        "----x | 2 | ALARM | - | ALARM | OK",
        "o--xx | 2 | ALARM | ALARM | ALARM | ALARM",
        "xxooo | 2 | OK | OK | OK | OK"
      })
  void gapsCountAsTheyAreTreatedIfFurtherBackThereAreNotEnoughValuesEither(
      String minutes,
      int datapoints,
      String missing,
      String ignore,
      String breaching,
      String notBreaching) {
    for (var minute = 0; minute < 5; minute++)
      if (minutes.charAt(minute) != '-')
        store.add(
            Metric.of("Shop", "Lost", Map.of()),
            NOON.minusSeconds(5 - minute),
            minutes.charAt(minute) == 'x' ? 9 : 1);
    for (var expected :
        Map.of(
                "missing", missing,
                "ignore", ignore,
                "breaching", breaching,
                "notBreaching", notBreaching)
            .entrySet()) {
      var alarm = Alarm.of("lost", Json.parse(SINGLE.formatted(datapoints, expected.getKey())));
      assertThat(
              alarm
                  .evaluate(store, store.minutes().index(NOON))
                  .state()
                  .map(Enum::name)
                  .orElse("-"))
          .as(expected.getKey())
          .isEqualTo(expected.getValue());
    }
  }

  @Test
  void anAlarmIsEvaluatedOnceForEachMinuteThatIsOverAndAStateThatIsSetHoldsUntilThen() {
    alarms.put(Alarm.of("lost", Json.parse(SINGLE.formatted(1, "notBreaching"))));
    assertThat(alarms.condition("lost").orElseThrow().state())
        .isEqualTo(Alarms.State.INSUFFICIENT_DATA);
    assertThat(alarms.state("lost")).isEqualTo(Alarms.State.OK);
    store.add(Metric.of("Shop", "Lost", Map.of()), NOON, 9);
    assertThat(alarms.state("lost")).isEqualTo(Alarms.State.OK);
    clock.pass(Duration.ofSeconds(1));
    assertThat(alarms.state("lost")).isEqualTo(Alarms.State.ALARM);
    assertThat(alarms.set("lost", Alarms.State.OK, "by hand", "")).isTrue();
    assertThat(alarms.state("lost")).isEqualTo(Alarms.State.OK);
    clock.pass(Duration.ofSeconds(1));
    assertThat(alarms.state("lost")).isEqualTo(Alarms.State.ALARM);
    clock.pass(Duration.ofSeconds(5));
    assertThat(alarms.state("lost")).isEqualTo(Alarms.State.OK);
    assertThat(told).hasSize(5);
    assertThat(alarms.changes())
        .extracting(change -> change.from() + " to " + change.to())
        .containsExactly(
            "INSUFFICIENT_DATA to OK", "OK to ALARM", "ALARM to OK", "OK to ALARM", "ALARM to OK");
    assertThat(alarms.changes().get(1).reason())
        .isEqualTo(
            "Threshold Crossed: 1 out of the last 3 datapoints [9.000] was greater than the"
                + " threshold (5.0).");
    assertThat(alarms.span("lost")).isEqualTo(Duration.ofMinutes(3));
    assertThatThrownBy(() -> alarms.state("none")).hasMessageContaining("no alarm 'none'");
  }

  @Test
  void anAlarmOfMetricMathWatchesWhatIsReturned() {
    make(
        """
        {"AlarmName": "burn", "EvaluationPeriods": 1, "Threshold": 14.4,
         "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
         "Metrics": [
           {"Id": "both", "Expression": "MIN([long, short])", "Label": "burn"},
           {"Id": "long", "ReturnData": false, "MetricStat": {"Stat": "Maximum", "Period": 60,
             "Metric": {"Namespace": "Shop", "MetricName": "Long"}}},
           {"Id": "short", "ReturnData": false, "MetricStat": {"Stat": "Maximum", "Period": 60,
             "Metric": {"Namespace": "Shop", "MetricName": "Short"}}}]}
        """);
    store.add(Metric.of("Shop", "Long", Map.of()), NOON, 20);
    store.add(Metric.of("Shop", "Short", Map.of()), NOON, 2);
    clock.pass(Duration.ofSeconds(1));
    assertThat(alarms.state("burn")).isEqualTo(Alarms.State.OK);
    store.add(Metric.of("Shop", "Long", Map.of()), clock.instant(), 20);
    store.add(Metric.of("Shop", "Short", Map.of()), clock.instant(), 15);
    clock.pass(Duration.ofSeconds(1));
    assertThat(alarms.state("burn")).isEqualTo(Alarms.State.ALARM);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"Period\": 60 | \"Period\": 30 | below a minute",
        "\"Sum\" | \"Most\" | Statistic is 'Most'",
        "GreaterThanThreshold | GreaterThanUpperThreshold | ComparisonOperator",
        "\"DatapointsToAlarm\": 1 | \"DatapointsToAlarm\": 4 | DatapointsToAlarm 4",
        "notBreaching | never | TreatMissingData",
        "\"Namespace\": \"Shop\", | | Namespace is missing"
      })
  void whatAnAlarmCanNotBeIsNamed(String good, String bad, String why) {
    var properties = SINGLE.formatted(1, "notBreaching");
    assertThat(properties).contains(good);
    assertThatThrownBy(() -> make(properties.replace(good, bad == null ? "" : bad)))
        .hasMessageContaining(why);
  }

  private void make(String properties) {
    alarms.make(new Resource("Alarm", "AWS::CloudWatch::Alarm", Json.parse(properties)));
  }
}
