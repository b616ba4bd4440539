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
import org.junit.jupiter.params.provider.ValueSource;
import slipway.json.Json;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.Caller;
import slipway.local.cloud.Pace;
import slipway.local.metrics.MetricStore;
import slipway.local.metrics.Minutes;

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

  /** Metric math. */
  private static final String MATH =
      """
      {"Name": "dice math", "SliConfig": {"MetricThreshold": 1, "ComparisonOperator": "LessThan",
        "SliMetricConfig": {"MetricDataQueries": [
          {"Id": "a", "MetricStat": {"Metric": {"Namespace": "Shop", "MetricName": "Lost",
             "Dimensions": [{"Name": "Page", "Value": "home"}]},
           "Period": 60, "Stat": "Sum", "Unit": "Count"}, "ReturnData": false},
          {"Id": "b", "MetricStat": {"Metric": {"Namespace": "Shop", "MetricName": "All"},
           "Period": 60, "Stat": "Sum"}, "ReturnData": false},
          {"Id": "e", "Expression": "a / b", "Label": "lost", "ReturnData": true}]}}}
      """;

  static Stream<Arguments> metricMathIsRefusedWithTheMemberThatIsWrong() {
    var queries = "SliConfig.SliMetricConfig.MetricDataQueries";
    return Stream.of(
        Arguments.of("\"Id\": \"a\", ", "", queries + "[0].Id'"),
        Arguments.of("\"Id\": \"a\"", "\"Id\": \"A\"", "[0].Id is 'A'"),
        Arguments.of("\"Id\": \"b\"", "\"Id\": \"a\"", "[1].Id 'a' is there twice"),
        Arguments.of("a / b", "a / c", "[2].Expression uses 'c'"),
        Arguments.of("a / b", "a / / b", "metric math 'a / / b'"),
        Arguments.of("a / b", "", "[2].Expression'"),
        Arguments.of(
            "\"Shop\", \"MetricName\": \"All\"", "\":\", \"MetricName\": \"All\"", "Namespace'"),
        Arguments.of(
            "\"Namespace\": \"Shop\", \"MetricName\": \"All\"",
            "\"MetricName\": \"All\"",
            "Namespace is missing"),
        Arguments.of("\"Value\": \"home\"", "\"Value\": \"\"", "Dimensions[0].Value'"),
        Arguments.of("\"Count\"", "\"Pieces\"", "MetricStat.Unit'"),
        Arguments.of(
            "\"Stat\": \"Sum\", \"Unit\"", "\"Stat\": \"Best\", \"Unit\"", "Stat is 'Best'"),
        Arguments.of(
            "\"Period\": 60, \"Stat\": \"Sum\", \"Unit\"",
            "\"Period\": 61, \"Stat\": \"Sum\", \"Unit\"",
            "Period is 61"),
        Arguments.of("\"Expression\": \"a / b\", ", "", "exactly one of MetricStat and Expression"),
        Arguments.of("\"ReturnData\": true", "\"ReturnData\": false", "exactly one query"),
        Arguments.of("\"ReturnData\": true", "\"ReturnData\": 1", "ReturnData'"),
        Arguments.of(
            "\"SliMetricConfig\": {",
            "\"SliMetricConfig\": {\"MetricType\": \"LATENCY\", ",
            "can not be set together"),
        Arguments.of(
            "\"SliMetricConfig\": {",
            "\"SliMetricConfig\": {\"PeriodSeconds\": 120, ",
            "PeriodSeconds is 120"));
  }

  @ParameterizedTest
  @MethodSource
  void metricMathIsRefusedWithTheMemberThatIsWrong(String good, String bad, String named) {
    refused(MATH, good, bad, named);
  }

  private static final String COUNTS =
      """
      {"Name": "dice counts", "RequestBasedSliConfig": {"RequestBasedSliMetricConfig": {
        "TotalRequestCountMetric": [{"Id": "t", "MetricStat": {"Metric":
          {"Namespace": "Shop", "MetricName": "All"}, "Period": 60, "Stat": "Sum"}}],
        "MonitoredRequestCountMetric": {"BadCountMetric": [{"Id": "b", "MetricStat": {"Metric":
          {"Namespace": "Shop", "MetricName": "Lost"}, "Period": 60, "Stat": "Sum"}}]}}}}
      """;
  private static final String COMPOSITE =
      """
      {"Name": "dice all", "SliConfig": {"MetricThreshold": 99, "ComparisonOperator": "GreaterThan",
        "SliMetricConfig": {
          "KeyAttributes": {"Type": "Service", "Name": "dice", "Environment": "production"},
          "MetricType": "AVAILABILITY", "PeriodSeconds": 60, "CompositeSliConfig": {
            "SelectionConfig": {"Type": "EXPLICIT"}, "Components": [
              {"OperationName": "GET /rolldice"}, {"OperationName": "GET /about"}]}}}}
      """;
  private static final String CANARY =
      """
      {"Name": "dice canary", "SliConfig": {"MetricThreshold": 99, "ComparisonOperator": "GreaterThan",
        "SliMetricConfig": {"MetricSource": {"MetricSourceKeyAttributes": {
            "Type": "AWS::Resource", "ResourceType": "AWS::Synthetics::Canary", "Identifier": "dice"}},
          "MetricType": "AVAILABILITY", "PeriodSeconds": 300}}}
      """;
  private static final String DEPENDENCY =
      """
      {"Name": "dice rates", "SliConfig": {"MetricThreshold": 99, "ComparisonOperator": "GreaterThan",
        "SliMetricConfig": {
          "KeyAttributes": {"Type": "Service", "Name": "dice", "Environment": "production"},
          "MetricType": "AVAILABILITY", "PeriodSeconds": 60, "DependencyConfig": {
            "DependencyKeyAttributes": {"Type": "RemoteService", "Name": "rates:80"},
            "DependencyOperationName": "GET /rates"}}}}
      """;
  private static final String RUNTIME =
      """
      {"Name": "dice threads", "SliConfig": {"MetricThreshold": 99, "ComparisonOperator": "LessThan",
        "SliMetricConfig": {
          "KeyAttributes": {"Type": "Service", "Name": "dice", "Environment": "production"},
          "MetricName": "JVMThreadCount", "Statistic": "Maximum", "PeriodSeconds": 60}}}
      """;

  static Stream<Arguments> everyKindIsRefusedWithTheMemberThatIsWrong() {
    return Stream.of(
        Arguments.of(
            COUNTS, "\"BadCountMetric\"", "\"WorseCountMetric\"", "WorseCountMetric' is not"),
        Arguments.of(
            COUNTS,
            "\"BadCountMetric\": [",
            "\"GoodCountMetric\": [], \"BadCountMetric\": [",
            "Exactly one member must be set"),
        Arguments.of(
            COUNTS,
            "\"TotalRequestCountMetric\": [",
            "\"KeyAttributes\": {}, \"TotalRequestCountMetric\": [",
            "KeyAttributes'"),
        Arguments.of(
            COUNTS,
            "\"TotalRequestCountMetric\": [",
            "\"MetricType\": \"LATENCY\", \"TotalRequestCountMetric\": [",
            "can not be set together"),
        Arguments.of(COMPOSITE, "\"EXPLICIT\"", "\"ALL\"", "SelectionConfig.Type'"),
        Arguments.of(COMPOSITE, "\"EXPLICIT\"", "\"PREFIX\"", "a Pattern for PREFIX"),
        Arguments.of(COMPOSITE, ", {\"OperationName\": \"GET /about\"}", "", "Components'"),
        Arguments.of(COMPOSITE, "{\"OperationName\": \"GET /about\"}", "{}", "Components[1]'"),
        Arguments.of(COMPOSITE, "GET /about", "GET /none", "'GET /none' of service 'dice'"),
        Arguments.of(
            COMPOSITE,
            "\"MetricType\"",
            "\"OperationName\": \"GET /about\", \"MetricType\"",
            "can not be set together"),
        Arguments.of(
            CANARY, ", \"Identifier\": \"dice\"", "", "MetricSourceKeyAttributes.Identifier'"),
        Arguments.of(
            CANARY,
            "\"MetricType\"",
            "\"OperationName\": \"o\", \"MetricType\"",
            "can not be set together"),
        Arguments.of(
            DEPENDENCY, "\"rates:80\"", "\"rates\"", "dependency 'rates' of service 'dice'"),
        Arguments.of(DEPENDENCY, "GET /rates", "GET /other", "for the operation 'GET /other'"),
        Arguments.of(DEPENDENCY, ", \"Name\": \"rates:80\"", "", "DependencyKeyAttributes.Name'"),
        Arguments.of(
            DEPENDENCY,
            ",\n      \"DependencyOperationName\": \"GET /rates\"",
            "",
            "DependencyOperationName'"),
        Arguments.of(
            RUNTIME, "JVMThreadCount", "JVMNothing", "metric 'JVMNothing' has not been reported"),
        Arguments.of(RUNTIME, "\"Statistic\": \"Maximum\", ", "", "Statistic'"),
        Arguments.of(
            RUNTIME,
            "\"Statistic\"",
            "\"MetricType\": \"LATENCY\", \"Statistic\"",
            "can not be set together"),
        Arguments.of(RUNTIME, "\"MetricThreshold\": 99, ", "", "SliConfig.MetricThreshold'"));
  }

  @ParameterizedTest
  @MethodSource
  void everyKindIsRefusedWithTheMemberThatIsWrong(
      String request, String good, String bad, String named) {
    refused(request, good, bad, named);
  }

  @ParameterizedTest
  @ValueSource(strings = {GOOD, MATH, COUNTS, COMPOSITE, CANARY, DEPENDENCY, RUNTIME})
  void theRequestsThatAllThisStartsFromAreGood(String request) {
    var made = create(request).at("Slo");
    assertThat(made.at("Name").text()).isEqualTo(Json.parse(request).at("Name").text());
  }

  static Stream<Arguments> exclusionWindowsAreRefusedWithTheMemberThatIsWrong() {
    return Stream.of(
        Arguments.of("[\"dice\"]", "[]", "'SloIds'"),
        Arguments.of("[\"dice\"]", "[\"a:b\"]", "'SloIds[0]'"),
        Arguments.of("\"DAY\"", "\"WEEK\"", "Window.DurationUnit'"),
        Arguments.of("\"Duration\": 1", "\"Duration\": 0", "Window.Duration'"),
        Arguments.of("\"Window\"", "\"Windows\"", "AddExclusionWindows[0].Window'"),
        Arguments.of("\"StartTime\": 1786190400", "\"StartTime\": \"soon\"", "StartTime'"),
        Arguments.of(
            "\"StartTime\": 1786190400", "\"StartTime\": 1754654400", "StartTime is in the past"),
        Arguments.of("rate(1 day)", "", "RecurrenceRule.Expression'"),
        Arguments.of("rate(1 day)", "daily", "'daily' is no recurrence"),
        Arguments.of("\"works\"", "\"\"", "Reason'"),
        Arguments.of("\"AddExclusionWindows\"", "\"Add\"", "'Add' is not a member"));
  }

  @ParameterizedTest
  @MethodSource
  void exclusionWindowsAreRefusedWithTheMemberThatIsWrong(String good, String bad, String named) {
    var request =
        """
        {"SloIds": ["dice"], "AddExclusionWindows": [
          {"Window": {"DurationUnit": "DAY", "Duration": 1}, "StartTime": 1786190400,
           "RecurrenceRule": {"Expression": "rate(1 day)"}, "Reason": "works"}]}
        """;
    assertThat(call("PATCH", "/exclusion-windows", Map.of(), request).at("Errors").items())
        .extracting(error -> error.at("ErrorCode").text())
        .containsExactly("ResourceNotFoundException");
    assertThat(request).contains(good);
    assertThatThrownBy(
            () -> call("PATCH", "/exclusion-windows", Map.of(), request.replace(good, bad)))
        .isInstanceOfSatisfying(
            AwsError.class, error -> assertThat(error.code()).isEqualTo("ValidationException"))
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @MethodSource
  void aCreateRequestIsRefusedWithTheMemberThatIsWrong(String good, String bad, String named) {
    refused(GOOD, good, bad, named);
  }

  private static void refused(String request, String good, String bad, String named) {
    assertThat(request).contains(good);
    assertThatThrownBy(() -> create(request.replace(good, bad)))
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
        "\"DependencyConfig\": {\"DependencyKeyAttributes\": {\"Type\": \"AWS::Resource\"},"
            + " \"DependencyOperationName\": \"o\"}, \"Statistic\"";
    assertThatThrownBy(() -> create(GOOD.replace("\"Statistic\"", dependency)))
        .hasMessageContaining("'AWS::Resource' is not played");
    for (var statistic : java.util.List.of("IQM", "wm98", "TS(10%:90%)"))
      assertThatThrownBy(
              () -> create(MATH.replace("\"Sum\", \"Unit\"", "\"" + statistic + "\", \"Unit\"")))
          .hasMessageContaining("the statistic " + statistic + " is not played");
    assertThatThrownBy(() -> create(MATH.replace("a / b", "RATE(a) / b")))
        .hasMessageContaining("the function RATE is not played");
    assertThatThrownBy(
            () -> create(CANARY.replace("AWS::Synthetics::Canary", "AWS::RUM::AppMonitor")))
        .hasMessageContaining("'AWS::RUM::AppMonitor'");
    assertThatThrownBy(
            () -> create(GOOD.replace("\"Goal\"", "\"CreateRecommendedSlo\": true, \"Goal\"")))
        .hasMessageContaining("CreateRecommendedSlo is not played");
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
    var measurements = new Measurements(new MetricStore(new Minutes(new Pace(1))));
    measurements.add(
        new Request(
            new ServiceKey("dice", "production"), "GET /rolldice", now, 20, Request.Outcome.OK));
    measurements.add(
        new Request(
            new ServiceKey("dice", "production"), "GET /about", now, 20, Request.Outcome.OK));
    measurements.add(
        new Call(
            new ServiceKey("dice", "production"),
            "GET /rolldice",
            "rates:80",
            "GET /rates",
            now,
            5,
            Request.Outcome.OK));
    measurements.add(new ServiceKey("dice", "production"), "JVMThreadCount", now, 20);
    var service =
        new ApplicationSignals(
            measurements,
            Clock.fixed(now, ZoneOffset.UTC),
            "ap-northeast-1",
            "123456789012",
            Limits.AWS);
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
