package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.local.cloud.Pace;
import slipway.local.github.CommitStatus;
import slipway.local.stack.Clients;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;

/**
 * Four services in one configuration, from two repositories: while a push of the one fails, the
 * other's goes through; and what one asks of another is one trace, and measured on both sides. One
 * is a canary: a person takes a version back on its way, and one that cannot start is told as the
 * failure that it is.
 */
@Order(8)
@Execution(ExecutionMode.CONCURRENT) // has a stack of its own, so the others need not wait
@ResourceLock("processors") // but too many stacks at once start slower than one after the other
@ExtendWith(Evidence.OfTheRun.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyServicesE2E {
  private static final ServiceName GATEWAY = new ServiceName("gateway");
  private static final ServiceName CUSTOMERS = new ServiceName("customers");
  private static final ServiceName VISITS = new ServiceName("visits");
  private static final ServiceName VETS = new ServiceName("vets");
  private static final List<ServiceName> ALL = List.of(GATEWAY, CUSTOMERS, VISITS, VETS);

  private static final String TRACE = "5759e988bd862e3fe1be46a994272793";
  private static final String GATEWAYS = "GET /api/gateway/owners";

  @TempDir private static Path folder;
  private LocalSlipway slipway;
  private final Map<ServiceName, String> atFirst = new TreeMap<>();
  private Readings readings;
  private String failing;
  private List<String> failingMeanwhile;
  private String healthy;
  private CommitStatus end;
  private String takenBack;
  private Json rollback;
  private CommitStatus crash;
  private Answer owner;
  private Answer tooMuch;

  private record Answer(int status, String body) {}

  @BeforeAll
  void deployAllBreakOneAndPushAnother() {
    var usual = LocalSlipway.Plan.fromSystemProperties(new Pace(10), _ -> {});
    slipway =
        LocalSlipway.start(
            new LocalSlipway.Plan(
                Synthesis.assembly(
                    folder, "petclinic", Petclinic.configuration(usual.sources()), usual.sources()),
                Petclinic.code(folder, usual.sources()),
                usual.logs().resolveSibling("logs-of-many"),
                usual.pace(),
                usual.progress()));
    slipway.stack().schedules().onlyWhenTold();
    slipway.canaries().onlyWhenTold();
    for (var service : ALL) atFirst.put(service, get(service, "/actuator/health").body());
    readings = new Readings(slipway.stack(), Instant.now());
    for (var service : ALL) slipway.canaries().visit("petclinic-" + service);
    slosExist();
    try (var clinic = new Checkout(slipway.github().repository("example/petclinic").cloneUrl());
        var vets = new Checkout(slipway.github().repository("example/petclinic-vets").cloneUrl())) {
      failing =
          clinic
              .change("customers/Clinic.java", "HEALTH = 200", "HEALTH = 503")
              .commit("Lose the customers");
      clinic.push();
      await(failing, "slipway/customers", "pending");
      vets.git("switch", "-q", "stable");
      healthy = vets.change("app/Clinic.java", "\"vets\"", "\"more vets\"").commit("Hire");
      vets.git("push", "-q", "origin", "stable");
      await(healthy, "slipway/vets", "success");
      failingMeanwhile = states("example/petclinic", failing, "slipway/customers");
      takeACanaryBackAndLetOneCrash(vets);
      end = await(failing, "slipway/customers", "failure");
    }
    owner = get(GATEWAY, "/api/gateway/owners/7");
    tooMuch = get(GATEWAY, "/api/gateway/owners/0");
    // Each service's agent sends when it will.
    Readings.until(
        "the telemetry of the last request",
        () ->
            of(GATEWAY, GATEWAYS, "Latency", "SampleCount") >= 3
                && asked(CUSTOMERS, "GET /owners", "Latency", "SampleCount") >= 3
                && asked(VISITS, "GET /pets", "Latency", "SampleCount") >= 3
                && of(CUSTOMERS, "GET /owners", "Latency", "SampleCount") >= 4
                && of(VISITS, "GET /pets/visits", "Latency", "SampleCount") >= 4);
  }

  private void takeACanaryBackAndLetOneCrash(Checkout vets) {
    takenBack = vets.change("app/Clinic.java", "\"more vets\"", "\"fewer vets\"").commit("Fire");
    vets.git("push", "-q", "origin", "stable");
    await(takenBack, "slipway/vets", "pending");
    rollback =
        Orders.give(
            slipway.stack(), "{'service':'vets','rollback':true,'by':'ann','reason':'too few'}");
    await(takenBack, "slipway/vets", "error");
    var crashing =
        vets.change("app/Clinic.java", "server.start();", "System.exit(7);").commit("Close");
    vets.git("push", "-q", "origin", "stable");
    await(crashing, "slipway/build", "success");
    Orders.give(slipway.stack(), Json.write(rollback.at("undo").value()));
    crash = await(crashing, "slipway/vets", "failure");
  }

  /** By the canaries' traffic alone: nobody else has called by then. */
  private void slosExist() {
    slipway
        .calls()
        .first(
            "the last SLO",
            Duration.ofSeconds(120),
            _ ->
                slipway.stack().calls().all().stream()
                        .filter(call -> call.operation().equals("CreateServiceLevelObjective"))
                        .filter(call -> call.status() == 200)
                        .count()
                    == ALL.size());
  }

  @AfterAll
  void end(Evidence evidence) {
    if (slipway == null) return;
    evidence.add(slipway.stack());
    slipway.close();
  }

  private CommitStatus await(String commit, String context, String state) {
    return slipway
        .statuses()
        .first(
            "%s %s of %s".formatted(context, state, commit),
            Duration.ofSeconds(180),
            status ->
                status.commit().equals(commit)
                    && status.context().equals(context)
                    && status.state().equals(state));
  }

  private List<String> states(String repository, String commit, String context) {
    return slipway.github().repository(repository).statuses(commit).stream()
        .filter(status -> status.context().equals(context))
        .map(CommitStatus::state)
        .toList();
  }

  /** As a client would that begins a trace. */
  private Answer get(ServiceName service, String path) {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(slipway.service(service).resolve(path))
              .header(
                  "X-Amzn-Trace-Id",
                  "Root=1-%s-%s;Parent=53995c3f42cd8ad8;Sampled=1"
                      .formatted(TRACE.substring(0, 8), TRACE.substring(8)))
              .build();
      var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new AssertionError(service + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** As the service itself measured it. */
  private double of(ServiceName service, String operation, String metric, String statistic) {
    return readings.signal(
        metric,
        Map.of("Service", service.value(), "Environment", "production", "Operation", operation),
        statistic);
  }

  /** As the gateway measured what it asks a service. */
  private double asked(ServiceName service, String operation, String metric, String statistic) {
    return readings.signal(
        metric,
        Map.of(
            "Service",
            GATEWAY.value(),
            "Environment",
            "production",
            "Operation",
            GATEWAYS,
            "RemoteService",
            slipway.service(service).getAuthority(),
            "RemoteOperation",
            operation),
        statistic);
  }

  @Test
  void allServeAfterTheFirstDeployEachAtItsOwnAddress() {
    assertThat(atFirst)
        .isEqualTo(
            Map.of(GATEWAY, "gateway", CUSTOMERS, "customers", VISITS, "visits", VETS, "vets"));
  }

  @Test
  void theOneIsHealthyWhileTheOtherStillFails() {
    assertThat(states("example/petclinic-vets", healthy, "slipway/vets"))
        .startsWith("pending", "success");
    assertThat(failingMeanwhile).containsExactly("pending");
    assertThat(get(VETS, "/vets").body()).startsWith("more vets");
  }

  @Test
  void whatACanaryDoesIsSaidWhenItBegins() {
    assertThat(told(healthy).getFirst()).endsWith(": 50 % of the requests for 1 minute, then all");
  }

  @Test
  void aCanaryThatAPersonTookBackIsNoFailure() {
    assertThat(rollback.at("done").text()).startsWith("rolled back, pinned to ");
    assertThat(told(takenBack).getLast())
        .contains(" was taken back before it was healthy: pinned to rollout ");
    assertThat(slipway.stack().calls().all())
        .anyMatch(
            call -> call.operation().equals("StopServiceDeployment") && call.error().isEmpty());
  }

  @Test
  void aCanaryThatCannotStartIsReportedFailedWithItsReason() {
    assertThat(crash.description().orElseThrow())
        .contains("failed", "app exited with code 7 (3 tasks)");
  }

  /** What the commit was told of the vets. */
  private List<String> told(String commit) {
    return slipway.github().repository("example/petclinic-vets").statuses(commit).stream()
        .filter(status -> status.context().equals("slipway/vets"))
        .flatMap(status -> status.description().stream())
        .toList();
  }

  @Test
  void theFailureIsToldOfItsOwnServiceOnly() {
    assertThat(end.description().orElseThrow()).contains("health check");
    for (var other : List.of("gateway", "visits", "vets"))
      assertThat(states("example/petclinic", failing, "slipway/" + other)).isEmpty();
    assertThat(states("example/petclinic-vets", healthy, "slipway/customers")).isEmpty();
    assertThat(owner.status()).isEqualTo(200);
  }

  @Test
  void eachServiceHasItsSlo() {
    try (var signals =
        Clients.of(
            ApplicationSignalsClient.builder(), slipway.stack(), slipway.stack().operator())) {
      assertThat(signals.listServiceLevelObjectives(_ -> {}).sloSummaries())
          .extracting(slo -> slo.keyAttributes().get("Name"))
          .containsExactlyInAnyOrder("gateway", "customers", "visits", "vets");
    }
  }

  @Test
  void aTraceGoesOnInWhatIsAsked() {
    assertThat(owner.body().lines())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).matches("customers 00-" + TRACE + "-[0-9a-f]{16}-01"))
        .anySatisfy(line -> assertThat(line).matches("visits 00-" + TRACE + "-[0-9a-f]{16}-01"));
  }

  /** The canary and two requests; what is asked of customers by their own canary is not among. */
  @Test
  void whatOneAsksOfAnotherIsMeasuredOnBothSides() {
    assertThat(of(GATEWAY, GATEWAYS, "Latency", "SampleCount")).isEqualTo(3);
    for (var metric : List.of("Latency", "Fault")) {
      assertThat(asked(CUSTOMERS, "GET /owners", metric, "SampleCount")).isEqualTo(3);
      assertThat(asked(VISITS, "GET /pets", metric, "SampleCount")).isEqualTo(3);
    }
    assertThat(of(CUSTOMERS, "GET /owners", "Latency", "SampleCount")).isEqualTo(4);
    assertThat(of(VISITS, "GET /pets/visits", "Latency", "SampleCount")).isEqualTo(4);
    assertThat(asked(CUSTOMERS, "GET /owners", "Latency", "Sum"))
        .isLessThan(of(GATEWAY, GATEWAYS, "Latency", "Sum"));
  }

  @Test
  void theFaultOfTheOneIsSeenInTheOther() {
    assertThat(tooMuch.status()).isEqualTo(502);
    assertThat(of(CUSTOMERS, "GET /owners", "Fault", "Sum")).isOne();
    assertThat(asked(CUSTOMERS, "GET /owners", "Fault", "Sum")).isOne();
    assertThat(of(GATEWAY, GATEWAYS, "Fault", "Sum")).isOne();
    assertThat(asked(VISITS, "GET /pets", "Fault", "Sum")).isZero();
  }

  @Test
  void applicationSignalsKnowsWhatTheGatewayDependsOn() {
    var gateway = Map.of("Type", "Service", "Name", GATEWAY.value(), "Environment", "production");
    try (var signals =
        Clients.of(
            ApplicationSignalsClient.builder(), slipway.stack(), slipway.stack().operator())) {
      assertThat(
              signals
                  .listServiceDependencies(
                      list ->
                          list.keyAttributes(gateway)
                              .startTime(readings.since())
                              .endTime(Instant.now()))
                  .serviceDependencies())
          .extracting(
              dependency -> dependency.dependencyKeyAttributes().get("Name"),
              dependency -> dependency.dependencyOperationName())
          .containsExactlyInAnyOrder(
              tuple(slipway.service(CUSTOMERS).getAuthority(), "GET /owners"),
              tuple(slipway.service(VISITS).getAuthority(), "GET /pets"));
    }
  }

  @Test
  void noPolicyWasTooNarrow() {
    assertThat(slipway.stack().calls().all())
        .noneMatch(call -> call.error().contains("AccessDenied") || call.status() == 403);
  }
}
