package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.audit.Samples.fast;
import static slipway.audit.Samples.objective;
import static slipway.audit.Samples.owned;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import slipway.RecordingServer;
import slipway.RecordingServer.Reply;
import slipway.json.Json;
import slipway.slo.Ownership;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;

/** What goes over the wire, and what is made of the answers. */
class SignalsSlosTest {
  private static final Instant NOW = Instant.parse("2026-08-04T01:00:00Z");
  private static final String ARN = "arn:aws:application-signals:ap-northeast-1:123456789012:slo/";
  private static final String SUBJECT =
      "{\"Environment\":\"production\",\"Name\":\"dice\",\"Type\":\"Service\"}";
  private static final String OURS =
      "{\"Tags\":[{\"Key\":\"slipway:stack\",\"Value\":\"slipway\"},{\"Key\":\"slipway:service\",\"Value\":\"dice\"}]}";

  private final Deque<String> answers = new ArrayDeque<>();
  private boolean gone;
  private final RecordingServer server =
      new RecordingServer(
          _ ->
              gone
                  ? new Reply(
                      404,
                      "{\"Message\":\"no\"}",
                      Map.of("x-amzn-ErrorType", "ResourceNotFoundException"))
                  : Reply.ok(answers.pop()));
  private final SignalsSlos signals =
      new SignalsSlos(server.client(ApplicationSignalsClient.builder()));

  @AfterEach
  void stop() {
    server.close();
  }

  private void answers(String... bodies) {
    answers.addAll(Arrays.asList(bodies));
  }

  private static String summary(String name, String service) {
    return """
    {"Arn":"%s%s","Name":"%s","KeyAttributes":{"Type":"Service","Name":"%s","Environment":"production"},"OperationName":"GET /rolldice","CreatedTime":1785800000}\
    """
        .formatted(ARN, name, name, service);
  }

  private static final String LATENCY =
      """
      "Sli":{"SliMetric":{"KeyAttributes":%s,"OperationName":"GET /rolldice","MetricType":"LATENCY","MetricDataQueries":[
        {"Id":"m1","ReturnData":true,"MetricStat":{"Metric":{"Namespace":"ApplicationSignals","MetricName":"Latency","Dimensions":[]},"Period":60,"Stat":"p99"}}]},
        "MetricThreshold":300,"ComparisonOperator":"LessThanOrEqualTo"}\
      """
          .formatted(SUBJECT);

  @Test
  void budgetsAreReadInOneRequestWithTheirProblems() {
    answers(
        """
        {"Timestamp":1785805200,
         "Reports":[{"Arn":"arn:f1","Name":"f1","EvaluationType":"PeriodBased","BudgetStatus":"WARNING","Attainment":99.4,
           "TotalBudgetSeconds":6048,"BudgetSecondsRemaining":1200,%s,"Goal":{"AttainmentGoal":99}},
          {"Arn":"arn:a1","Name":"a1","BudgetStatus":"INSUFFICIENT_DATA"}],
         "Errors":[{"Name":"b2","Arn":"arn:b2","ErrorCode":"ResourceNotFoundException","ErrorMessage":"no"}]}\
        """
            .formatted(LATENCY));
    var budgets = signals.budgets(List.of(owned("a1"), owned("b2"), owned("f1")), NOW);
    var call = server.calls().getFirst();
    assertThat(call.method() + " " + call.path()).isEqualTo("POST /budget-report");
    assertThat(call.json().at("SloIds").items().stream().map(Json::text))
        .containsExactly("arn:a1", "arn:b2", "arn:f1");
    assertThat(call.json().at("Timestamp").number()).isEqualTo(NOW.getEpochSecond());
    assertThat(budgets)
        .extracting(Budget::status)
        .containsExactly(Status.NO_DATA, Status.NO_DATA, Status.WARNING);
    assertThat(budgets.get(1).problem())
        .contains("no budget report: ResourceNotFoundException: no");
    assertThat(budgets.get(2).left()).contains(new Budget.Left("seconds", 6048, 1200));
    assertThat(
            objective(fast("f1", "p99", 300)).differences(budgets.get(2).objective().orElseThrow()))
        .isEmpty();
  }

  @Test
  void allSlosAreListedPageByPage() {
    answers(
        "{\"SloSummaries\":[" + summary("f1", "dice") + "],\"NextToken\":\"t 1\"}",
        "{\"SloSummaries\":[{\"Arn\":\"arn:m1\",\"Name\":\"m1\"}]}");
    assertThat(signals.list(Optional.empty()))
        .isEqualTo(
            new Slos.Page(
                List.of(
                    new Slos.Listed(
                        ARN + "f1",
                        "f1",
                        Optional.of(Stage.DICE),
                        Instant.ofEpochSecond(1785800000))),
                Optional.of("t 1")));
    assertThat(signals.list(Optional.of("t 1")).slos())
        .containsExactly(new Slos.Listed("arn:m1", "m1", Optional.empty(), Instant.EPOCH));
    assertThat(server.calls())
        .extracting(call -> call.method() + " " + call.path())
        .containsExactly("POST /slos?MaxResults=50", "POST /slos?MaxResults=50&NextToken=t%201");
  }

  @Test
  void theOwnerIsInTheTags() {
    answers(OURS, "{\"Tags\":[]}");
    assertThat(signals.owner("arn:f1"))
        .map(Ownership::tags)
        .contains(Map.of("slipway:stack", "slipway", "slipway:service", "dice"));
    assertThat(signals.owner("arn:x9")).isEmpty();
    assertThat(server.calls().getFirst().path()).isEqualTo("/tags?ResourceArn=arn%3Af1");
  }

  @Test
  void whatIsGoneBelongsToNobody() {
    gone = true;
    assertThat(signals.owner("arn:f1")).isEmpty();
  }
}
