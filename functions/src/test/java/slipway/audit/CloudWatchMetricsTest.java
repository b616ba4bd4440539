package slipway.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLDecoder;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import slipway.RecordingServer;
import slipway.RecordingServer.Reply;
import slipway.audit.Metrics.Reported;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** What goes over the wire, and what is made of the answers. */
class CloudWatchMetricsTest {
  private static final Instant NOW = Instant.parse("2026-08-04T01:00:00Z");
  private final Deque<String> answers = new ArrayDeque<>();
  private final RecordingServer server = new RecordingServer(_ -> Reply.ok(answers.pop()));
  private final CloudWatchMetrics metrics =
      new CloudWatchMetrics(server.client(CloudWatchClient.builder()));

  @AfterEach
  void stop() {
    server.close();
  }

  private void answers(String operation, String xml) {
    answers.add(
        "<%sResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"><%sResult>%s</%sResult></%sResponse>"
            .formatted(operation, operation, xml, operation, operation));
  }

  private Map<String, String> form(int call) {
    var form = new TreeMap<String, String>();
    for (var pair : server.calls().get(call).body().split("&")) {
      var parts = pair.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
    }
    return form;
  }

  @Test
  void burnRatesOfManySlosAreOneQuestion() {
    answers(
        "GetMetricData",
        """
        <MetricDataResults>
        <member><Id>b0_60</Id><Label>x</Label><StatusCode>Complete</StatusCode>
          <Timestamps><member>2026-08-04T00:59:00Z</member><member>2026-08-04T00:58:00Z</member></Timestamps>
          <Values><member>14.4</member><member>2</member></Values></member>
        <member><Id>b0_360</Id><Label>x</Label><StatusCode>Complete</StatusCode><Timestamps/><Values/></member>
        <member><Id>b1_360</Id><Label>x</Label><StatusCode>Complete</StatusCode>
          <Timestamps><member>2026-08-04T00:59:00Z</member></Timestamps><Values><member>0.5</member></Values></member>
        </MetricDataResults>\
        """);
    assertThat(metrics.burnRates(List.of("a 1", "b2", "c3"), NOW))
        .isEqualTo(Map.of("a 1", List.of(new Burn(60, 14.4)), "b2", List.of(new Burn(360, 0.5))));
    assertThat(form(0))
        .containsEntry("Action", "GetMetricData")
        .containsEntry("StartTime", "2026-08-04T00:45:00Z")
        .containsEntry("EndTime", "2026-08-04T01:00:00Z")
        .containsEntry("ScanBy", "TimestampDescending")
        .containsEntry("MetricDataQueries.member.2.Id", "b0_360")
        .containsEntry(
            "MetricDataQueries.member.2.MetricStat.Metric.Namespace", "AWS/ApplicationSignals")
        .containsEntry("MetricDataQueries.member.2.MetricStat.Metric.MetricName", "BurnRate")
        .containsEntry(
            "MetricDataQueries.member.2.MetricStat.Metric.Dimensions.member.1.Name", "SloName")
        .containsEntry(
            "MetricDataQueries.member.2.MetricStat.Metric.Dimensions.member.1.Value", "a 1")
        .containsEntry(
            "MetricDataQueries.member.2.MetricStat.Metric.Dimensions.member.2.Name",
            "BurnRateWindowMinutes")
        .containsEntry(
            "MetricDataQueries.member.2.MetricStat.Metric.Dimensions.member.2.Value", "360")
        .containsEntry("MetricDataQueries.member.2.MetricStat.Period", "60")
        .containsEntry("MetricDataQueries.member.2.MetricStat.Stat", "Maximum")
        .containsEntry("MetricDataQueries.member.6.Id", "b2_360");
  }

