package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.slo.Samples.OWNER;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import slipway.aws.Clients;
import slipway.config.Configs;
import slipway.config.Slo;
import slipway.json.Json;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;

/** Each kind of SLO on its whole way: as it is declared, as it is created, and as it is read. */
class KindsTest {
  private static final String SERVICE =
      "\"KeyAttributes\":{\"Environment\":\"production\",\"Name\":\"dice\",\"Type\":\"Service\"}";
  private static final String CARDS =
      "\"DependencyConfig\":{\"DependencyKeyAttributes\":{\"Environment\":\"production\",\"Name\":\"cards\",\"Type\":\"Service\"},\"DependencyOperationName\":\"GET"
          + " /cards\"}";
  private static final String OWN =
      "\"MetricDataQueries\":[{\"Id\":\"m1\",\"ReturnData\":true,\"MetricStat\":{\"Metric\":{\"Namespace\":\"ApplicationSignals\",\"MetricName\":\"Latency\"},\"Period\":%d,\"Stat\":\"%s\"}}]";
  private static final String COUNTED =
      "\"TotalRequestCountMetric\":[],\"MonitoredRequestCountMetric\":{\"BadCountMetric\":[]}";

  private Wire wire;
  private ApplicationSignals signals;

  @BeforeEach
  void start() throws IOException {
    wire = new Wire();
    signals =
        new ApplicationSignals(
            Clients.paced(
                ApplicationSignalsClient.builder()
                    .region(Region.AP_NORTHEAST_1)
                    .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")))
                    .endpointOverride(wire.uri())),
            Samples.CLOCK);
  }

  @AfterEach
  void stop() {
    wire.close();
  }

