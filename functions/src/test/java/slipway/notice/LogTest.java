package slipway.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import slipway.json.Json;

/** What a line of the log looks like to CloudWatch Logs. */
class LogTest {
  private static final About DICE =
      About.service("dice").rollout("20261125T000000.000Z-0c6e85b4").commit("7a9c");

  private static Json line(Line line) {
    return Json.parse(Log.text(line));
  }

  @Test
  void aLineTellsWhenHowBadWhatAndAboutWhom() {
    var before = Instant.now();
    var members =
        line(Line.warning(DICE, "reconciled", Map.of("why", "it runs", "tries", 2))).members();

    assertThat(Instant.parse(members.get("timestamp").text())).isBetween(before, Instant.now());
    assertThat(members.keySet())
        .startsWith("timestamp", "level", "event", "service", "rollout", "commit")
        .contains("why", "tries");
    assertThat(members.get("level").text()).isEqualTo("WARN");
    assertThat(members.get("event").text()).isEqualTo("reconciled");
    assertThat(members.get("service").text()).isEqualTo("dice");
    assertThat(members.get("rollout").text()).isEqualTo("20261125T000000.000Z-0c6e85b4");
    assertThat(members.get("commit").text()).isEqualTo("7a9c");
    assertThat(members.get("tries").number()).isEqualTo(2);
  }

  @Test
  void whatIsAboutNobodySaysSoByAbsence() {
    assertThat(line(Line.info(About.NOTHING, "audited", Map.of())).members().keySet())
        .containsExactly("timestamp", "level", "event");
  }

  @Test
  void aBuildNamesAllServicesThatItTouches() {
    var build = About.services(List.of("cards", "dice")).commit("7a9c");
    assertThat(line(Line.info(build, "build moved on", Map.of())).at("service").text())
        .isEqualTo("cards, dice");
  }

  @Test
  void aLineOfManyLinesStaysOne() {
    assertThat(Log.text(Line.info(DICE, "synced SLOs", Map.of("outcome", "+ a\n~ b"))))
        .doesNotContain("\n");
  }

  @Test
  void noFactTakesTheNameOfWhatTheLogSaysItself() {
    for (var name :
        List.of("timestamp", "level", "event", "service", "rollout", "commit", "trace", "_aws"))
      assertThatThrownBy(() -> Line.info(DICE, "reconciled", Map.of(name, "x")))
          .hasMessage("fact '%s' of line 'reconciled': the log has such a member itself", name);
  }

  @Test
  void aRolloutIsOfOneService() {
    assertThatThrownBy(() -> About.NOTHING.rollout("r1"))
        .hasMessage("rollout r1 is of services []: want one");
  }

  @Test
  void duringAnInvocationEveryLineHasTheIdOfItsRequestOnOtherThreadsToo() throws Exception {
    var onTheOther = new StringBuilder();
    var here =
        Log.during(
            "e9a967ce",
            () -> {
              var work =
                  Log.carried(() -> onTheOther.append(Log.text(Line.info(DICE, "x", Map.of()))));
              Thread.ofVirtual().start(work).join();
              return line(Line.info(DICE, "x", Map.of()));
            });
    assertThat(here.at("AWSRequestId").text()).isEqualTo("e9a967ce");
    assertThat(Json.parse(onTheOther.toString()).at("AWSRequestId").text()).isEqualTo("e9a967ce");
    assertThat(line(Line.info(DICE, "x", Map.of())).at("AWSRequestId").missing()).isTrue();
  }

  @Test
  void aLineWithinWhatIsAboutSomebodyIsAboutThem() {
    var nothing = Line.info(About.NOTHING, "went on", Map.of());
    assertThat(Log.about(DICE, () -> line(nothing)).members())
        .containsAllEntriesOf(
            Map.ofEntries(
                entry("service", new Json("service", "dice")),
                entry("rollout", new Json("rollout", "20261125T000000.000Z-0c6e85b4")),
                entry("commit", new Json("commit", "7a9c"))));
  }

  @Test
  void ofAnotherCommitTheRolloutAroundIsNone() {
    var another =
        Line.info(About.service("dice").commit("beef"), "commit status not set", Map.of());
    var line = Log.about(DICE, () -> line(another));
    assertThat(line.at("commit").text()).isEqualTo("beef");
    assertThat(line.at("service").text()).isEqualTo("dice");
    assertThat(line.at("rollout").missing()).isTrue();
    var commit = Line.info(About.push("beef"), "went on without telling GitHub", Map.of());
    assertThat(Log.about(DICE, () -> line(commit)).at("service").text()).isEqualTo("dice");
  }