  @Test
  void whatComesInPartsIsPutTogether() {
    answers(
        "GetMetricData",
        "<MetricDataResults><member><Id>b0_60</Id><StatusCode>PartialData</StatusCode><Values><member>3</member></Values></member></MetricDataResults><NextToken>t1</NextToken>");
    answers(
        "GetMetricData",
        "<MetricDataResults><member><Id>b0_60</Id><StatusCode>Complete</StatusCode><Values><member>1</member></Values></member></MetricDataResults>");
    assertThat(metrics.burnRates(List.of("a1"), NOW))
        .isEqualTo(Map.of("a1", List.of(new Burn(60, 3))));
    assertThat(form(1)).containsEntry("NextToken", "t1");
  }

  @Test
  void moreThanTheApiTakesIsAMistake() {
    assertThatThrownBy(() -> metrics.burnRates(Collections.nCopies(251, "a1"), NOW))
        .hasMessage("251 SLOs: want at most 250");
    assertThat(metrics.burnRates(List.of(), NOW)).isEmpty();
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void anAlarmIsTheSlosWhoseBurnRateItWatches() {
    answers(
        "DescribeAlarms",
        """
        <MetricAlarms>
        <member><AlarmName>slipway-fast</AlarmName><StateValue>ALARM</StateValue><Metrics>
          <member><Id>e</Id><Expression>MIN([l,s])</Expression></member>
          <member><Id>l</Id><MetricStat><Metric><Namespace>AWS/ApplicationSignals</Namespace><MetricName>BurnRate</MetricName>
            <Dimensions><member><Name>SloName</Name><Value>a1</Value></member><member><Name>BurnRateWindowMinutes</Name><Value>60</Value></member></Dimensions></Metric><Period>60</Period><Stat>Maximum</Stat></MetricStat></member>
          <member><Id>s</Id><MetricStat><Metric><Namespace>AWS/ApplicationSignals</Namespace><MetricName>BurnRate</MetricName>
            <Dimensions><member><Name>SloName</Name><Value>a1</Value></member><member><Name>BurnRateWindowMinutes</Name><Value>5</Value></member></Dimensions></Metric><Period>60</Period><Stat>Maximum</Stat></MetricStat></member>
        </Metrics></member>
        <member><AlarmName>slipway-dead</AlarmName><StateValue>ALARM</StateValue><MetricName>ApproximateNumberOfMessagesVisible</MetricName><Namespace>AWS/SQS</Namespace></member>
        </MetricAlarms><NextToken>t1</NextToken>\
        """);
    answers(
        "DescribeAlarms",
        """
        <MetricAlarms><member><AlarmName>slipway mine</AlarmName><StateValue>ALARM</StateValue>
          <MetricName>BurnRate</MetricName><Namespace>AWS/ApplicationSignals</Namespace>
          <Dimensions><member><Name>SloName</Name><Value>b2</Value></member></Dimensions></member></MetricAlarms>\
        """);
    assertThat(metrics.ringing("slipway"))
        .isEqualTo(Map.of("a1", List.of("slipway-fast"), "b2", List.of("slipway mine")));
    assertThat(form(0))
        .containsEntry("Action", "DescribeAlarms")
        .containsEntry("AlarmNamePrefix", "slipway")
        .containsEntry("AlarmTypes.member.1", "MetricAlarm")
        .containsEntry("StateValue", "ALARM")
        .containsEntry("MaxRecords", "100");
    assertThat(form(1)).containsEntry("NextToken", "t1");
  }

  @Test
  void servicesWithARuntimeAreKnownByTheirThreads() {
    answers(
        "ListMetrics",
        """
        <Metrics><member><Namespace>ApplicationSignals</Namespace><MetricName>JVMThreadCount</MetricName>
          <Dimensions><member><Name>Environment</Name><Value>production</Value></member><member><Name>Service</Name><Value>dice</Value></member></Dimensions></member>
        <member><MetricName>JVMThreadCount</MetricName><Dimensions/></member></Metrics>\
        """);
    assertThat(metrics.runtimes()).containsExactly(new Reported("dice", "production"));
    assertThat(form(0))
        .containsEntry("Action", "ListMetrics")
        .containsEntry("Namespace", "ApplicationSignals")
        .containsEntry("MetricName", "JVMThreadCount")
        .containsEntry("RecentlyActive", "PT3H");
  }
}
