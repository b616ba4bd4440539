package slipway.local.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import slipway.json.Json;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.Caller;
import slipway.local.cloud.Pace;

class ValidationTest {
  private static final String GOOD =
      """
      {"Name": "dice availability",
       "Description": "d",
       "Goal": {"Interval": {"RollingInterval": {"DurationUnit": "DAY", "Duration": 7}},
                "AttainmentGoal": 99.9, "WarningThreshold": 50},
       "BurnRateConfigurations": [{"LookBackWindowMinutes": 60}],
       "Tags": [{"Key": "k", "Value": ""}],
       "SliConfig": {"MetricThreshold": 300, "ComparisonOperator": "LessThan",
         "SliMetricConfig": {"KeyAttributes": {"Type": "Service", "Name": "dice", "Environment": "production"},
           "OperationName": "GET /rolldice", "MetricType": "LATENCY", "Statistic": "p99", "PeriodSeconds": 60}}}
      """;

  static Stream<Arguments> aCreateRequestIsRefusedWithTheMemberThatIsWrong() {
    var query = "SliConfig.SliMetricConfig.";
    return Stream.of(
        Arguments.of("\"dice availability\"", "\"d\"", "'Name'"),
        Arguments.of("\"dice availability\"", "\"GET /rolldice\"", "'Name'"),
        Arguments.of("\"Name\": \"dice availability\"", "\"name\": \"dice\"", "'name' is not"),
        Arguments.of("\"Name\": \"dice availability\",", "", "'Name'"),
        Arguments.of("\"Description\": \"d\"", "\"Description\": \"\"", "'Description'"),
        Arguments.of("\"DAY\"", "\"WEEK\"", "'Goal.Interval.RollingInterval.DurationUnit'"),
        Arguments.of("\"Duration\": 7", "\"Duration\": 0", "RollingInterval.Duration'"),
        Arguments.of("\"RollingInterval\"", "\"Rolling\"", "'Goal.Interval.Rolling' is not"),
        Arguments.of("99.9", "100.1", "Goal.AttainmentGoal is 100.1"),
        Arguments.of("99.9", "\"99.9\"", "'Goal.AttainmentGoal'"),
        Arguments.of(": 60}]", ": 0}]", "'BurnRateConfigurations[0].LookBackWindowMinutes'"),
        Arguments.of(": 60}]", ": 10080}]", "not shorter than the interval"),
        Arguments.of("\"Value\": \"\"", "\"Other\": \"\"", "'Tags[0].Value'"),
        Arguments.of("\"LessThan\"", "\"Less\"", "'SliConfig.ComparisonOperator'"),
        Arguments.of("\"MetricThreshold\": 300,", "", "'SliConfig.MetricThreshold'"),
        Arguments.of("\"Service\"", "\"RemoteService\"", "KeyAttributes.Type is 'RemoteService'"),
        Arguments.of("\"dice\"", "\"\"", query + "KeyAttributes.Name'"),
        Arguments.of(", \"Environment\": \"production\"", "", "KeyAttributes.Environment'"),
        Arguments.of("\"LATENCY\"", "\"SPEED\"", query + "MetricType'"),
        Arguments.of("\"p99\"", "\"p99%\"", query + "Statistic'"),
        Arguments.of("\"p99\"", "\"best\"", query + "Statistic is 'best'"),
        Arguments.of("\"PeriodSeconds\": 60", "\"PeriodSeconds\": 30", query + "PeriodSeconds'"),
        Arguments.of("\"PeriodSeconds\": 60", "\"PeriodSeconds\": 90", "multiple of 60"),
        Arguments.of("\"PeriodSeconds\": 60", "\"PeriodSeconds\": 960", query + "PeriodSeconds'"),
        Arguments.of("\"SliConfig\"", "\"RequestBasedSliConfig\"", "RequestBasedSliMetricConfig"),
        Arguments.of("GET /rolldice", "GET /other", "has not reported"),
        Arguments.of("{\"Name\"", "{Name", "is not JSON"));
  }

