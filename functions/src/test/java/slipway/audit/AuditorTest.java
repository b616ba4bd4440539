package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.audit.AuditFunctionTest.resource;
import static slipway.audit.Samples.available;
import static slipway.audit.Samples.fast;
import static slipway.audit.Samples.owned;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import slipway.delivery.DeliveryFigures;
import slipway.json.Json;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Measure;
import slipway.notice.Measured;
import slipway.rollout.SpentBudgets.Spent;

/** Whole audits, one after the other. */
class AuditorTest {
  private static final Instant FIRST = Instant.parse("2026-08-04T01:00:00Z");
  private final Stage stage =
      new Stage(available("a1", 99.9), available("b2", 99), fast("f1", "p99", 300));

  private void hourLater() {
    stage.now = stage.now.plus(Duration.ofHours(1));
  }

  @Test
  void theReportIsKeptUnderItsTimeAndAsLatest() {
    stage.has("a1", Status.OK, 500);
    stage.audit();
    assertThat(stage.kept)
        .containsOnlyKeys(
            "audits/20260804T010000Z.json",
            "audits/20260804T010000Z.md",
            "audits/20260804T010000Z.html",
            "audits/latest.json",
            "audits/latest.md",
            "audits/latest.html",
            "audits/history.json",
            "audits/register.json");
    for (var form : List.of(".json", ".md", ".html"))
      assertThat(stage.kept.get("audits/latest" + form))
          .isEqualTo(stage.kept.get("audits/20260804T010000Z" + form));
  }

  @Test
  void whatTheNextAuditComparesWithIsWrittenLast() {
    stage.has("a1", Status.OK, 500);
    stage.audit();
    assertThat(new ArrayList<>(stage.kept.keySet())).last().isEqualTo("audits/latest.json");
  }

  /** The whole of it, after a day in which about everything went wrong. */
  private void bad() {
    stage.has("a1", Status.OK, 500);
    stage.hasNoData("f1");
    stage.audit();
    hourLater();
    stage.has("a1", Status.EXHAUSTED, -20);
    stage.burnRates.put("a1", List.of(new Burn(360, 3), new Burn(60, 14.4)));
    stage.ringing.put("a1", List.of("slipway-dice-a1-fast"));
    stage.has("x9", Status.OK, 600);
    stage.runtimes.clear();
    stage.images.put(
        "agent", "public.ecr.aws/aws-observability/adot-autoinstrumentation-java:v1.32.4");
    stage.figures.put(
        "dice",
        new DeliveryFigures(
            Duration.ofDays(28),
            8,
            7,
            Optional.of(Duration.ofMinutes(12)),
            2,
            Optional.of(Duration.ofMinutes(6))));
    stage.audit();
  }

  @Test
  void theReportsReadAsTheyShould() {
    bad();
    assertThat(stage.kept.get("audits/latest.md")).isEqualTo(resource("audit.md"));
    assertThat(stage.latest()).isEqualTo(Json.parse(resource("audit.json")));
  }