  static Stream<Arguments> kinds() {
    return Stream.of(
        kind(
            "availability of the whole service",
            "\"availability\": 99.9, \"threshold\": \"> 95\", \"period\": \"5 minutes\"",
            """
            "SliConfig":{"SliMetricConfig":{%s,"MetricType":"AVAILABILITY","PeriodSeconds":300},
              "MetricThreshold":95.0,"ComparisonOperator":"GreaterThan"}\
            """
                .formatted(SERVICE),
            """
            "EvaluationType":"PeriodBased","MetricSourceType":"Service",
            "Sli":{"SliMetric":{%s,"MetricType":"AVAILABILITY",%s},"MetricThreshold":95,"ComparisonOperator":"GreaterThan"}\
            """
                .formatted(SERVICE, OWN.formatted(300, "Average"))),
        kind(
            "request-based availability of an operation",
            "\"operation\": \"GET /\", \"availability\": 99.9, \"per\": \"request\"",
            """
            "RequestBasedSliConfig":{"RequestBasedSliMetricConfig":{%s,"OperationName":"GET /","MetricType":"AVAILABILITY"}}\
            """
                .formatted(SERVICE),
            """
            "EvaluationType":"RequestBased",
            "RequestBasedSli":{"RequestBasedSliMetric":{%s,"OperationName":"GET /","MetricType":"AVAILABILITY",%s}}\
            """
                .formatted(SERVICE, COUNTED)),
        kind(
            "request-based latency",
            "\"operation\": \"GET /\", \"latency\": \"1.5s\", \"per\": \"request\", \"goal\": 99.9",
            """
            "RequestBasedSliConfig":{"RequestBasedSliMetricConfig":{%s,"OperationName":"GET /","MetricType":"LATENCY"},
              "MetricThreshold":1500.0,"ComparisonOperator":"LessThanOrEqualTo"}\
            """
                .formatted(SERVICE),
            """
            "EvaluationType":"RequestBased",
            "RequestBasedSli":{"RequestBasedSliMetric":{%s,"OperationName":"GET /","MetricType":"LATENCY",%s},
              "MetricThreshold":1500,"ComparisonOperator":"LessThanOrEqualTo"}\
            """
                .formatted(SERVICE, COUNTED)),
        kind(
            "latency of a dependency in an operation",
            """
            "operation": "GET /", "latency": {"tm99": "20ms"}, "goal": 99.9,
            "dependency": {"name": "cards", "environment": "production", "operation": "GET /cards"}\
            """,
            """
            "SliConfig":{"SliMetricConfig":{%s,"OperationName":"GET /",%s,"MetricType":"LATENCY","Statistic":"tm99","PeriodSeconds":60},
              "MetricThreshold":20.0,"ComparisonOperator":"LessThanOrEqualTo"}\
            """
                .formatted(SERVICE, CARDS),
            """
            "EvaluationType":"PeriodBased","MetricSourceType":"ServiceDependency",
            "Sli":{"SliMetric":{%s,"OperationName":"GET /",%s,"MetricType":"LATENCY",%s},"MetricThreshold":20,"ComparisonOperator":"LessThanOrEqualTo"}\
            """
                .formatted(
                    SERVICE,
                    CARDS.replace("\"Environment\"", "\"AwsAccountId\":\"1\",\"Environment\""),
                    OWN.formatted(60, "TM99.0"))),
        kind(
            "availability of a table of DynamoDB, called anywhere",
            """
            "availability": 99.9, "per": "request",
            "dependency": {"type": "AWS::Resource", "resourceType": "AWS::DynamoDB::Table", "identifier": "rolls", "operation": "PutItem"}\
            """,
            """
            "RequestBasedSliConfig":{"RequestBasedSliMetricConfig":{%s,"MetricType":"AVAILABILITY",
              "DependencyConfig":{"DependencyKeyAttributes":{"Identifier":"rolls","ResourceType":"AWS::DynamoDB::Table","Type":"AWS::Resource"},"DependencyOperationName":"PutItem"}}}\
            """
                .formatted(SERVICE),
            """
            "EvaluationType":"RequestBased",
            "RequestBasedSli":{"RequestBasedSliMetric":{%s,"MetricType":"AVAILABILITY",
              "DependencyConfig":{"DependencyKeyAttributes":{"Identifier":"rolls","ResourceType":"AWS::DynamoDB::Table","Type":"AWS::Resource"},"DependencyOperationName":"PutItem"},%s}}\
            """
                .formatted(SERVICE, COUNTED)),
        kind(
            "a metric of CloudWatch",
            """
            "name": "canary", "threshold": ">= 90", "goal": 99.9, "period": "5 minutes",
            "metric": {"namespace": "CloudWatchSynthetics", "name": "SuccessPercent", "dimensions": {"CanaryName": "slipway-dice"}, "statistic": "Average", "unit": "Percent"}\
            """,
            """
            "SliConfig":{"SliMetricConfig":{"MetricDataQueries":[{"Id":"m1","ReturnData":true,"MetricStat":{
              "Metric":{"Namespace":"CloudWatchSynthetics","MetricName":"SuccessPercent","Dimensions":[{"Name":"CanaryName","Value":"slipway-dice"}]},
              "Period":300,"Stat":"Average","Unit":"Percent"}}]},
              "MetricThreshold":90.0,"ComparisonOperator":"GreaterThanOrEqualTo"}\
            """,
            """
            "EvaluationType":"PeriodBased","MetricSourceType":"CloudWatchMetric",
            "Sli":{"SliMetric":{"MetricDataQueries":[{"Id":"m1","AccountId":"123456789012","MetricStat":{
              "Metric":{"Namespace":"CloudWatchSynthetics","MetricName":"SuccessPercent","Dimensions":[{"Name":"CanaryName","Value":"slipway-dice"}]},
              "Period":300,"Stat":"Average","Unit":"Percent"}}]},
              "MetricThreshold":90,"ComparisonOperator":"GreaterThanOrEqualTo"}\
            """),
        kind(
            "metric math",
            """
            "name": "served", "threshold": "> 99.5", "goal": 99.9,
            "metric": {"requests": {"namespace": "A", "name": "RequestCount", "statistic": "Sum"},
                       "served": {"expression": "100 - requests / 7", "returned": true}}\
            """,
            """
            "SliConfig":{"SliMetricConfig":{"MetricDataQueries":[
              {"Id":"requests","ReturnData":false,"MetricStat":{"Metric":{"Namespace":"A","MetricName":"RequestCount","Dimensions":[]},"Period":60,"Stat":"Sum"}},
              {"Id":"served","ReturnData":true,"Expression":"100 - requests / 7"}]},
              "MetricThreshold":99.5,"ComparisonOperator":"GreaterThan"}\
            """,
            """
            "EvaluationType":"PeriodBased","MetricSourceType":"CloudWatchMetric",
            "Sli":{"SliMetric":{"MetricDataQueries":[
              {"Id":"served","ReturnData":true,"Expression":"100 - requests / 7","Label":"served"},
              {"Id":"requests","ReturnData":false,"MetricStat":{"Metric":{"Namespace":"A","MetricName":"RequestCount"},"Period":60,"Stat":"Sum"}}]},
              "MetricThreshold":99.5,"ComparisonOperator":"GreaterThan"}\
            """),
        kind(
            "a query of Metrics Insights, which has its own period",
            """
            "name": "busy", "threshold": "< 80", "goal": 99.9,
            "metric": {"expression": "SELECT MAX(CPUUtilization) FROM \\"AWS/ECS\\""}\
            """,
            """
            "SliConfig":{"SliMetricConfig":{"MetricDataQueries":[{"Id":"m1","ReturnData":true,"Period":60,"Expression":"SELECT MAX(CPUUtilization) FROM \\"AWS/ECS\\""}]},
              "MetricThreshold":80.0,"ComparisonOperator":"LessThan"}\
            """,
            """
            "EvaluationType":"PeriodBased","MetricSourceType":"CloudWatchMetric",
            "Sli":{"SliMetric":{"MetricDataQueries":[{"Id":"m1","ReturnData":true,"Period":60,"Expression":"SELECT MAX(CPUUtilization) FROM \\"AWS/ECS\\""}]},
              "MetricThreshold":80,"ComparisonOperator":"LessThan"}\
            """),
        kind(
            "requests that CloudWatch counts",
            """
            "name": "balanced", "goal": 99.9,
            "requests": {"total": {"namespace": "A", "name": "RequestCount", "statistic": "Sum"},
                         "bad": {"namespace": "A", "name": "HTTPCode_Target_5XX_Count", "statistic": "Sum"}}\
            """,
            """
            "RequestBasedSliConfig":{"RequestBasedSliMetricConfig":{
              "TotalRequestCountMetric":[{"Id":"m1","ReturnData":true,"MetricStat":{"Metric":{"Namespace":"A","MetricName":"RequestCount","Dimensions":[]},"Period":60,"Stat":"Sum"}}],
              "MonitoredRequestCountMetric":{"BadCountMetric":[{"Id":"m1","ReturnData":true,"MetricStat":{"Metric":{"Namespace":"A","MetricName":"HTTPCode_Target_5XX_Count","Dimensions":[]},"Period":60,"Stat":"Sum"}}]}}}\
            """,
            """
            "EvaluationType":"RequestBased",
            "RequestBasedSli":{"RequestBasedSliMetric":{
              "TotalRequestCountMetric":[{"Id":"m1","MetricStat":{"Metric":{"Namespace":"A","MetricName":"RequestCount"},"Period":60,"Stat":"Sum"}}],
              "MonitoredRequestCountMetric":{"BadCountMetric":[{"Id":"m1","MetricStat":{"Metric":{"Namespace":"A","MetricName":"HTTPCode_Target_5XX_Count"},"Period":60,"Stat":"Sum"}}]}}}\
            """));
  }

