package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.json.Json;
import slipway.local.cloud.Pace;
import slipway.local.github.CommitStatus;
import slipway.local.load.Load;
import slipway.local.load.LoadPlan;
import slipway.local.load.LoadReport;
import slipway.local.stack.Clients;
import slipway.local.synthetics.Visit;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveBudgetReport;

/**
 * That telemetry tells the truth: what Application Signals says of the sample service, with its
 * real agent and the environment of its task definition and no other, is what its users saw,
 * through a version that is so slow that the SLO notices and ECS takes it back.
 *
 * <p>Counts are equal. The median and the 90th percentile of the time that a request takes differ
 * by {@link #OVERHEAD} or 10 %, whichever is more: users wait for the load balancer and for their
 * turn on this machine, too.
 */
@Order(11)
@Execution(ExecutionMode.CONCURRENT) // has a stack of its own, so the others need not wait
@ResourceLock("processors") // but too many stacks at once start slower than one after the other
@ExtendWith(Evidence.OfTheRun.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TelemetryE2E {
  private static final String CONFIGURATION =
      """
      stack: casino
      repository: example/dice
      github: {tokenSecret: slipway/github-token}
      services:
        dice:
          health: /healthcheck
          canary: /rolldice?rolls=1
          containers:
            app: {build: app, port: 8080}
            adot: {build: adot}
            cw-agent: {image: "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0b1720"}
          slos:
            # Far above what a busy machine makes of it.
            - {name: dice are quick, operation: GET /rolldice, latency: {p90: 1s}}
            - {name: dice are rolled, operation: GET /rolldice, availability: 99, per: request, alarms: false}
      """;

  private static final Duration OVERHEAD = Duration.ofMillis(50);
  private static final String OPERATION = "GET /rolldice";
  private static final String DICE = "app/src/main/java/slipway/dice/DiceController.java";
  private static final String PLAYER = "    var name = Player.parse(player).name();\n";
  private static final String SLOW =
      """
          java.util.concurrent.locks.LockSupport.parkNanos(1_500_000_000L);
          if ("Ada".equals(name)) throw new IllegalStateException("no luck for Ada");
      """;

  /** A tenth asks for too little, which is their error, and a tenth is Ada. */
  private static final LoadPlan USERS =
      LoadPlan.steady(15, "/rolldice?rolls=2")
          .and("/rolldice?rolls=0", 10)
          .and("/rolldice?rolls=3&player=Ada", 10);

  @TempDir private static Path folder;
  private LocalSlipway slipway;
  private Visit visit;
  private Load users;
  private LoadReport seen;
  private Readings readings;
  private CommitStatus slow;
  private ServiceLevelObjectiveBudgetReport rolled;
  private List<Json> logged;

  @BeforeAll
  void letUsersPlayThroughASlowVersion(Evidence evidence) {
    var usual = LocalSlipway.Plan.fromSystemProperties(new Pace(20), _ -> {});
    slipway =
        LocalSlipway.start(
            new LocalSlipway.Plan(
                Synthesis.assembly(folder, "casino", CONFIGURATION, usual.sources()),
                usual.sources(),
                usual.logs().resolveSibling("logs-of-telemetry"),
                usual.pace(),
                usual.progress()));
    slipway.stack().schedules().onlyWhenTold();
    slipway.canaries().onlyWhenTold();
    readings = new Readings(slipway.stack(), Instant.now());
    visit = slipway.canaries().visit("casino-dice");
    slosExist();
    try (var load = Load.start(slipway.service(), USERS);
        var clone = new Checkout(slipway.repository().cloneUrl())) {
      users = load;
      slow = push(clone);
      awaitRollback();
      seen = load.stop();
    }
    Readings.until(
        "the telemetry of the last request", () -> count("Latency", "SampleCount") >= asked());
    Readings.until("a minute more", minuteIsOver());
    rolled = report("dice are rolled");
    logged = logs();
    evidence.add(slipway.stack());
  }

  private CommitStatus push(Checkout clone) {
    var commit = clone.change(DICE, PLAYER, PLAYER + SLOW).commit("Shake them well");
    clone.push();
    return slipway
        .statuses()
        .first(
            "the end of " + commit,
            Duration.ofSeconds(240),
            status ->
                status.commit().equals(commit)
                    && status.context().equals("slipway/dice")
                    && !status.state().equals("pending"));
  }

  /** That one visit of the canary is all that Application Signals needs to discover the service. */
  private void slosExist() {
    slipway
        .calls()
        .first(
            "the SLOs",
            Duration.ofSeconds(120),
            _ ->
                slipway.stack().calls().all().stream()
                        .filter(call -> call.operation().equals("CreateServiceLevelObjective"))
                        .filter(call -> call.status() == 200)
                        .count()
                    == 2);
  }

  /** The first deployment was completed before; the next that is, is the way back. */
  private void awaitRollback() {
    slipway
        .events()
        .first(
            "the rollback's end",
            Duration.ofSeconds(120),
            _ ->
                slipway.events().past().get().stream()
                        .filter(event -> says(event, "SERVICE_DEPLOYMENT_COMPLETED"))
                        .count()
                    == 2);
  }

  private static boolean says(Json event, String name) {
    return event.at("detail-type").text().equals("ECS Deployment State Change")
        && event.at("detail").at("eventName").text().equals(name);
  }

  private BooleanSupplier minuteIsOver() {
    var minutes = slipway.stack().surroundings().metrics().minutes();
    var now = minutes.index(Instant.now());
    return () -> minutes.index(Instant.now()) > now;
  }

  /** With the canary's visit. */
  private long asked() {
    return seen.sent() + 1;
  }

  /** Of the operation that users asked for. */
  private double count(String metric, String statistic) {
    return readings.signal(
        metric,
        Map.of("Service", "dice", "Environment", "production", "Operation", OPERATION),
        statistic);
  }

  private ServiceLevelObjectiveBudgetReport report(String slo) {
    try (var signals =
        Clients.of(
            ApplicationSignalsClient.builder(), slipway.stack(), slipway.stack().operator())) {
      return signals
          .batchGetServiceLevelObjectiveBudgetReport(
              get -> get.sloIds(slo).timestamp(Instant.now()))
          .reports()
          .getFirst();
    }
  }

  private List<Json> logs() {
    var file = slipway.stack().logs().resolve("casino-dice.jsonl");
    try (var lines = Files.lines(file)) {
      return lines.map(Json::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Test
  void everyRequestIsCountedAsItWasAnswered() {
    assertThat(seen.answers().keySet()).isEqualTo(Set.of(200, 400, 500));
    assertThat(seen.heldBack()).isZero();
    assertThat(count("Latency", "SampleCount")).isEqualTo(asked());
    assertThat(count("Fault", "Sum")).isEqualTo(seen.answered(500));
    assertThat(count("Error", "Sum")).isEqualTo(seen.answered(400));
  }

  /** The new tasks come and go, and come back: nobody has to notice but by how long it takes. */
  @Test
  void notOneRequestIsLostOnTheWayThereAndBack() {
    assertThat(seen.unanswered()).isZero();
    assertThat(seen.failures())
        .allMatch(line -> line.matches("/rolldice\\?rolls=(0: 4|3&player=Ada: 5)00 .*"));
    assertThat(seen.succeeded()).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 90})
  void requestsTakeAsLongAsTheirUsersSay(int percent) {
    var theirs = seen.latencies().millis("p" + percent);
    var tolerance = Math.max(OVERHEAD.toMillis(), theirs / 10);

    assertThat(percentWithin(theirs - tolerance)).isLessThan(percent);
    assertThat(percentWithin(theirs + tolerance)).isGreaterThanOrEqualTo(percent);
  }

  /** How many of the requests took no longer, as Application Signals measured them. */
  private double percentWithin(double millis) {
    if (millis <= 0) return 0;
    return 100
        * count("Latency", String.format(Locale.ROOT, "TC(:%.3f)", millis))
        / count("Latency", "SampleCount");
  }

  @Test
  void theSlowVersionIsNoticedByItsSloAndTakenBack() {
    assertThat(seen.latencies().millis("p99")).isGreaterThan(1500);
    assertThat(slow.state()).isEqualTo("failure");
    assertThat(slow.description().orElseThrow()).contains("dice are quick burns fast");
    assertThat(report("dice are quick").attainment()).isBetween(1.0, 99.0);
  }

  /** One visit of the canary more or less is all that may lie between. */
  @Test
  void theSloIsReckonedFromWhatUsersSaw() {
    var good = 100.0 * (seen.sent() - seen.answered(500)) / seen.sent();

    assertThat(seen.answered(500)).isPositive();
    assertThat(rolled.attainment()).isCloseTo(good, within(0.05));
  }

  @Test
  void theLogOfARollHasTheTraceOfItsRequest() {
    var requests = new TreeSet<Long>();
    for (var line : logged)
      if (line.at("body").text().equals("dice rolled"))
        users.request(line.at("trace_id").text()).ifPresent(requests::add);

    assertThat(requests).hasSize((int) seen.answered(200));
    assertThat(requests.last()).isLessThan(seen.sent());
    assertThat(logged)
        .filteredOn(line -> users.request(line.at("trace_id").text()).isPresent())
        .allMatch(line -> line.at("span_id").text().matches("[0-9a-f]{16}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"JVMThreadCount", "JVMMemoryHeapUsed", "JVMCpuTime"})
  void theRuntimeIsMeasured(String metric) {
    var service = Map.of("Service", "dice", "Environment", "production");

    assertThat(readings.signal(metric, service, "SampleCount")).isPositive();
    assertThat(readings.signal(metric, service, "Maximum")).isPositive();
  }

  @Test
  void theCanaryFoundTheServiceAsItShouldBe() {
    assertThat(visit.passed()).isTrue();
    var canary = Map.of("CanaryName", "casino-dice");
    assertThat(readings.total("CloudWatchSynthetics", "SuccessPercent", canary, "SampleCount"))
        .isOne();
    assertThat(readings.total("CloudWatchSynthetics", "SuccessPercent", canary, "Sum"))
        .isEqualTo(100);
  }

  @AfterAll
  void end() {
    if (slipway != null) slipway.close();
  }
}