  @Test
  void theReportHasTheFormThatIsPromised() throws IOException {
    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                Files.readString(Path.of("..", "docs", "audit.schema.json")), InputFormat.JSON);
    bad();
    assertThat(schema.validate(stage.kept.get("audits/latest.json"), InputFormat.JSON)).isEmpty();
    assertThat(schema.validate(resource("audit-1.json"), InputFormat.JSON))
        .as("a report of the first Slipway has it, too")
        .isEmpty();
    assertThat(schema.validate("{\"version\":1,\"slos\":[{}]}", InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void aReportThatTheFirstSlipwayWroteIsUnderstood() {
    stage.kept.put("audits/latest.json", resource("audit-1.json"));
    stage.has("a1", Status.EXHAUSTED, -20);
    stage.audit();
    assertThat(stage.notices).isEmpty();
    assertThat(stage.spent.get("dice"))
        .containsExactly(new Spent("a1", Instant.parse("2026-08-04T02:00:00Z")));
  }

  @Test
  void aChangeIsToldOnceAndSoIsTheRecovery() {
    stage.has("a1", Status.OK, 500);
    stage.audit();
    assertThat(stage.notices).isEmpty();
    stage.has("a1", Status.EXHAUSTED, -20);
    stage.audit();
    stage.audit();
    assertThat(stage.notices)
        .containsExactly(
            "SLO 'a1': ok -> exhausted\n"
                + "SLO 'a1' of service dice: ok -> exhausted; attainment 99.85 %, budget left"
                + " -3.333 % (-20 of 600 seconds). Now 1 SLO: 0 ok, 0 warning, 1 exhausted,"
                + " 0 without data; 2 differences from slipway.yaml. Report:"
                + " s3://reports/audits/20260804T010000Z.html (to look at it: aws s3 presign, or"
                + " aws s3 cp)");
    stage.hasNoData("a1");
    stage.audit();
    stage.has("a1", Status.OK, 500);
    stage.audit();
    assertThat(stage.notices).hasSize(2);
    assertThat(stage.notices.getLast()).startsWith("SLO 'a1': exhausted -> recovered\n");
  }

  @Test
  void comingNearAQuotaIsToldOnce() {
    IntStream.range(0, 79).forEach(i -> stage.has("slo" + i, Status.OK, 500));
    stage.config = Samples.config();
    stage.audit();
    assertThat(stage.notices).isEmpty();
    stage.has("slo79", Status.OK, 500);
    stage.audit();
    stage.audit();
    assertThat(stage.notices)
        .singleElement()
        .asString()
        .startsWith(
            "SLOs per service: near the quota of dice in production\nSLOs per service, dice in"
                + " production: 80 of 100 used. Ask for more in Service Quotas")
        .contains("Now 80 SLOs: 80 ok");
  }

  @Test
  void aMailDoesNotGrowWithTheNumberOfChanges() {
    IntStream.range(0, 500).forEach(i -> stage.has("slo" + i, Status.EXHAUSTED, -20));
    stage.audit();
    assertThat(stage.notices)
        .singleElement()
        .asString()
        .startsWith("SLO 'slo0': new -> exhausted (and 499 more)")
        .contains(" And 482 more. Now 500 SLOs")
        .hasSizeLessThan(4000);
  }

  @Test
  void aSpentBudgetIsToldToRolloutsUntilItRecovers() {
    stage.has("a1", Status.EXHAUSTED, -20);
    stage.has("b2", Status.OK, 500);
    stage.audit();
    hourLater();
    stage.hasNoData("a1");
    stage.audit();
    assertThat(stage.spent.get("dice"))
        .as("having no data brings nothing back")
        .containsExactly(new Spent("a1", FIRST));
    hourLater();
    stage.has("a1", Status.WARNING, 20);
    stage.audit();
    assertThat(stage.spent).containsEntry("dice", List.of());
  }

  @Test
  void whatIsNotDeclaredHoldsNobodyUp() {
    stage.has("x9", Status.EXHAUSTED, -20);
    stage.audit();
    assertThat(stage.spent).containsEntry("dice", List.of());
  }

  @Test
  void aServiceThatDiffersIsAskedToSyncOnceADay() {
    stage.has("a1", Status.OK, 500);
    stage.audit();
    assertThat(stage.syncs).containsExactly("dice");
    for (int hour = 1; hour < 24; hour++) {
      hourLater();
      stage.audit();
    }
    assertThat(stage.syncs).as("nothing else differs").hasSize(1);
    assertThat(stage.latest().at("repairs").items().getFirst().at("step").text())
        .isEqualTo("pending");
    stage.has("x9", Status.OK, 500);
    stage.audit();
    assertThat(stage.syncs).as("something else differs").hasSize(2);
    stage.now = stage.now.plus(Duration.ofDays(1));
    stage.audit();
    assertThat(stage.syncs).as("a day later").hasSize(3);
  }

  @Test
  void whatCannotBeMadeYetIsNotAskedFor() {
    stage.operations.clear();
    stage.audit();
    assertThat(stage.syncs).isEmpty();
    assertThat(stage.latest().at("repairs").items().getFirst().at("step").text())
        .isEqualTo("waiting");
    hourLater();
    stage.operations.add("GET /rolldice");
    stage.audit();
    assertThat(stage.syncs).containsExactly("dice");
    stage.discovered.clear();
    hourLater();
    stage.has("a1", Status.OK, 600);
    stage.audit();
    assertThat(stage.syncs).hasSize(1);
  }

  @Test
  void ofAServiceThatIsNotDeclaredNothingIsAsked() {
    stage.config = Samples.config();
    stage.has(
        new Budget(
            new Owned("arn:w1", "w1", "web"),
            Status.OK,
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
    stage.audit();
    assertThat(stage.syncs).isEmpty();
    assertThat(stage.latest().at("repairs").items().getFirst().at("step").text())
        .isEqualTo("by hand");
  }

  @Test
  void budgetsAreReadFiftyAtATime() {
    IntStream.range(0, 120).forEach(i -> stage.has("slo" + i, Status.OK, 500));
    stage.audit();
    assertThat(stage.batches).containsExactly(50, 50, 20);
  }

  @Test
  void onlyTheStacksSlosAreAudited() {
    stage.has("a1", Status.OK, 500);
    stage.has("theirs", Status.EXHAUSTED, -5);
    stage.foreign.add("theirs");
    stage.audit();
    assertThat(stage.latest().at("slos").items())
        .extracting(slo -> slo.at("name").text())
        .containsExactly("a1");
    assertThat(stage.latest().at("quotas").items().getFirst().at("used").integer(0, 9))
        .as("others' SLOs use up the quota, too")
        .isEqualTo(2);
  }

  @Test
  void tagsAreReadOnceAndThenOnlyTheOldestAgain() {
    IntStream.range(0, 60).forEach(i -> stage.has("slo" + (10 + i), Status.OK, 500));
    stage.audit();
    assertThat(stage.tagsRead).hasSize(60);
    stage.tagsRead.clear();
    hourLater();
    stage.has("new", Status.OK, 500);
    stage.audit();
    assertThat(stage.tagsRead).containsExactly("new");
    stage.tagsRead.clear();
    hourLater();
    stage.audit();
    assertThat(stage.tagsRead).hasSize(Reader.AGAIN).doesNotContain("new").contains("slo10");
    stage.tagsRead.clear();
    hourLater();
    stage.audit();
    assertThat(stage.tagsRead).hasSize(Reader.AGAIN).contains("slo69", "new", "slo10");
  }

  @Test
  void aTagThatWasChangedByHandIsSeenInTime() {
    stage.has("a1", Status.OK, 500);
    stage.audit();
    stage.foreign.add("a1");
    hourLater();
    stage.audit();
    assertThat(stage.latest().at("slos").items()).isEmpty();
  }

  @Test
  void whoRunsOutOfTimeSavesAndGoesOn() {
    IntStream.range(0, 100).forEach(i -> stage.has("slo" + i, Status.OK, 500));
    // Each question takes a second, and there are forty.
    var asked = new int[1];
    var outcome = stage.audit(() -> Duration.ofSeconds(40 - asked[0]++));
    assertThat(outcome.toString())
        .isEqualTo(
            "not finished: of 100 SLOs the owners of 76 are still to be read; the next try goes on"
                + " from there");
    assertThat(stage.kept).containsOnlyKeys("audits/register.json");
    assertThat(stage.tagsRead).hasSize(24);
    assertThat(stage.audit()).isInstanceOf(Auditor.Outcome.Done.class);
    assertThat(stage.tagsRead).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void withTooLittleTimeForBudgetsNothingIsJudged() {
    IntStream.range(0, 100).forEach(i -> stage.has("slo" + i, Status.OK, 500));
    assertThat(stage.audit(() -> Reader.FINISHING.minusSeconds(1)).toString())
        .contains("the time is too short for the budgets of 100 SLOs");
    assertThat(stage.kept).containsOnlyKeys("audits/register.json");
  }

  @Test
  void theFourFiguresOfEachServiceAreMeasuredAsFarAsThereAreAny() {
    stage.figures.put(
        "dice",
        new DeliveryFigures(
            Duration.ofDays(30),
            4,
            3,
            Optional.of(Duration.ofMinutes(6)),
            1,
            Optional.of(Duration.ofSeconds(90))));
    assertThat(measured())
        .containsExactly(
            new Measured(
                "slipway",
                Map.of(
                    Measure.DEPLOYMENT_FREQUENCY,
                    0.1,
                    Measure.LEAD_TIME,
                    360.0,
                    Measure.CHANGE_FAILURE_RATE,
                    25.0,
                    Measure.TIME_TO_RESTORE,
                    90.0)));

    hourLater();
    stage.figures.put(
        "dice",
        new DeliveryFigures(Duration.ofDays(30), 0, 0, Optional.empty(), 0, Optional.empty()));
    assertThat(measured())
        .containsExactly(new Measured("slipway", Map.of(Measure.DEPLOYMENT_FREQUENCY, 0.0)));
  }

  private List<Measured> measured() {
    var log = new ArrayList<Line>();
    stage
        .auditor()
        .audit(
            new Auditor.Request("scheduled", Optional.empty()),
            () -> Duration.ofMinutes(5),
            log::add);
    assertThat(log).allSatisfy(line -> assertThat(line.about()).isEqualTo(About.service("dice")));
    return log.stream().flatMap(line -> line.measured().stream()).toList();
  }

  @Test
  void whatCannotBeReadCostsOnlyTheComparison() {
    stage.kept.put("audits/latest.json", "{\"version\":99}");
    stage.kept.put("audits/history.json", "[]");
    stage.kept.put("audits/register.json", "");
    stage.has("a1", Status.WARNING, 100);
    var log = new ArrayList<Line>();
    stage
        .auditor()
        .audit(
            new Auditor.Request("scheduled", Optional.empty()),
            () -> Duration.ofMinutes(5),
            log::add);
    assertThat(log)
        .hasSize(3)
        .anySatisfy(
            line ->
                assertThat(line)
                    .asString()
                    .contains(
                        "s3://reports/audits/latest.json",
                        "version is 99: want a whole number from 1"));
    assertThat(stage.notices).singleElement().asString().startsWith("SLO 'a1': new -> warning");
  }

  @Test
  void aNameFromTheNetworkIsOnlyText() {
    stage.has(
        new Budget(
            owned("<script>alert('x')</script>"),
            Status.EXHAUSTED,
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("\"<img src=x>&\u0000")));
    stage.audit();
    assertThat(stage.kept.get("audits/latest.html"))
        .doesNotContain("<script", "<img", "\u0000")
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
  }
}
