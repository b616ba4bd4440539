package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
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
import slipway.local.iam.Policy;
import slipway.local.stack.Clients;
import slipway.local.stack.LocalStack;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.ImageTagMutability;
import software.amazon.awssdk.services.ecr.model.ImageTagMutabilityExclusionFilter;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CPUArchitecture;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;

/**
 * A service that somebody made by hand, with a repository and a cluster, is adopted; a push rolls
 * out, and the service survives the stack.
 */
@Order(9)
@Execution(ExecutionMode.CONCURRENT) // has a stack of its own, so the others need not wait
@ExtendWith(Evidence.OfTheRun.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdoptionE2E {
  private static final String CLUSTER = "Old_Shop";
  private static final String SERVICE = "Tea_Service";
  private static final String ROLE = "arn:aws:iam::123456789012:role/old/execution";
  private static final String REPOSITORY = "shop/tea";
  private static final String IMAGE =
      "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/" + REPOSITORY;
  private static final String CONFIGURATION =
      """
      stack: teahouse
      repository: example/tea
      github: {tokenSecret: slipway/github-token}
      cluster: %s
      services:
        tea:
          adopt: {service: %s, roles: ["%s"]}
          containers:
            app: {build: tea, repository: %s}
      """
          .formatted(CLUSTER, SERVICE, ROLE, REPOSITORY);

  @TempDir private static Path folder;
  private Path sources;
  private LocalSlipway slipway;
  private TaskDefinition byHand;
  private TaskDefinition template;
  private TaskDefinition adopted;
  private TaskDefinition pushed;
  private String said;
  private List<String> unallowed;
  private LocalStack.Left left;
  private Service survivor;

  @BeforeAll
  void adoptPushAndDestroy(Evidence evidence) {
    var usual = LocalSlipway.Plan.fromSystemProperties(new Pace(10), _ -> {});
    sources = TwoServices.code(folder, usual.sources());
    slipway =
        LocalSlipway.start(
            new LocalSlipway.Plan(
                    Synthesis.assembly(folder, "teahouse", CONFIGURATION, usual.sources()),
                    sources,
                    usual.logs().resolveSibling("logs-of-adoption"),
                    usual.pace(),
                    usual.progress())
                .withExisting(this::makeByHand));
    slipway.stack().schedules().onlyWhenTold();
    await(slipway.repository().head("main"));
    template = definition("tea-template");
    adopted = definition(service().taskDefinition());
    try (var clone = new Checkout(slipway.repository().cloneUrl())) {
      var commit =
          clone
              .change(
                  "tea/Drink.java",
                  "server.start();",
                  "server.start();\n    System.out.println(\"green\" + sugar);")
              .commit("Say what it serves");
      clone.push();
      await(commit);
    }
    pushed = definition(service().taskDefinition());
    // Healthy without a check to pass it is before it has said anything.
    said = Awaitility.await().until(this::log, log -> !log.isEmpty());
    unallowed = evidence.add(slipway.stack()).refused();
    left = slipway.stack().destroy();
    survivor = service();
  }

  @AfterAll
  void end() {
    if (slipway != null) slipway.close();
  }

  /**
   * What somebody did long before: a cluster, a repository with an image, a service that runs it.
   */
  private void makeByHand(LocalStack stack) {
    stack
        .surroundings()
        .iam()
        .role(
            ROLE,
            policy(
                "trust",
                "{'Effect': 'Allow', 'Action': 'sts:AssumeRole', 'Principal': {'Service':"
                    + " 'ecs-tasks.amazonaws.com'}}"));
    stack
        .surroundings()
        .iam()
        .attach(ROLE, policy("pull", "{'Effect': 'Allow', 'Action': 'ecr:*', 'Resource': '*'}"));
    try (var ecr = Clients.of(EcrClient.builder(), stack, stack.operator())) {
      ecr.createRepository(
          request ->
              request
                  .repositoryName(REPOSITORY)
                  .imageTagMutability(ImageTagMutability.IMMUTABLE_WITH_EXCLUSION)
                  .imageTagMutabilityExclusionFilters(
                      ImageTagMutabilityExclusionFilter.builder()
                          .filterType("WILDCARD")
                          .filter("li*")
                          .build()));
    }
    docker(
        stack,
        "docker buildx build --platform linux/arm64 --push --tag %s:v1 %s"
            .formatted(IMAGE, sources.resolve("tea")));
    try (var ecs = Clients.of(EcsClient.builder(), stack, stack.operator())) {
      ecs.createCluster(request -> request.clusterName(CLUSTER));
      byHand =
          ecs.registerTaskDefinition(
                  request ->
                      request
                          .family(SERVICE)
                          .cpu("256")
                          .memory("512")
                          .executionRoleArn(ROLE)
                          .networkMode(NetworkMode.AWSVPC)
                          .runtimePlatform(it -> it.cpuArchitecture(CPUArchitecture.ARM64))
                          .tags(Tag.builder().key("team").value("tea").build())
                          .containerDefinitions(
                              ContainerDefinition.builder()
                                  .name("app")
                                  .image(IMAGE + ":v1")
                                  .portMappings(PortMapping.builder().containerPort(8080).build())
                                  .environment(
                                      KeyValuePair.builder()
                                          .name("SUGAR")
                                          .value(" with sugar")
                                          .build())
                                  .build()))
              .taskDefinition();
      ecs.createService(
          request ->
              request
                  .cluster(CLUSTER)
                  .serviceName(SERVICE)
                  .taskDefinition(SERVICE)
                  .desiredCount(1)
                  .deploymentConfiguration(
                      it -> it.deploymentCircuitBreaker(on -> on.enable(true).rollback(true))));
    }
  }

  private static Policy policy(String name, String statement) {
    return Policy.parse(
        name, Json.parse("{'Statement': [%s]}".formatted(statement).replace('\'', '"')));
  }

  /** As a person does at a terminal, logged in to the registry. */
  private static void docker(LocalStack stack, String command) {
    var shell =
        new ProcessBuilder(
                "bash",
                "-euo",
                "pipefail",
                "-c",
                "aws ecr get-login-password | docker login --username AWS --password-stdin %s\n%s"
                    .formatted(IMAGE.split("/")[0], command))
            .redirectErrorStream(true);
    var environment = shell.environment();
    environment.put("PATH", stack.work().resolve("work/bin") + ":" + environment.get("PATH"));
    environment.put("DOCKER_CONFIG", stack.work().resolve("docker").toString());
    environment.putAll(stack.operator().environment(stack.endpoint()));
    try {
      var process = shell.start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void await(String commit) {
    slipway
        .statuses()
        .first(
            "slipway/tea of " + commit,
            Duration.ofSeconds(120),
            status ->
                status.commit().equals(commit)
                    && status.context().equals("slipway/tea")
                    && status.state().equals("success"));
  }

  private Service service() {
    try (var ecs = Clients.of(EcsClient.builder(), slipway.stack(), slipway.stack().operator())) {
      return ecs.describeServices(ask -> ask.cluster(CLUSTER).services(SERVICE))
          .services()
          .getFirst();
    }
  }

  private TaskDefinition definition(String name) {
    try (var ecs = Clients.of(EcsClient.builder(), slipway.stack(), slipway.stack().operator())) {
      return ecs.describeTaskDefinition(ask -> ask.taskDefinition(name)).taskDefinition();
    }
  }

  /** What the service's one task wrote. */
  private String log() {
    try (var ecs = Clients.of(EcsClient.builder(), slipway.stack(), slipway.stack().operator())) {
      var task =
          ecs.listTasks(ask -> ask.cluster(CLUSTER).serviceName(SERVICE)).taskArns().getFirst();
      return Files.readString(
          slipway
              .stack()
              .logs()
              .resolve("tasks")
              .resolve(task.substring(task.lastIndexOf('/') + 1))
              .resolve("app.log"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the task's log", e);
    }
  }

  @Test
  void whatTheServiceRanIsTheTemplate() {
    assertThat(template.containerDefinitions()).isEqualTo(byHand.containerDefinitions());
    assertThat(template.executionRoleArn()).isEqualTo(ROLE);
    try (var ecs = Clients.of(EcsClient.builder(), slipway.stack(), slipway.stack().operator())) {
      assertThat(
              ecs.describeTaskDefinition(
                      ask -> ask.taskDefinition("tea-template").include(TaskDefinitionField.TAGS))
                  .tags())
          .extracting(tag -> tag.key() + "=" + tag.value())
          .containsExactlyInAnyOrder("team=tea", "slipway:adopted=" + byHand.taskDefinitionArn());
    }
  }

  @Test
  void theFirstReleaseRollsOutTheSameWithTheImageThatWasBuilt() {
    assertThat(adopted.taskDefinitionArn()).endsWith(":task-definition/tea:1");
    var app = adopted.containerDefinitions().getFirst();
    assertThat(app.image()).matches(IMAGE + "@sha256:[0-9a-f]{64}");
    assertThat(app.environment()).isEqualTo(byHand.containerDefinitions().getFirst().environment());
    assertThat(adopted.cpu()).isEqualTo("256");
  }

  @Test
  void aPushRollsOut() {
    assertThat(pushed.taskDefinitionArn()).endsWith(":task-definition/tea:2");
    assertThat(said).contains("green with sugar");
  }

  @Test
  void noPolicyWasTooNarrow() {
    assertThat(unallowed).isEmpty();
  }

  @Test
  void whatWasThereBeforeTheStackIsThereAfterIt() {
    assertThat(survivor.status()).isEqualTo("ACTIVE");
    assertThat(survivor.taskDefinition()).isEqualTo(pushed.taskDefinitionArn());
    assertThat(survivor.runningCount()).isEqualTo(1);
    assertThat(left.existing())
        .anyMatch(arn -> arn.endsWith(":cluster/" + CLUSTER))
        .anyMatch(arn -> arn.endsWith(":service/%s/%s".formatted(CLUSTER, SERVICE)))
        .anyMatch(arn -> arn.endsWith(":repository/" + REPOSITORY));
  }
}
