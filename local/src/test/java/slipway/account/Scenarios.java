package slipway.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.local.load.Load;
import slipway.local.load.LoadPlan;
import slipway.local.load.LoadReport;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveSummary;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CPUArchitecture;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * What a team does with Slipway, and what must come true then, wherever it is deployed. Each begins
 * with a service that is healthy and leaves one that is.
 */
public final class Scenarios implements AutoCloseable {
  private static final String VERSION_FILE = "app/src/main/java/slipway/dice/Version.java";
  private static final Pattern VERSION = Pattern.compile("VERSION = \"[^\"]*\"");
  private static final String HEALTH = "app/src/main/java/slipway/dice/HealthController.java";

  private final Installation installation;
  private final GitHubStatuses statuses;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public Scenarios(Installation installation) {
    this.installation = installation;
    statuses =
        new GitHubStatuses(
            installation.gitHubApi(), installation.repository(), installation.gitHubToken());
  }

  /**
   * A push whose version serves.
   *
   * @param seen by the users meanwhile
   */
  public record Pushed(String commit, LoadReport seen) {}

  /**
   * A push whose version never served.
   *
   * @param told what the commit was told
   */
  public record Refused(String commit, String told, LoadReport seen) {}

  /** What the stack's first deploy built serves. */
  public void theFirstVersionServes() {
    assertThat(version()).isNotBlank();
    assertThat(get("/healthcheck").statusCode()).isEqualTo(200);
    assertThat(get("/rolldice?rolls=3").statusCode()).isEqualTo(200);
    assertThat(get("/rolldice").statusCode()).isEqualTo(400);
    var revision = running();
    assertThat(revision.taskDefinition().runtimePlatform().cpuArchitecture())
        .isEqualTo(CPUArchitecture.ARM64);
    assertThat(revision.tags())
        .contains(
            Tag.builder()
                .key("slipway:commit")
                .value(installation.checkout().git("rev-parse", "HEAD"))
                .build());
  }

  /** A change is pushed and serves, and nobody notices anything else. */
  public Pushed aPushServes(String version) {
    try (var load = users()) {
      var checkout = installation.checkout();
      var now = VERSION.matcher(checkout.git("show", "HEAD:" + VERSION_FILE));
      assertThat(now.find()).isTrue();
      checkout.change(VERSION_FILE, now.group(), "VERSION = \"%s\"".formatted(version));
      var commit = push("Call it version " + version);

      assertThat(end(commit, "build").state()).isEqualTo("success");
      assertThat(end(commit, installation.service()).state()).isEqualTo("success");
      assertThat(version()).isEqualTo(version);
      var revision = running();
      assertThat(revision.tags())
          .contains(Tag.builder().key("slipway:commit").value(commit).build());
      assertThat(revision.taskDefinition().containerDefinitions())
          .filteredOn(container -> container.image().contains(".dkr.ecr."))
          .isNotEmpty()
          .extracting(ContainerDefinition::image)
          .allSatisfy(image -> assertThat(image).matches(".+@sha256:[0-9a-f]{64}"));
      return new Pushed(commit, unharmed(load));
    }
  }

  /** Application Signals has seen the service, and its SLOs are there. */
  public void itsSlosAppear() {
    try (var load = users();
        var signals = installation.client(ApplicationSignalsClient.builder())) {
      until(
          "the SLOs",
          () ->
              signals.listServiceLevelObjectivesPaginator(_ -> {}).sloSummaries().stream()
                  .map(ServiceLevelObjectiveSummary::name)
                  .toList(),
          names -> names.containsAll(installation.slos()));
      unharmed(load);
    }
  }

  /** A version that does not become healthy never serves, and the commit says why. */
  public Refused aVersionThatIsNotHealthyNeverServes() {
    try (var load = users()) {
      var before = running().taskDefinition().taskDefinitionArn();
      var version = version();
      installation.checkout().change(HEALTH, "HttpStatus.OK", "HttpStatus.SERVICE_UNAVAILABLE");
      var commit = push("Be unwell");

      assertThat(end(commit, "build").state()).isEqualTo("success");
      var end = end(commit, installation.service());
      installation.checkout().undo();
      assertThat(end.state()).isEqualTo("failure");
      assertThat(end.description()).contains("health check");
      until("the rollback", () -> running().taskDefinition().taskDefinitionArn(), before::equals);
      assertThat(version()).isEqualTo(version);
      return new Refused(commit, end.description(), unharmed(load));
    }
  }

  /** A rollback serves the version before, until it is taken back. */
  public void aRollbackServesTheVersionBefore(String hasty) {
    var earlier = version();
    aPushServes(hasty);

    var rollback =
        ask(
            Map.of(
                "service",
                installation.service(),
                "rollback",
                true,
                "by",
                "ann",
                "reason",
                "too slow"));
    assertThat(rollback.at("done").text()).startsWith("rolled back, pinned to ");
    until("the version before", this::version, earlier::equals);
    settled();
    var history = ask(Map.of("service", installation.service(), "history", true));
    assertThat(history.at("rollouts").items().getFirst().at("why").text())
        .isEqualTo("pinned by ann: too slow");
    var order = history.at("orders").items().getFirst();
    assertThat(order.at("what").text()).isEqualTo(rollback.at("done").text());
    assertThat(order.at("by").text()).isEqualTo("ann");
    assertThat(ask(Map.of()).at("services").items().getFirst().at("pinned").at("reason").text())
        .isEqualTo("too slow");

    ask(rollback.at("undo"));

    until("the newest version", this::version, hasty::equals);
    settled();
  }

