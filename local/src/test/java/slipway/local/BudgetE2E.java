package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import slipway.json.Json;
import slipway.local.cloud.Pace;
import slipway.local.github.CommitStatus;
import slipway.local.load.Load;
import slipway.local.load.LoadPlan;
import slipway.local.metrics.Alarms;
import slipway.local.signals.Limits;
import slipway.local.topics.Topics;

/**
 * An error budget that acts, on real telemetry: a version that fails at once is taken back by ECS
 * because an alarm goes off; one that fails later spends the budget, which freezes the service
 * until it is back, but for the commit that says that it goes on all the same.
 */
@Order(10)
@Execution(ExecutionMode.CONCURRENT) // has a stack of its own, so the others need not wait
@ExtendWith(Evidence.OfTheRun.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BudgetE2E {
  private static final String CONFIGURATION =
      """
      stack: teahouse
      repository: example/tea
      github: {tokenSecret: slipway/github-token}
      budgets: {onExhausted: freeze, override: "[pour anyway]"}
      services:
        tea:
          health: /health
          canary: /tea
          containers:
            # The agent takes a java that compiles for a tool, and sleeps in it.
            app: {build: tea, port: 8080, environment: {OTEL_JAVAAGENT_ENABLED: "true"}}
            cw-agent: {image: "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0b1720"}
          slos:
            - {name: tea is served, operation: GET /tea, availability: 99.9}
      """;

  private static final String DOCKERFILE =
      """
      FROM public.ecr.aws/docker/library/eclipse-temurin:25-jdk
      WORKDIR /app
      ADD --chmod=0644 --checksum=sha256:3eaf21615c658e567f40428fd582aa67ba112b416f9f856407a22264f27cd5db https://github.com/aws-observability/aws-otel-java-instrumentation/releases/download/v2.30.0/aws-opentelemetry-agent.jar /opt/aws-opentelemetry-agent.jar
      COPY Tea.java ./
      EXPOSE 8080
      ENTRYPOINT ["java", "Tea.java"]
      """;

  private static final String SOURCE =
      """
      import com.sun.net.httpserver.HttpServer;
      import java.net.InetSocketAddress;
      import java.util.concurrent.Executors;

      class Tea {
        static final String WORD = "green";
        static final String SPILLS_FOR = "nobody";

        public static void main(String[] arguments) throws Exception {
          var port = Integer.parseInt(System.getenv().getOrDefault("SERVER_PORT", "8080"));
          var server = HttpServer.create(new InetSocketAddress(port), 0);
          server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
          server.createContext("/health", exchange -> answer(exchange, 200));
          server.createContext(
              "/tea",
              exchange ->
                  answer(
                      exchange,
                      String.valueOf(exchange.getRequestURI().getQuery()).matches(SPILLS_FOR)
                          ? 500
                          : 200));
          server.start();
        }

        static void answer(com.sun.net.httpserver.HttpExchange exchange, int status)
            throws java.io.IOException {
          exchange.sendResponseHeaders(status, 0);
          exchange.getResponseBody().write(WORD.getBytes());
          exchange.close();
        }
      }
      """;

  private static final String CODE = "tea/Tea.java";
  private static final String SLO = "tea is served";

  @TempDir private static Path folder;
  private LocalSlipway slipway;
  private CommitStatus takenBack;
  private String afterRollback;
  private CommitStatus bad;
  private Json spent;
  private Json statusWhenSpent;
  private CommitStatus mended;
  private Json history;
  private CommitStatus frozen;
  private Json recovered;
  private CommitStatus thawed;
  private String atLast;

  @BeforeAll
  void spendABudgetAndGetItBack(Evidence evidence) {
    var usual = LocalSlipway.Plan.fromSystemProperties(new Pace(20), _ -> {});
    var assembly = Synthesis.assembly(folder, "teahouse", CONFIGURATION, usual.sources());
    slipway =
        LocalSlipway.start(
            new LocalSlipway.Plan(
                    assembly,
                    code(usual.sources()),
                    usual.logs().resolveSibling("logs-of-budget"),
                    usual.pace(),
                    usual.progress())
                .withLimits(Limits.AWS.withLongestInterval(Duration.ofSeconds(75))));
    slipway.stack().schedules().onlyWhenTold();
    try (var clone = new Checkout(slipway.repository().cloneUrl());
        var users = users("/tea")) {
      sloExists();
      takeBack(clone);
      try (var ada = spend(clone)) {
        mend(clone);
        waitForTheBudget(clone);
        assertThat(ada.report().sent()).isPositive();
      }
      assertThat(users.report().succeeded()).isPositive();
    }
    atLast = get("/tea");
    evidence.add(slipway.stack());
  }

  /** A version that fails for everybody: its own deployment must notice. */
  private void takeBack(Checkout clone) {
    clone.change(CODE, "\"green\"", "\"spilled\"").change(CODE, "\"nobody\"", "\".*\"");
    takenBack = pushed(clone, "Spill it");
    afterRollback = awaitGood();
    clone.undo();
  }

  /** A version with a bug that nobody meets before Ada comes, and its deployment is over. */
  private Load spend(Checkout clone) {
    clone.change(CODE, "\"green\"", "\"black\"").change(CODE, "\"nobody\"", "\"for=ada\"");
    bad = pushed(clone, "Black, but not for Ada");
    var ada = users("/tea?for=ada");
    alarm(Alarms.State.ALARM);
    spent = audit("exhausted");
    statusWhenSpent = ask("{}");
    return ada;
  }

  private void mend(Checkout clone) {
    clone.change(CODE, "\"black\"", "\"white\"").change(CODE, "\"for=ada\"", "\"nobody\"");
    mended = pushed(clone, "White, for Ada too [pour anyway]");
    history = ask("{\"service\":\"tea\",\"history\":true}");
  }

  private void waitForTheBudget(Checkout clone) {
    clone.change(CODE, "\"white\"", "\"mint\"");
    var commit = clone.commit("Mint");
    clone.push();
    frozen = status(commit, "slipway/tea", _ -> true);
    recovered = audit("ok", "warning");
    thawed = status(commit, "slipway/tea", status -> !status.state().equals("pending"));
  }

  @Test
  void whatFailsAtOnceIsTakenBackByItsDeploymentsAlarm() {
    assertThat(takenBack.state()).isEqualTo("failure");
    assertThat(takenBack.description().orElseThrow()).contains("burns fast");
    assertThat(afterRollback).isEqualTo("green");
  }

  @Test
  void theAuditShowsTheBurnAndTheAlarm() {
    assertThat(bad.state()).isEqualTo("success");
    var slo = spent.at("slos").items().getFirst();
    assertThat(slo.at("name").text()).isEqualTo(SLO);
    assertThat(slo.at("status").text()).isEqualTo("exhausted");
    assertThat(slo.at("budget").at("remaining").number()).isNegative();
    assertThat(slo.at("burn").items())
        .anySatisfy(rate -> assertThat(rate.at("rate").number()).isGreaterThan(1));
    assertThat(slo.at("alarms").items())
        .extracting(Json::text)
        .contains("teahouse tea is served burns fast");
  }

  @Test
  void theReportIsAPageToo() throws IOException {
    var page = Files.readString(reports().resolve("latest.html"));

    assertThat(page).startsWith("<!doctype html>").contains(SLO).doesNotContain("<script");
  }

  @Test
  void theSpentBudgetFreezesTheServiceAndNamesTheSlo() {
    assertThat(spent.at("freezes").items())
        .singleElement()
        .satisfies(
            freeze -> {
              assertThat(freeze.at("service").text()).isEqualTo("tea");
              assertThat(freeze.at("slos").items()).extracting(Json::text).containsExactly(SLO);
            });
    assertThat(recovered.at("freezes").items()).isEmpty();
    assertThat(Json.write(statusWhenSpent.value())).contains(SLO).contains("[pour anyway]");
    assertThat(frozen.state()).isEqualTo("pending");
    assertThat(frozen.description().orElseThrow()).contains("error budget").contains(SLO);
  }

  @Test
  void whatMendsItRollsOutAndTheHistorySaysSo() {
    assertThat(mended.state()).isEqualTo("success");
    var last = history.at("rollouts").items().getFirst();
    assertThat(last.at("why").text()).contains("although").contains(SLO);
  }

  @Test
  void theBudgetThatIsBackThawsTheService() {
    assertThat(recovered.at("slos").items().getFirst().at("status").text()).isIn("ok", "warning");
    assertThat(thawed.state()).isEqualTo("success");
    assertThat(atLast).isEqualTo("mint");
  }

  @Test
  void peopleHearOfEachChangeOfStateOnce() {
    assertThat(slipway.stack().topics().notices())
        .extracting(Topics.Notice::subject)
        .filteredOn(subject -> subject.startsWith("SLO '" + SLO + "'"))
        .doesNotHaveDuplicates()
        .anySatisfy(subject -> assertThat(subject).contains("exhausted"))
        .anySatisfy(subject -> assertThat(subject).matches(".*(recovered|-> warning).*"));
  }

  @Test
  void theFourFiguresOfDeliveryStandBeside() {
    var tea = recovered.at("deliveries").items().getFirst();

    assertThat(tea.at("service").text()).isEqualTo("tea");
    assertThat(tea.at("deployments").integer(0, 100)).isGreaterThanOrEqualTo(2);
    assertThat(tea.at("failed").integer(0, 100)).isPositive();
  }

  @Test
  void noPolicyWasTooNarrow() {
    assertThat(slipway.stack().calls().all())
        .noneMatch(call -> call.error().contains("AccessDenied") || call.status() == 403);
  }

  @AfterAll
  void end() {
    if (slipway != null) slipway.close();
  }

  private static Path code(Path project) {
    try {
      var sources = Files.createDirectory(folder.resolve("tea-sources"));
      Files.copy(project.resolve("buildspec.yml"), sources.resolve("buildspec.yml"));
      var code = Files.createDirectory(sources.resolve("tea"));
      Files.writeString(code.resolve("Dockerfile"), DOCKERFILE);
      Files.writeString(code.resolve("Tea.java"), SOURCE);
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the teahouse to " + folder, e);
    }
  }

  private Load users(String path) {
    return Load.start(slipway.service(), LoadPlan.steady(10, path));
  }

  private void sloExists() {
    slipway
        .calls()
        .first(
            "the SLO",
            Duration.ofSeconds(120),
            call -> call.operation().equals("CreateServiceLevelObjective") && call.status() == 200);
  }

  /** Pushes, and waits for how the rollout ends. */
  private CommitStatus pushed(Checkout clone, String message) {
    var commit = clone.commit(message);
    clone.push();
    return status(commit, "slipway/tea", status -> !status.state().equals("pending"));
  }

  private CommitStatus status(
      String commit, String context, java.util.function.Predicate<CommitStatus> wanted) {
    return slipway
        .statuses()
        .first(
            context + " of " + commit,
            Duration.ofSeconds(240),
            status ->
                status.commit().equals(commit)
                    && status.context().equals(context)
                    && wanted.test(status));
  }

  /** After a failure ECS completes a deployment of what ran before. */
  private String awaitGood() {
    var events = slipway.events().past().get();
    var failed =
        events.stream().filter(event -> says(event, "SERVICE_DEPLOYMENT_FAILED")).findFirst();
    var before = events.subList(0, events.indexOf(failed.orElseThrow()));
    slipway
        .events()
        .first(
            "the rollback's end",
            Duration.ofSeconds(120),
            event -> says(event, "SERVICE_DEPLOYMENT_COMPLETED") && !before.contains(event));
    return get("/tea");
  }

  private static boolean says(Json event, String name) {
    return event.at("detail-type").text().equals("ECS Deployment State Change")
        && event.at("detail").at("eventName").text().equals(name);
  }

  private void alarm(Alarms.State state) {
    slipway
        .alarms()
        .first("an alarm in " + state, Duration.ofSeconds(120), change -> change.to() == state);
  }

  /** Audits until the SLO's budget is in one of these states; gives the report that says so. */
  private Json audit(String... statuses) {
    var until = Instant.now().plus(Duration.ofSeconds(180));
    while (true) {
      var ended = slipway.calls().next(call -> call.operation().equals("Invoke AuditFunction"));
      slipway.stack().schedules().fireNow(slipway.stack().schedules().named("Audit"));
      ended.join();
      var report = Json.parse(read(reports().resolve("latest.json")));
      var status = report.at("slos").items().getFirst().at("status").text();
      if (List.of(statuses).contains(status)) return report;
      if (Instant.now().isAfter(until))
        throw new AssertionError("the budget is " + status + ", not " + List.of(statuses));
    }
  }

  private Path reports() {
    var bucket = slipway.stack().outputs().get("ReportsBucket");
    return slipway.stack().buckets().folder(bucket).resolve("audits");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private Json ask(String request) {
    var function = slipway.stack().outputs().get("OperatorFunctionName").split(":");
    return Json.parse(
        send(HttpRequest.newBuilder(
                    URI.create(
                        "%s/2015-03-31/functions/%s/invocations?Qualifier=%s"
                            .formatted(slipway.stack().endpoint(), function[0], function[1])))
                .header(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=%s/20260101/ap-northeast-1/lambda/aws4_request, Signature=0"
                        .formatted(slipway.stack().operator().caller().accessKey()))
                .POST(HttpRequest.BodyPublishers.ofString(request)))
            .body());
  }

  private String get(String path) {
    return send(HttpRequest.newBuilder(slipway.service().resolve(path))).body();
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