  @ParameterizedTest
  @MethodSource
  void aCreateRequestIsRefusedWithTheMemberThatIsWrong(String good, String bad, String named) {
    assertThat(GOOD).contains(good);
    assertThatThrownBy(() -> create(GOOD.replace(good, bad)))
        .isInstanceOfSatisfying(
            AwsError.class,
            error -> {
              assertThat(error.code()).isEqualTo("ValidationException");
              assertThat(error.status()).isEqualTo(400);
            })
        .hasMessageContaining(named);
  }

  @Test
  void allProblemsAreNamedAtOnce() {
    assertThatThrownBy(() -> create("{\"Description\": \"\", \"Goal\": 1}"))
        .hasMessageStartingWith("3 validation errors detected")
        .hasMessageContaining("'Name'")
        .hasMessageContaining("'Description'")
        .hasMessageContaining("'Goal'");
  }

  @Test
  void exactlyOneIndicatorIsWanted() {
    assertThatThrownBy(() -> create("{\"Name\": \"dice\"}"))
        .hasMessageContaining("Exactly one of SliConfig and RequestBasedSliConfig");
  }

  @Test
  void whatIsNotPlayedIsSaid() {
    var dependency =
        "\"DependencyConfig\": {\"DependencyKeyAttributes\": {\"Type\": \"Service\"},"
            + " \"DependencyOperationName\": \"o\"}, \"Statistic\"";
    assertThatThrownBy(() -> create(GOOD.replace("\"Statistic\"", dependency)))
        .hasMessageContaining("DependencyConfig is not played");
    assertThatThrownBy(
            () -> create(GOOD.replace("\"Goal\"", "\"CreateRecommendedSlo\": true, \"Goal\"")))
        .hasMessageContaining("CreateRecommendedSlo is not played");
  }

  @Test
  void theRequestThatAllThisStartsFromIsGood() {
    assertThat(create(GOOD).at("Slo").at("Name").text()).isEqualTo("dice availability");
  }

  @Test
  void batchesAndRangesAreBounded() {
    var ids = java.util.Collections.nCopies(51, "dice");
    assertThatThrownBy(
            () ->
                call(
                    "POST",
                    "/budget-report",
                    Map.of(),
                    Json.write(Map.of("Timestamp", 1, "SloIds", ids))))
        .hasMessageContaining("'SloIds'")
        .hasMessageContaining("50");
    var range = Map.of("StartTime", List.of("2026-08-04T12:00:00Z"));
    assertThatThrownBy(() -> call("GET", "/services", range, "")).hasMessageContaining("'EndTime'");
    assertThatThrownBy(
            () ->
                call(
                    "GET",
                    "/services",
                    Map.of(
                        "StartTime", List.of("now"),
                        "EndTime", List.of("2026-08-04T12:00:00Z"),
                        "MaxResults", List.of("101")),
                    ""))
        .hasMessageContaining("'StartTime'")
        .hasMessageContaining("'MaxResults'");
    assertThatThrownBy(() -> call("GET", "/slo/a:b", Map.of(), "")).hasMessageContaining("'Id'");
  }

  private static Json create(String body) {
    return call("POST", "/slo", Map.of(), body);
  }

  private static Json call(
      String method, String path, Map<String, List<String>> query, String body) {
    var now = Instant.parse("2026-08-04T12:00:00Z");
    var measurements = new Measurements(new Pace(1));
    measurements.add(
        new Request(
            new ServiceKey("dice", "production"), "GET /rolldice", now, 20, Request.Outcome.OK));
    var service =
        new ApplicationSignals(
            measurements, Clock.fixed(now, ZoneOffset.UTC), "ap-northeast-1", "123456789012");
    var answer =
        service.answer(
            new AwsCall(
                "application-signals",
                "",
                new Caller("key", "operator", "arn:aws:iam::123456789012:role/operator"),
                method,
                path,
                query,
                Map.of(),
                body.getBytes(StandardCharsets.UTF_8)));
    return Json.parse(new String(answer.body(), StandardCharsets.UTF_8));
  }
}