  private static Arguments kind(String name, String declared, String asked, String answered) {
    return Arguments.argumentSet(name, declared, asked, answered);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void isAskedForExactlySoAndRecognised(String declared, String asked, String answered) {
    var slo = slo(declared);
    var objective = Samples.objective(slo);
    wire.answers("{\"Slo\":" + answer(slo, answered) + "}");
    assertThat(signals.create(objective, OWNER))
        .contains("arn:aws:application-signals:ap-northeast-1:123456789012:slo/one");
    var body = Json.parse(wire.requests.getFirst().body());
    var wanted = Json.parse("{" + asked + "}").members();
    assertThat(body.members()).containsAllEntriesOf(wanted);
    assertThat(body.members().keySet())
        .containsOnly(
            "Name",
            "Description",
            "Goal",
            "BurnRateConfigurations",
            "Tags",
            wanted.keySet().iterator().next());

    wire.answers("{\"Slo\":" + answer(slo, answered) + "}")
        .answers("{\"Tags\":[]}")
        .answers("{\"ExclusionWindows\":[]}");
    var found = signals.find(slo.name()).orElseThrow().objective();
    assertThat(objective.differences(found)).isEmpty();
    assertThat(found).hasToString(objective.toString());

    wire.answers("{\"Slo\":" + answer(slo, answered) + "}");
    signals.update("one", objective);
    assertThat(Json.parse(wire.requests.getLast().body()).members()).containsAllEntriesOf(wanted);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void noneCanBecomeAnother(String declared, String asked, String answered) {
    var objective = Samples.objective(slo(declared));
    assertThat(
            kinds()
                .map(kind -> Samples.objective(slo((String) kind.get()[0])))
                .filter(other -> !other.indicator().equals(objective.indicator()))
                .map(objective::differences))
        .hasSize(8)
        .allMatch(differences -> differences.stream().anyMatch(Objective.Difference::fixed));
  }

  private static String answer(Slo slo, String answered) {
    var windows =
        slo.burnWindows().stream()
            .map(minutes -> "{\"LookBackWindowMinutes\":%d}".formatted(minutes))
            .toList();
    return """
    {"Arn":"arn:aws:application-signals:ap-northeast-1:123456789012:slo/one","Name":"%s","CreatedTime":1785800000,"LastUpdatedTime":1785800000,
     "Goal":{"AttainmentGoal":%s},"BurnRateConfigurations":%s,%s}\
    """
        .formatted(slo.name(), slo.goal(), windows, answered);
  }

  private static Slo slo(String declared) {
    return Configs.fromJson(
            Json.parse(
                """
                {"stack": "slipway", "repository": "example/dice", "services": {"dice": {
                 "containers": {"app": {"build": "app", "port": 8080}}, "slos": [{%s}]}}}
                """
                    .formatted(declared)))
        .services()
        .getFirst()
        .slos()
        .getFirst();
  }
}
