package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.slo.Samples.OWNER;
import static slipway.slo.Samples.SUBJECT;
import static slipway.slo.Samples.available;
import static slipway.slo.Samples.fast;
import static slipway.slo.Samples.objective;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import slipway.aws.Clients;
import slipway.json.Json;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.applicationsignals.model.ValidationException;

/** What goes over the wire, and what is made of the answers. */
class ApplicationSignalsTest {
  private static final Instant NOW = Instant.parse("2026-08-04T01:00:00Z");
  private static final String ARN = "arn:aws:application-signals:ap-northeast-1:123456789012:slo/";
  private static final String SUBJECT_JSON =
      "{\"Environment\":\"production\",\"Name\":\"dice\",\"Type\":\"Service\"}";
  private static final String OURS =
      "{\"Tags\":[{\"Key\":\"slipway:stack\",\"Value\":\"slipway\"},{\"Key\":\"slipway:service\",\"Value\":\"dice\"}]}";

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
            Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void stop() {
    wire.close();
  }

  private Json body(int request) {
    return Json.parse(wire.requests.get(request).body());
  }

  private static String summary(String name, String service) {
    return """
    {"Arn":"%s%s","Name":"%s","KeyAttributes":{"Type":"Service","Name":"%s","Environment":"production"},"OperationName":"GET /rolldice","CreatedTime":1785800000}\
    """
        .formatted(ARN, name, name, service);
  }

  private static String slo(String name, String sli) {
    return """
    {"Slo":{"Arn":"%s%s","Name":"%s","CreatedTime":1785800000,"LastUpdatedTime":1785800000,"EvaluationType":"PeriodBased",%s}}\
    """
        .formatted(ARN, name, name, sli);
  }

  private static final String LATENCY =
      """
      "Sli":{"SliMetric":{"KeyAttributes":%s,"OperationName":"GET /rolldice","MetricType":"LATENCY","MetricDataQueries":[
        {"Id":"m1","ReturnData":true,"MetricStat":{"Metric":{"Namespace":"ApplicationSignals","MetricName":"Latency","Dimensions":[]},"Period":60,"Stat":"p99"}}]},
        "MetricThreshold":300,"ComparisonOperator":"LessThanOrEqualTo"}\
      """
          .formatted(SUBJECT_JSON);

  @Test
  void servicesOfTheLastDayAreReadPageByPageAndOnlyAsFarAsNeeded() {
    wire.answers(
            "{\"ServiceSummaries\":[{\"KeyAttributes\":{\"Type\":\"Service\",\"Name\":\"web\",\"Environment\":\"production\"}}],\"NextToken\":\"t1\"}")
        .answers(
            "{\"ServiceSummaries\":[{\"KeyAttributes\":"
                + SUBJECT_JSON
                + "}],\"NextToken\":\"t2\"}");
    assertThat(signals.services().filter(SUBJECT::equals).findFirst()).contains(SUBJECT);
    assertThat(wire.targets())
        .containsExactly(
            "GET /services?StartTime=2026-08-03T01%3A00%3A00Z&EndTime=2026-08-04T01%3A00%3A00Z&MaxResults=100",
            "GET /services?StartTime=2026-08-03T01%3A00%3A00Z&EndTime=2026-08-04T01%3A00%3A00Z&MaxResults=100&NextToken=t1");
    assertThat(wire.requests.getFirst().authorization())
        .contains("/ap-northeast-1/application-signals/aws4_request");
  }

  @Test
  void operationsAreAskedForWithTheKeyAttributesAsReported() {
    wire.answers("{\"ServiceOperations\":[{\"Name\":\"GET /rolldice\",\"MetricReferences\":[]}]}");
    assertThat(signals.operations(SUBJECT)).containsExactly("GET /rolldice");
    assertThat(wire.targets().getFirst()).startsWith("POST /service-operations?");
    assertThat(body(0)).isEqualTo(Json.parse("{\"KeyAttributes\":" + SUBJECT_JSON + "}"));
  }

  @Test
  void aLatencySloIsCreatedWithAllItsMembers() {
    wire.answers(slo("f1", LATENCY));
    assertThat(signals.create(objective(fast("f1", "p99", 300)), OWNER)).isTrue();
    assertThat(wire.targets()).containsExactly("POST /slo");
    assertThat(body(0))
        .isEqualTo(
            Json.parse(
                """
                {"Name":"f1",
                 "Description":"Declared in slipway.yaml of stack slipway for service dice; a change made elsewhere is undone.",
                 "SliConfig":{"SliMetricConfig":{"KeyAttributes":{"Environment":"production","Name":"dice","Type":"Service"},
                   "OperationName":"GET /rolldice","MetricType":"LATENCY","Statistic":"p99","PeriodSeconds":60},
                   "MetricThreshold":300.0,"ComparisonOperator":"LessThanOrEqualTo"},
                 "Goal":{"Interval":{"RollingInterval":{"DurationUnit":"DAY","Duration":7}},"AttainmentGoal":99.0,"WarningThreshold":50.0},
                 "Tags":[{"Key":"slipway:service","Value":"dice"},{"Key":"slipway:stack","Value":"slipway"}],
                 "BurnRateConfigurations":[{"LookBackWindowMinutes":5},{"LookBackWindowMinutes":30},{"LookBackWindowMinutes":60},{"LookBackWindowMinutes":360},{"LookBackWindowMinutes":4320}]}
                """));
  }

