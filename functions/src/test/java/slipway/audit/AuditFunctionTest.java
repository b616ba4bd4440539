package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.audit.Samples.available;
import static slipway.audit.Samples.fast;
import static slipway.audit.Samples.objective;
import static slipway.audit.Samples.owned;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import slipway.Invocation;
import slipway.config.Setting;
import slipway.json.Json;

class AuditFunctionTest {
  private static final Map<String, Object> SCHEDULED = Map.of("audit", "scheduled");
  private final Map<String, Budget> budgets = new TreeMap<>();
  private final List<Integer> batches = new ArrayList<>();
  private final Map<String, String> kept = new TreeMap<>();
  private final List<String> notices = new ArrayList<>();
  private final Invocation lambda = new Invocation();
  private Instant now = Instant.parse("2026-08-04T01:00:00Z");

  private String audit(Map<String, Object> event) {
    var reading =
        new Budgets() {
          @Override
          public Stream<Owned> owned(String stack) {
            return budgets.values().stream().map(Budget::slo);
          }

          @Override
          public List<Budget> read(List<Owned> slos, Instant at) {
            batches.add(slos.size());
            return slos.stream().map(slo -> budgets.get(slo.name())).toList();
          }
        };
    var archive =
        new Archive() {
          @Override
          public Optional<String> read(String key) {
            return Optional.ofNullable(kept.get(key));
          }

          @Override
          public void write(String key, String contentType, String text) {
            kept.put(key, text);
          }

          @Override
          public String place(String key) {
            return "s3://reports/" + key;
          }
        };
    var auditor =
        new Auditor(
            Samples.config(available("a1", 99.9), available("b2", 99), fast("f1", "p99", 300)),
            reading,
            archive,
            (subject, text) -> notices.add(subject + "\n" + text),
            Clock.fixed(now, ZoneOffset.UTC));
    return new AuditFunction(auditor, () -> {}).handleRequest(event, lambda);
  }

  private void has(String name, Status status, double left) {
    budgets.put(
        name,
        new Budget(
            owned(name),
            status,
            OptionalDouble.of(99.85),
            Optional.of(new Budget.Left("seconds", 600, left)),
            Optional.of(objective(available(name, 99.9))),
            Optional.empty()));
  }

  private static String resource(String name) {
    try (var file = AuditFunctionTest.class.getResourceAsStream(name)) {
      if (file == null) throw new IllegalStateException("no test resource " + name);
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theReportIsKeptUnderItsTimeAndAsLatest() {
    has("a1", Status.OK, 500);
    assertThat(audit(SCHEDULED))
        .isEqualTo(
            "s3://reports/audits/20260804T010000Z.md 1 SLO: 1 ok, 0 warning, 0 exhausted, 0 without"
                + " data; 2 differences from slipway.yaml");
    assertThat(kept)
        .containsOnlyKeys(
            "audits/20260804T010000Z.json",
            "audits/20260804T010000Z.md",
            "audits/latest.json",
            "audits/latest.md")
        .containsEntry("audits/latest.json", kept.get("audits/20260804T010000Z.json"))
        .containsEntry("audits/latest.md", kept.get("audits/20260804T010000Z.md"));
  }

  @Test
  void theReportsReadAsTheyShould() {
    has("a1", Status.OK, 500);
    audit(SCHEDULED);
    now = Instant.parse("2026-08-04T02:00:00Z");
    has("a1", Status.EXHAUSTED, -20);
    budgets.put("b2", Budget.unknown(owned("b2"), "not enough data yet"));
    has("x9", Status.OK, 600);
    audit(SCHEDULED);
    assertThat(kept.get("audits/latest.md")).isEqualTo(resource("audit.md"));
    assertThat(Json.parse(kept.getOrDefault("audits/latest.json", "")))
        .isEqualTo(Json.parse(resource("audit.json")));
  }

  @Test
  void aChangeIsToldOnceAndSoIsTheRecovery() {
    has("a1", Status.OK, 500);
    audit(SCHEDULED);
    assertThat(notices).isEmpty();
    has("a1", Status.EXHAUSTED, -20);
    audit(SCHEDULED);
    audit(SCHEDULED);
    assertThat(notices)
        .containsExactly(
            "SLO 'a1': ok -> exhausted\n"
                + "SLO 'a1' of service dice: ok -> exhausted; attainment 99.85 %, budget left"
                + " -3.333 % (-20 of 600 seconds). Now 1 SLO: 0 ok, 0 warning, 1 exhausted, 0"
                + " without data; 2 differences from slipway.yaml. Report:"
                + " s3://reports/audits/20260804T010000Z.md");
    budgets.put("a1", Budget.unknown(owned("a1"), "not enough data yet"));
    audit(SCHEDULED);
    has("a1", Status.OK, 500);
    audit(SCHEDULED);
    assertThat(notices).hasSize(2);
    assertThat(notices.getLast()).startsWith("SLO 'a1': exhausted -> recovered\n");
  }

  @Test
  void budgetsAreReadFiftyAtATime() {
    IntStream.range(0, 120).forEach(i -> has("slo" + i, Status.OK, 500));
    audit(SCHEDULED);
    assertThat(batches).containsExactly(50, 50, 20);
  }

  @Test
  void aLastReportThatCannotBeReadCostsOnlyTheComparison() {
    kept.put("audits/latest.json", "{\"version\":99}");
    has("a1", Status.WARNING, 100);
    audit(SCHEDULED);
    assertThat(lambda.lines().getFirst())
        .contains("s3://reports/audits/latest.json", "version is 99: want a whole number from 1");
    assertThat(notices).singleElement().asString().startsWith("SLO 'a1': new -> warning");
  }

  @Test
  void schedulersEnvelopeIsUnderstoodToo() {
    var envelope = Json.parse(resource("scheduler-invocation.json"));
    var event = new TreeMap<String, Object>();
    envelope.members().forEach((name, member) -> event.put(name, member.value()));
    audit(event);
    assertThat(Json.parse(kept.getOrDefault("audits/latest.json", "")).at("why").text())
        .isEqualTo("scheduled");
  }

  @Test
  void anEventOfAnUnknownShapeIsRefused() {
    assertThatThrownBy(() -> audit(Map.of("source", "aws.ecs")))
        .hasMessage("audit is missing: want a reason such as 'scheduled'");
    assertThat(kept).isEmpty();
  }

  @Test
  void infraMustSetExactlyThese() {
    assertThat(AuditFunction.SETTINGS)
        .containsExactlyInAnyOrder(
            Setting.SLIPWAY_CONFIG, Setting.SLIPWAY_TOPIC, Setting.SLIPWAY_REPORTS);
  }
}
