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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import slipway.aws.Clients;
import slipway.config.SloDependency;
import slipway.config.SloExclusion;
import slipway.config.SloSpan;
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

  private static final String NO_WINDOWS = "{\"ExclusionWindows\":[]}";

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
    assertThat(signals.create(objective(fast("f1", "p99", 300)), OWNER)).contains(ARN + "f1");
    assertThat(wire.targets()).containsExactly("POST /slo");
    assertThat(body(0))
        .isEqualTo(
            Json.parse(
                """
                {"Name":"f1",
                 "Description":"Declared in slipway.yaml for service dice; a change made elsewhere is undone.",
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
    assertThat(signals.create(objective(fast("f1", "p99", 300)), OWNER)).isEmpty();
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
                {"Description":"Declared in slipway.yaml for service dice; a change made elsewhere is undone.",
                 "SliConfig":{"SliMetricConfig":{"KeyAttributes":{"Environment":"production","Name":"dice","Type":"Service"},
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
        .answers(NO_WINDOWS);
    assertThat(signals.of(OWNER, Set.of("a1")))
        .extracting(found -> found.objective().name())
        .containsExactly("f1");
    assertThat(wire.targets()).hasSize(5).noneMatch(target -> target.contains("w1"));
  }

  @Test
  void anExistingSloIsReadFromItsQueriesAndDefaults() {
    wire.answers(slo("f1", LATENCY)).answers(OURS).answers(NO_WINDOWS);
    var found = signals.find("f1").orElseThrow();
    assertThat(wire.targets())
        .containsExactly(
            "GET /slo/f1",
            "GET /tags?ResourceArn=arn%3Aaws%3Aapplication-signals%3Aap-northeast-1%3A123456789012%3Aslo%2Ff1",
            "GET /slo/arn%3Aaws%3Aapplication-signals%3Aap-northeast-1%3A123456789012%3Aslo%2Ff1/exclusion-windows?MaxResults=10");
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
        .answers(OURS)
        .answers(NO_WINDOWS);
    assertThat(
            objective(available("a1", 99.9))
                .differences(signals.find("a1").orElseThrow().objective()))
        .containsExactly(new Objective.Difference("counts", "periods", "requests", true));
  }

  @Test
  void anSloThatDoesNotExistIsNotFound() {
    wire.refuses(404, "ResourceNotFoundException", "{\"Message\":\"no\"}");
    assertThat(signals.find("a1")).isEmpty();
  }

  @Test
  void callsOfAServiceAreReadWithTheOperationThatMadeThem() {
    wire.answers(
        """
        {"ServiceDependencies":[{"OperationName":"GET /rolldice",
          "DependencyKeyAttributes":{"Type":"Service","Name":"cards","Environment":"production"},
          "DependencyOperationName":"GET /cards","MetricReferences":[]}]}\
        """);
    assertThat(signals.calls(SUBJECT))
        .containsExactly(
            new Catalog.Call(
                "GET /rolldice",
                new SloDependency(
                    Map.of("Type", "Service", "Name", "cards", "Environment", "production"),
                    "GET /cards")));
    assertThat(wire.targets())
        .containsExactly(
            "POST /service-dependencies?StartTime=2026-08-03T01%3A00%3A00Z&EndTime=2026-08-04T01%3A00%3A00Z&MaxResults=100");
    assertThat(body(0)).isEqualTo(Json.parse("{\"KeyAttributes\":" + SUBJECT_JSON + "}"));
  }

  @Test
  void anSloOnCloudWatchIsOfNoServiceAndMayStillBeOurs() {
    wire.answers(
            "{\"SloSummaries\":[{\"Arn\":\"%sc1\",\"Name\":\"c1\",\"CreatedTime\":1785800000,\"MetricSourceType\":\"CloudWatchMetric\"}]}"
                .formatted(ARN))
        .answers(OURS)
        .answers(
            slo(
                "c1",
                "\"Sli\":{\"SliMetric\":{\"MetricDataQueries\":[]},\"MetricThreshold\":1,\"ComparisonOperator\":\"GreaterThan\"}"))
        .answers(NO_WINDOWS);
    assertThat(signals.of(OWNER, Set.of()))
        .extracting(found -> found.objective().name())
        .containsExactly("c1");
  }

  @Test
  void aUsedUpQuotaIsNamedWithWhatToDo() {
    wire.refuses(402, "ServiceQuotaExceededException", "{\"Message\":\"100 of service dice\"}");
    assertThatThrownBy(() -> signals.create(objective(available("a1", 99.9)), OWNER))
        .hasMessageContaining("100 of service dice")
        .hasMessageContaining("250 SLOs in a Region, and 100 of one service")
        .hasMessageContaining("Service Quotas");
  }

  @Test
  void exclusionsAreRemovedAsTheyWereReadAndThenAdded() {
    wire.answers("{\"SloIds\":[],\"Errors\":[]}").answers("{\"SloIds\":[],\"Errors\":[]}");
    var old =
        new SloExclusion(
            Optional.of(Instant.parse("2026-08-01T00:00:00.250Z")),
            new SloSpan(120, SloSpan.Unit.MINUTE),
            Optional.of("RATE(1 day)"),
            Optional.of("No reason"));
    var next =
        new SloExclusion(
            Optional.of(NOW),
            new SloSpan(2, SloSpan.Unit.HOUR),
            Optional.empty(),
            Optional.of("Move"));
    signals.exclude(ARN + "a1", new Exclusions(List.of(next), List.of(old)));
    assertThat(wire.targets())
        .containsExactly("PATCH /exclusion-windows", "PATCH /exclusion-windows");
    assertThat(body(0))
        .isEqualTo(
            Json.parse(
                """
                {"SloIds":["%sa1"],"RemoveExclusionWindows":[{"Window":{"DurationUnit":"MINUTE","Duration":120},
                  "StartTime":1785542400.25,"RecurrenceRule":{"Expression":"RATE(1 day)"},"Reason":"No reason"}]}
                """
                    .formatted(ARN)));
    assertThat(body(1))
        .isEqualTo(
            Json.parse(
                """
                {"SloIds":["%sa1"],"AddExclusionWindows":[{"Window":{"DurationUnit":"HOUR","Duration":2},
                  "StartTime":1785805200.0,"Reason":"Move"}]}
                """
                    .formatted(ARN)));
  }

  @Test
  void aRefusedExclusionIsAnErrorAlthoughTheAnswerIsNot() {
    wire.answers(
        "{\"SloIds\":[],\"Errors\":[{\"SloId\":\"a1\",\"ErrorCode\":\"ValidationException\",\"ErrorMessage\":\"in"
            + " the past\"}]}");
    var daily =
        new SloExclusion(
            Optional.empty(),
            new SloSpan(2, SloSpan.Unit.HOUR),
            Optional.of("rate(1 day)"),
            Optional.empty());
    assertThatThrownBy(() -> signals.exclude("a1", new Exclusions(List.of(daily), List.of())))
        .hasMessage("its exclusions could not be changed: ValidationException: in the past");
    assertThat(body(0))
        .isEqualTo(
            Json.parse(
                """
                {"SloIds":["a1"],"AddExclusionWindows":[{"Window":{"DurationUnit":"HOUR","Duration":2},
                  "RecurrenceRule":{"Expression":"rate(1 day)"}}]}
                """));
  }

  @Test
  void tagsAreTakenAwayAndSetWithTheArn() {
    wire.answers("{}").answers("{}");
    signals.tag(ARN + "a1", Map.of("tier", "1", "team", "dice"), Set.of("old"));
    assertThat(wire.targets()).containsExactly("POST /untag-resource", "POST /tag-resource");
    assertThat(body(0))
        .isEqualTo(Json.parse("{\"ResourceArn\":\"" + ARN + "a1\",\"TagKeys\":[\"old\"]}"));
    assertThat(body(1))
        .isEqualTo(
            Json.parse(
                "{\"ResourceArn\":\"%sa1\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"dice\"},{\"Key\":\"tier\",\"Value\":\"1\"}]}"
                    .formatted(ARN)));
  }

  @Test
  void tooManyTagsAreSaidToBe() {
    wire.refuses(402, "ServiceQuotaExceededException", "{\"Message\":\"50 tags\"}");
    assertThatThrownBy(() -> signals.tag(ARN + "a1", Map.of("a", "b"), Set.of()))
        .hasMessage(
            "the quota of 50 tags on an SLO is used up (50 tags (Service: ApplicationSignals,"
                + " Status Code: 402, Request ID: null) (SDK Attempt Count: 1)): take some out of"
                + " slipway.yaml");
  }
}