  /** An audit reports each SLO. */
  public void anAuditReportsEachSlo() {
    var answer =
        invoke(installation.outputs().get("AuditFunctionName"), Json.of(Map.of("audit", "a test")));
    assertThat(String.valueOf(answer.value())).contains("audits/");
    try (var s3 = installation.client(S3Client.builder())) {
      var bucket = installation.outputs().get("ReportsBucket");
      var json =
          Json.parse(
              s3.getObjectAsBytes(get -> get.bucket(bucket).key("audits/latest.json"))
                  .asUtf8String());
      assertThat(json.at("why").text()).isEqualTo("a test");
      assertThat(json.at("slos").items())
          .extracting(slo -> slo.at("name").text())
          .containsAll(installation.slos());
    }
  }

  /** Nothing failed for good. */
  public void noDeadLetterIsLeft() {
    try (var sqs = installation.client(SqsClient.builder())) {
      for (var end :
          List.of("events-dead", "slos-dead", "audits-dead.fifo", "rollouts-dead.fifo")) {
        var url =
            installation
                .outputs()
                .get("RolloutQueueUrl")
                .replaceAll("/[^/]+$", "/" + installation.stack() + "-" + end);
        var attributes =
            sqs.getQueueAttributes(
                get ->
                    get.queueUrl(url)
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
        assertThat(attributes.attributes())
            .as(end)
            .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0");
      }
    }
  }

  private String push(String message) {
    var checkout = installation.checkout();
    var commit = checkout.commit(message);
    checkout.git("push", "-q", "origin", "HEAD:" + installation.branch());
    return commit;
  }

  private Load users() {
    return Load.start(service(), LoadPlan.steady(10, "/rolldice?rolls=2", "/"));
  }

  private static LoadReport unharmed(Load load) {
    var seen = load.stop();
    assertThat(seen.failures()).isEmpty();
    return seen;
  }

  private GitHubStatuses.Status end(String commit, String context) {
    return until(
            "slipway/" + context + " of " + commit,
            () -> statuses.newest(commit, "slipway/" + context),
            newest -> newest.filter(GitHubStatuses.Status::ended).isPresent())
        .orElseThrow();
  }

  /** Until one deployment is left, and all its tasks run. */
  private void settled() {
    try (var ecs = installation.client(EcsClient.builder())) {
      until(
          "one deployment",
          () ->
              ecs.describeServices(
                      ask -> ask.cluster(installation.stack()).services(installation.service()))
                  .services()
                  .getFirst(),
          service ->
              service.deployments().size() == 1
                  && service.runningCount().equals(service.desiredCount()));
    }
  }

  private <T> T until(String what, Callable<T> look, Predicate<T> true_) {
    var last = new ArrayList<T>();
    await(what)
        .atMost(installation.patience().atMost())
        .pollInterval(installation.patience().between())
        .until(
            () -> {
              var now = look.call();
              last.clear();
              last.add(now);
              return true_.test(now);
            });
    return last.getFirst();
  }

  private DescribeTaskDefinitionResponse running() {
    try (var ecs = installation.client(EcsClient.builder())) {
      var service =
          ecs.describeServices(
                  ask -> ask.cluster(installation.stack()).services(installation.service()))
              .services()
              .getFirst();
      return ecs.describeTaskDefinition(
          ask -> ask.taskDefinition(service.taskDefinition()).include(TaskDefinitionField.TAGS));
    }
  }

  private Json ask(Map<String, ?> request) {
    return ask(Json.of(request));
  }

  private Json ask(Json request) {
    return invoke(installation.outputs().get("OperatorFunctionName"), request);
  }

  /**
   * @param function name and alias
   */
  private Json invoke(String function, Json request) {
    var name = function.split(":");
    try (var lambda =
        installation.client(
            LambdaClient.builder()
                .overrideConfiguration(c -> c.apiCallTimeout(Duration.ofMinutes(6))))) {
      var answer =
          lambda.invoke(
              call ->
                  call.functionName(name[0])
                      .qualifier(name[1])
                      .payload(SdkBytes.fromUtf8String(Json.write(request.value()))));
      assertThat(answer.functionError()).as(answer.payload().asUtf8String()).isNull();
      return Json.parse(answer.payload().asUtf8String());
    }
  }

  private String version() {
    return Json.parse(get("/").body()).at("version").text();
  }

  private URI service() {
    return URI.create(installation.outputs().get("LoadBalancerUrl"));
  }

  private HttpResponse<String> get(String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(service().resolve(path)).timeout(Duration.ofSeconds(30)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    statuses.close();
    http.close();
  }
}