  @Test
  @ResourceLock(Resources.SYSTEM_OUT)
  void whatNobodyCatchesIsOneLineAboutWhomItWasAndIsThrown() {
    var printed =
        printed(
            () ->
                assertThatThrownBy(
                        () ->
                            Log.during(
                                "e9a967ce",
                                () ->
                                    Log.about(
                                        DICE,
                                        () -> {
                                          throw new IllegalStateException("ECS is away");
                                        })))
                    .hasMessage("ECS is away"));

    assertThat(printed.lines()).hasSize(1);
    var line = Json.parse(printed);
    assertThat(line.at("level").text()).isEqualTo("ERROR");
    assertThat(line.at("event").text()).isEqualTo("failed");
    assertThat(line.at("service").text()).isEqualTo("dice");
    assertThat(line.at("commit").text()).isEqualTo("7a9c");
    assertThat(line.at("AWSRequestId").text()).isEqualTo("e9a967ce");
    assertThat(line.at("error").text()).isEqualTo("java.lang.IllegalStateException: ECS is away");
    assertThat(line.at("stackTrace").text()).contains("slipway.notice.LogTest");
  }

  @Test
  @ResourceLock(Resources.SYSTEM_OUT)
  void whatIsRehearsedIsNotPrinted() {
    assertThat(printed(() -> Log.rehearse(Line.info(DICE, "reconciled", Map.of())))).isEmpty();
  }

  @Test
  @ResourceLock(Resources.SYSTEM_PROPERTIES)
  void theTraceOfTheInvocationLeadsToXRay() {
    System.setProperty(
        "com.amazonaws.xray.traceHeader",
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
    try {
      assertThat(line(Line.info(DICE, "x", Map.of())).at("trace").text())
          .isEqualTo("1-5759e988-bd862e3fe1be46a994272793");
    } finally {
      System.clearProperty("com.amazonaws.xray.traceHeader");
    }
  }

  @Test
  void whatWasMeasuredIsInTheEmbeddedMetricFormat() throws IOException {
    var values = new EnumMap<Measure, Double>(Measure.class);
    for (var measure : Measure.values()) values.put(measure, 1.5);
    var line = line(Line.info(DICE, "reconciled", Map.of("why", "x")).measuring("slipway", values));

    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(resource("emf.schema.json"), InputFormat.JSON);
    assertThat(schema.validate(Json.write(line.value()), InputFormat.JSON)).isEmpty();

    var directive = line.at("_aws").at("CloudWatchMetrics").items().getFirst();
    assertThat(directive.at("Namespace").text()).isEqualTo("Slipway");
    assertThat(directive.at("Dimensions").value()).isEqualTo(List.of(List.of("Stack", "Service")));
    assertThat(line.at("Stack").text()).isEqualTo("slipway");
    assertThat(line.at("Service").text()).isEqualTo("dice");
    assertThat(directive.at("Metrics").items())
        .hasSameSizeAs(Measure.values())
        .allSatisfy(
            metric -> assertThat(line.at(metric.at("Name").text()).number()).isEqualTo(1.5));
    // CloudWatch takes what is at most two weeks old and two hours ahead.
    assertThat(Instant.ofEpochMilli((long) line.at("_aws").at("Timestamp").number()))
        .isEqualTo(
            Instant.parse(line.at("timestamp").text())
                .truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
  }

  @Test
  void whatIsNoNumberIsNotMeasured() {
    for (var wrong : List.of(Double.NaN, Double.POSITIVE_INFINITY, -1.0))
      assertThatThrownBy(() -> new Measured("slipway", Map.of(Measure.LEAD_TIME, wrong)))
          .hasMessage("LeadTime is %s: want a number from 0", wrong);
    assertThatThrownBy(
            () ->
                Line.info(About.services(List.of("cards", "dice")), "x", Map.of())
                    .measuring("slipway", Map.of(Measure.PUSHES, 1.0)))
        .hasMessage("line 'x' measures services [cards, dice]: want one");
    assertThat(Line.info(DICE, "x", Map.of()).measured()).isEqualTo(Optional.empty());
  }

  private static String printed(Runnable work) {
    var out = System.out;
    var bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setOut(out);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String resource(String name) {
    try (var file = LogTest.class.getResourceAsStream(name)) {
      if (file == null) throw new IllegalStateException("no test resource " + name);
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
