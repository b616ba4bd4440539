package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.local.cloud.CallLog;
import slipway.local.cloud.Pace;
import slipway.local.github.CommitStatus;
import slipway.local.stack.Changes;
import slipway.local.stack.Clients;
import slipway.local.stack.LocalStack;
import software.amazon.awssdk.services.ecs.EcsClient;

/** A stack's life: deployed, deployed again with nothing and with something changed, destroyed. */
@Order(9)
@Execution(ExecutionMode.CONCURRENT) // has a stack of its own, so the others need not wait
@ExtendWith(Evidence.OfTheRun.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedeployE2E {
  private static final String CONFIGURATION =
      """
      stack: tearoom
      repository: example/tea
      github: {tokenSecret: slipway/github-token}
      services:
        tea:
          health: /health
          containers:
            app:
              build: tea
              port: 8080
              environment: {JAVA_TOOL_OPTIONS: -XX:TieredStopAtLevel=1%s}
      """;

  private static final String WITH_SUGAR_AND_COFFEE =
      CONFIGURATION.formatted(", SUGAR: \" with sugar\"")
          + """
            coffee:
              repository: example/coffee
              health: /health
              containers:
                app:
                  build: coffee
                  port: 8080
                  environment: {JAVA_TOOL_OPTIONS: -XX:TieredStopAtLevel=1}
          """;

  @TempDir private static Path folder;
  private LocalSlipway slipway;
  private String answeredAtFirst;
  private Again unchanged;
  private String answeredAfterPush;
  private Again more;
  private String coffee;
  private Again grace;
  private Again less;
  private int graceAfterwards;
  private List<String> unallowed;
  private LocalStack.Left left;

  /** A deployment, and what there was before and after it. */
  private record Again(
      Changes changes, List<CallLog.Entry> calls, Running before, Running after, String answered) {}

  /** What the service runs. */
  private record Running(String revision, String image, String deployment) {}

  @BeforeAll
  void live(Evidence evidence) {
    var usual = LocalSlipway.Plan.fromSystemProperties(new Pace(10), _ -> {});
    var first = Synthesis.assembly(folder, "first", CONFIGURATION.formatted(""), usual.sources());
    // Meanwhile, as it takes its time.
    var later =
        CompletableFuture.supplyAsync(
            () -> Synthesis.assembly(folder, "more", WITH_SUGAR_AND_COFFEE, usual.sources()),
            Thread::startVirtualThread);
    slipway =
        LocalSlipway.start(
            new LocalSlipway.Plan(
                first,
                TwoServices.code(folder, usual.sources()),
                usual.logs().resolveSibling("logs-of-redeploy"),
                usual.pace(),
                usual.progress()));
    slipway.stack().schedules().onlyWhenTold();
    answeredAtFirst = get();
    done(await(slipway.repository().head("main"), "slipway/tea"));
    unchanged = again(first);
    push();
    answeredAfterPush = get();
    more = again(later.join(), nextDeployment());
    coffee = get(new ServiceName("coffee"));
    // What is still to be looked at of it would be refused once its permissions are gone.
    await(slipway.github().repository("example/coffee").head("main"), "slipway/coffee");
    grace = again(patient(later.join()));
    graceAfterwards = service().at("healthCheckGracePeriodSeconds").integer(0, 1000);
    less = again(first, nextDeployment());
    unallowed = evidence.add(slipway.stack()).refused();
    left = slipway.stack().destroy();
  }

  @AfterAll
  void end() {
    if (slipway != null) slipway.close();
  }

  /** A push that gives the service another word; returns when that is healthy. */
  private void push() {
    try (var clone = new Checkout(slipway.repository().cloneUrl())) {
      var commit =
          clone.change("tea/Drink.java", "\"tea\"", "\"green tea\"").commit("Make it green");
      clone.push();
      await(commit, "slipway/tea");
    }
  }

  private CommitStatus await(String commit, String context) {
    return slipway
        .statuses()
        .first(
            context + " of " + commit,
            Duration.ofSeconds(120),
            status ->
                status.commit().equals(commit)
                    && status.context().equals(context)
                    && status.state().equals("success"));
  }

  /** Waits for what the deployer still does once it has told that the first rollout is healthy. */
  private void done(CommitStatus told) {
    invoked("RolloutFunction", call -> !call.at().plus(call.took()).isBefore(told.created()));
    invoked("SloFunction", _ -> true);
  }

  private void invoked(String function, Predicate<CallLog.Entry> wanted) {
    slipway
        .calls()
        .first(
            function + " is done",
            Duration.ofSeconds(60),
            call -> call.operation().equals("Invoke " + function) && wanted.test(call));
  }

  private CompletableFuture<Json> nextDeployment() {
    return slipway
        .events()
        .next(
            event ->
                event.at("detail").at("eventName").value() instanceof String name
                    && name.equals("SERVICE_DEPLOYMENT_COMPLETED"));
  }

  private Again again(Path assembly) {
    return again(assembly, CompletableFuture.completedFuture(Json.of(Map.of())));
  }

  private Again again(Path assembly, CompletableFuture<Json> ends) {
    var before = running();
    var start = Instant.now();
    var changes = slipway.deploy(assembly);
    ends.orTimeout(60, TimeUnit.SECONDS).join();
    return new Again(changes, slipway.stack().calls().since(start), before, running(), get());
  }

  /**
   * The same assembly with another grace period, as somebody's own change of infra would make it.
   */
  private static Path patient(Path assembly) {
    try {
      var patient = Files.createDirectory(folder.resolve("patient"));
      try (var files = Files.list(assembly)) {
        for (var file : files.toList())
          Files.createSymbolicLink(patient.resolve(file.getFileName()), file);
      }
      var template = patient.resolve("tearoom.template.json");
      var text = Files.readString(template);
      Files.delete(template);
      var tea = text.indexOf("\"teaServiceEcs");
      var now = Pattern.compile("\"HealthCheckGracePeriodSeconds\": ?120").matcher(text);
      assertThat(tea >= 0 && now.find(tea)).isTrue();
      Files.writeString(
          template,
          text.substring(0, now.start())
              + "\"HealthCheckGracePeriodSeconds\": 240"
              + text.substring(now.end()));
      return patient;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot change " + assembly, e);
    }
  }

  private Json service() {
    try (var ecs = Clients.of(EcsClient.builder(), slipway.stack(), slipway.stack().operator())) {
      var service =
          ecs.describeServices(ask -> ask.cluster("tearoom").services("tea")).services().getFirst();
      return Json.of(
          Map.of(
              "taskDefinition", service.taskDefinition(),
              "deployment", service.deployments().getFirst().id(),
              "healthCheckGracePeriodSeconds", service.healthCheckGracePeriodSeconds()));
    }
  }

  private Running running() {
    var service = service();
    var revision = service.at("taskDefinition").text();
    try (var ecs = Clients.of(EcsClient.builder(), slipway.stack(), slipway.stack().operator())) {
      var definition = ecs.describeTaskDefinition(ask -> ask.taskDefinition(revision));
      return new Running(
          revision.substring(revision.lastIndexOf('/') + 1),
          definition.taskDefinition().containerDefinitions().getFirst().image(),
          service.at("deployment").text());
    }
  }

  private String get() {
    return get(new ServiceName("tea"));
  }

  private String get(ServiceName name) {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(slipway.service(name)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new AssertionError("the service does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Test
  void theFirstDeployEndsWithAHealthyService() {
    assertThat(answeredAtFirst).isEqualTo("tea");
    assertThat(unchanged.before().revision()).isEqualTo("tea:1");
  }

  @Test
  void deployingWithNothingChangedTouchesNothing() {
    assertThat(unchanged.changes()).hasToString("nothing");
    assertThat(unchanged.calls())
        .allMatch(call -> call.operation().matches("Describe.*|Get.*|BatchGet.*|List.*"));
    assertThat(unchanged.after()).isEqualTo(unchanged.before());
  }

  @Test
  void aChangedVariableRollsOutThroughTheDeployerWithTheImageThatWasPushed() {
    assertThat(answeredAfterPush).isEqualTo("green tea");
    assertThat(more.answered()).isEqualTo("green tea with sugar");
    assertThat(more.before().revision()).isEqualTo("tea:2");
    assertThat(more.after().revision()).isEqualTo("tea:3");
    assertThat(more.after().image())
        .isEqualTo(more.before().image())
        .matches(".+@sha256:[0-9a-f]{64}");
    assertThat(more.calls())
        .filteredOn(call -> call.operation().equals("UpdateService"))
        .singleElement()
        .extracting(CallLog.Entry::caller)
        .isEqualTo("RolloutFunction");
    assertThat(more.changes().changed())
        .anyMatch(id -> id.startsWith("teaServiceRelease"))
        .noneMatch(id -> id.startsWith("teaServiceEcs"));
    assertThat(more.changes().undeleted()).isEmpty();
  }

  @Test
  void aServiceThatIsNewInTheConfigurationIsBuiltReleasedAndServes() {
    assertThat(coffee).isEqualTo("coffee");
    assertThat(more.changes().made())
        .anyMatch(id -> id.startsWith("coffeeServiceEcs"))
        .anyMatch(id -> id.startsWith("Imagescoffee"));
  }

  @Test
  void aServiceThatIsGoneFromTheConfigurationLeavesNothingOfItself() {
    assertThat(less.changes().deleted())
        .anyMatch(id -> id.startsWith("coffeeServiceEcs"))
        .anyMatch(id -> id.startsWith("Imagescoffee"));
    assertThat(less.changes().undeleted()).isEmpty();
    assertThat(less.changes().left()).isEmpty();
    assertThat(less.answered()).isEqualTo("green tea");
    assertThat(less.after().image()).isEqualTo(more.before().image());
  }

  @Test
  void aChangeOfTheEcsServiceItselfKeepsRevisionImageAndDeployment() {
    assertThat(grace.changes().changed()).singleElement().asString().startsWith("teaServiceEcs");
    assertThat(graceAfterwards).isEqualTo(240);
    assertThat(grace.after()).isEqualTo(grace.before());
    assertThat(grace.answered()).isEqualTo("green tea with sugar");
  }

  @Test
  void noPolicyWasTooNarrow() {
    assertThat(unallowed).isEmpty();
  }

  /** What infra/README.md says of each, and how its ARN begins. */
  private static final Map<String, String> LISTED =
      Map.of(
          "The bucket of audit reports", "(?i)arn:aws:s3:::.*statereports",
          "The bucket of access logs", "(?i)arn:aws:s3:::.*accesslogs",
          "The GitHub token's secret", "arn:aws:secretsmanager:.*:secret:slipway/github-token-",
          "SLOs", "arn:aws:application-signals:.*:slo/",
          "task definition revisions", "arn:aws:ecs:.*:task-definition/(tea|coffee):");

  @Test
  void destroyLeavesWhatTheReadmeListsAndNothingElse() throws IOException {
    var readme =
        Files.readString(Path.of(System.getProperty("slipway.sources"), "infra/README.md"));
    var section = readme.split("## What `cdk destroy` leaves on purpose\n", 2)[1].split("\n## ")[0];

    assertThat(section).contains(LISTED.keySet());
    assertThat(left.kept().keySet())
        .extracting(id -> id.replaceFirst("[0-9A-F]{8}$", ""))
        .containsExactlyInAnyOrder("StateReports", "AccessLogsBucket");
    assertThat(left.existing())
        .isNotEmpty()
        .allMatch(arn -> LISTED.values().stream().anyMatch(kind -> arn.matches(kind + ".+")));
    assertThat(left.existing())
        .filteredOn(arn -> arn.contains(":task-definition/"))
        .extracting(arn -> arn.substring(arn.lastIndexOf('/') + 1))
        .containsExactly("coffee:1", "tea:1", "tea:2", "tea:3", "tea:4");
    // As the webhook: whoever made it deletes it.
    assertThat(slipway.repository().connected()).isTrue();
  }
}