  @Test
  void aTakenNameIsNoError() {
    wire.refuses(409, "ConflictException", "{\"Message\":\"f1 exists\"}");
    assertThat(signals.create(objective(fast("f1", "p99", 300)), OWNER)).isFalse();
  }

  @Test
  void aRefusalKeepsItsReason() {
    wire.refuses(400, "ValidationException", "{\"message\":\"no metrics\"}");
    assertThatThrownBy(() -> signals.create(objective(available("a1", 99.9)), OWNER))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("no metrics");
  }

  @Test
  void anUpdateGoesOutAsPatchWithTheWholeObjective() {
    wire.answers(slo("a1", LATENCY));
    signals.update(ARN + "a1", objective(available("a1", 99.9)));
    assertThat(wire.targets())
        .containsExactly(
            "PATCH"
                + " /slo/arn%3Aaws%3Aapplication-signals%3Aap-northeast-1%3A123456789012%3Aslo%2Fa1");
    assertThat(body(0))
        .isEqualTo(
            Json.parse(
                """
                {"SliConfig":{"SliMetricConfig":{"KeyAttributes":{"Environment":"production","Name":"dice","Type":"Service"},
                   "OperationName":"GET /rolldice","MetricType":"AVAILABILITY","PeriodSeconds":60},
                   "MetricThreshold":99.9,"ComparisonOperator":"GreaterThanOrEqualTo"},
                 "Goal":{"Interval":{"RollingInterval":{"DurationUnit":"DAY","Duration":7}},"AttainmentGoal":99.9,"WarningThreshold":50.0},
                 "BurnRateConfigurations":[{"LookBackWindowMinutes":5},{"LookBackWindowMinutes":30},{"LookBackWindowMinutes":60},{"LookBackWindowMinutes":360},{"LookBackWindowMinutes":4320}]}
                """));
    assertThat(wire.requests.getFirst().authorization()).contains("aws4_request");
  }

  @Test
  void aThrottledUpdateIsTriedAgain() {
    wire.refuses(429, "ThrottlingException", "{\"Message\":\"slow down\"}")
        .answers(slo("a1", LATENCY));
    signals.update("a1", objective(available("a1", 99.9)));
    assertThat(wire.targets()).containsExactly("PATCH /slo/a1", "PATCH /slo/a1");
  }

  @Test
  void whatIsGoneNeedsNoDeletion() {
    wire.refuses(404, "ResourceNotFoundException", "{\"Message\":\"no\"}");
    signals.delete("a1");
    assertThat(wire.targets()).containsExactly("DELETE /slo/a1");
  }

  @Test
  void onlySlosThatCanBeTheServicesAreAskedForTheirTags() {
    wire.answers(
            "{\"SloSummaries\":["
                + String.join(
                    ",", summary("w1", "web"), summary("theirs", "dice"), summary("f1", "dice"))
                + "]}")
        .answers("{\"Tags\":[]}")
        .answers(OURS)
        .answers(slo("f1", LATENCY))
        .answers(OURS);
    assertThat(signals.of(OWNER, Set.of("a1")))
        .extracting(found -> found.objective().name())
        .containsExactly("f1");
    assertThat(wire.targets()).hasSize(5).noneMatch(target -> target.contains("w1"));
  }

  @Test
  void anExistingSloIsReadFromItsQueriesAndDefaults() {
    wire.answers(slo("f1", LATENCY)).answers(OURS);
    var found = signals.find("f1").orElseThrow();
    assertThat(wire.targets())
        .containsExactly(
            "GET /slo/f1",
            "GET /tags?ResourceArn=arn%3Aaws%3Aapplication-signals%3Aap-northeast-1%3A123456789012%3Aslo%2Ff1");
    assertThat(found.owner()).isEqualTo(Optional.of(OWNER));
    // The answer has neither goal nor burn rates: 99 % over 7 days, warning at 50 %, no windows.
    assertThat(objective(fast("f1", "p99", 300)).differences(found.objective()))
        .extracting(Objective.Difference::field)
        .containsExactly("burn-rate windows");
  }

  @Test
  void aRequestBasedSloIsReadAsOneThatMustBeReplaced() {
    wire.answers(
            slo(
                "a1",
                "\"RequestBasedSli\":{\"RequestBasedSliMetric\":{\"KeyAttributes\":"
                    + SUBJECT_JSON
                    + ",\"OperationName\":\"GET"
                    + " /rolldice\",\"MetricType\":\"AVAILABILITY\",\"TotalRequestCountMetric\":[],\"MonitoredRequestCountMetric\":{\"BadCountMetric\":[]}}}"))
        .answers(OURS);
    assertThat(
            objective(available("a1", 99.9))
                .differences(signals.find("a1").orElseThrow().objective()))
        .containsExactly(new Objective.Difference("metric", "availability", "other", true));
  }

  @Test
  void anSloThatDoesNotExistIsNotFound() {
    wire.refuses(404, "ResourceNotFoundException", "{\"Message\":\"no\"}");
    assertThat(signals.find("a1")).isEmpty();
  }
}
