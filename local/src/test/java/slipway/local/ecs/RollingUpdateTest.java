package slipway.local.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;
import slipway.local.balancer.Balancers;
import slipway.local.build.TestRegistry;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.Pace;
import slipway.local.stack.Resource;

final class RollingUpdateTest {
  private static final String APP =
      """
      import com.sun.net.httpserver.HttpServer;
      import java.net.InetSocketAddress;

      public class App {
        public static void main(String[] words) throws Exception {
          if (words[0].equals("crash")) System.exit(7);
          var server = HttpServer.create(
              new InetSocketAddress(Integer.parseInt(System.getenv("SERVER_PORT"))), 0);
          server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
          server.createContext("/", exchange -> {
            var sick = words[0].equals("sick") && exchange.getRequestURI().getPath().equals("/health");
            var body = (words[0] + " " + System.getenv("AGENT")).getBytes();
            exchange.sendResponseHeaders(sick ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
          server.start();
        }
      }
      """;
  private static final String ROLE = "arn:aws:iam::123456789012:role/execution";

  @TempDir Path folder;
  TestRegistry registry;
  Balancers balancers;
  Ecs ecs;
  String address;
  final List<String> played = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    registry = new TestRegistry(folder);
    var pace = new Pace(10);
    balancers = new Balancers(pace);
    ecs =
        new Ecs(
            folder.resolve("ecs"),
            pace,
            registry,
            registry.ecr,
            (_, asked) -> registry.allows(asked),
            this::play,
            balancers);
    Files.writeString(folder.resolve("App.java"), APP);
    var compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(
            compiler.run(
                null, null, null, "-d", folder.toString(), folder.resolve("App.java").toString()))
        .isZero();
  }

  @AfterEach
  void close() {
    ecs.close();
    balancers.close();
    registry.close();
  }

  Sidecars.Running play(Sidecars.Group group) {
    group.containers().forEach(container -> played.add(container.name()));
    return new Sidecars.Running() {
      @Override
      public Map<Integer, Integer> ports() {
        return Map.of(4316, 54316);
      }

      @Override
      public void close() {}
    };
  }

  /** Pushes an image whose app answers with a word, or crashes, or is sick. */
  void push(String word, String... more) throws IOException {
    var context = Files.createDirectories(folder.resolve("context-" + word));
    Files.copy(folder.resolve("App.class"), context.resolve("App.class"));
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM example/jre:25
        WORKDIR /app
        COPY App.class ./
        ENTRYPOINT ["java", "-Xshare:auto", "-cp", "/app", "App", "%s"]
        """
            .formatted(word));
    registry.push(context, word, more);
  }

  Json call(String operation, Map<String, Object> request) {
    var body = Json.write(request).getBytes(StandardCharsets.UTF_8);
    var call =
        new AwsCall("ecs", operation, TestRegistry.BUILDER, "POST", "/", Map.of(), Map.of(), body);
    return Json.parse(new String(ecs.answer(call).body(), StandardCharsets.UTF_8));
  }

  String register(String word) {
    var app =
        Map.of(
            "name", "app",
            "image", TestRegistry.image(word),
            "portMappings", List.of(Map.of("containerPort", 8080)),
            "dependsOn", List.of(Map.of("containerName", "cw-agent", "condition", "START")),
            "environment",
                List.of(Map.of("name", "AGENT", "value", "http://localhost:4316/v1/metrics")));
    var agent = Map.of("name", "cw-agent", "image", "public.ecr.aws/agent:1", "essential", false);
    return call(
            "RegisterTaskDefinition",
            Map.of(
                "family",
                "dice",
                "cpu",
                "1024",
                "memory",
                "2048",
                "executionRoleArn",
                ROLE,
                "runtimePlatform",
                Map.of("cpuArchitecture", "ARM64"),
                "containerDefinitions",
                List.of(app, agent),
                "futureMember",
                Map.of("kept", true)))
        .at("taskDefinition")
        .at("taskDefinitionArn")
        .text();
  }

  String make(String type, Map<String, Object> properties) {
    return make(type, Optional.empty(), properties);
  }

  String make(String type, Optional<String> attribute, Map<String, Object> properties) {
    var resource = new Resource(type.replaceAll(".*::", ""), type, Json.of(properties));
    var made = (type.contains("::ECS::") ? ecs.make(resource) : balancers.make(resource));
    return attribute.map(made.attributes()::get).orElse(made.ref());
  }

  void service() {
    var balancer =
        new Resource("B", "AWS::ElasticLoadBalancingV2::LoadBalancer", Json.of(Map.of()));
    var made = balancers.make(balancer);
    address = "http://" + made.attributes().get("DNSName");
    var group =
        make(
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            Map.of("HealthCheckPath", "/health", "HealthCheckIntervalSeconds", 5));
    make(
        "AWS::ElasticLoadBalancingV2::Listener",
        Map.of(
            "LoadBalancerArn", made.ref(),
            "DefaultActions", List.of(Map.of("Type", "forward", "TargetGroupArn", group))));
    make("AWS::ECS::Cluster", Map.of("ClusterName", "slipway"));
    make(
        "AWS::ECS::Service",
        Map.of(
            "Cluster",
            "slipway",
            "ServiceName",
            "dice",
            "TaskDefinition",
            "dice",
            "DesiredCount",
            1,
            "HealthCheckGracePeriodSeconds",
            30,
            "DeploymentConfiguration",
            Map.of("DeploymentCircuitBreaker", Map.of("Enable", true, "Rollback", true)),
            "LoadBalancers",
            List.of(
                Map.of("ContainerName", "app", "ContainerPort", 8080, "TargetGroupArn", group))));
  }

  String update(String taskDefinition) {
    return call(
            "UpdateService",
            Map.of("cluster", "slipway", "service", "dice", "taskDefinition", taskDefinition))
        .at("service")
        .at("deployments")
        .items()
        .getFirst()
        .at("id")
        .text();
  }

  String deploymentEvent(String id) throws InterruptedException {
    return registry
        .await(
            event ->
                event.type().equals("ECS Deployment State Change")
                    && event.detail().at("deploymentId").text().equals(id)
                    && !event.detail().at("eventName").text().endsWith("IN_PROGRESS"))
        .detail()
        .at("eventName")
        .text();
  }

  String get() throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(address + "/")).build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  @Test
  void aRollingUpdateUnderLoadDropsNoRequest() throws Exception {
    push("one");
    push("two");
    register("one");
    service();
    assertThat(get()).isEqualTo("one http://localhost:54316/v1/metrics");
    assertThat(played).containsOnly("cw-agent");

    var answers = new ConcurrentLinkedQueue<String>();
    var enough = new AtomicBoolean();
    try (var client = HttpClient.newHttpClient();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2; i++) {
        threads.submit(
            () -> {
              var request = HttpRequest.newBuilder(URI.create(address + "/")).build();
              while (!enough.get()) {
                var answer = client.send(request, BodyHandlers.ofString());
                answers.add(answer.statusCode() + " " + answer.body().split(" ")[0]);
              }
              return null;
            });
      }
      assertThat(deploymentEvent(update(register("two"))))
          .isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
      enough.set(true);
    }
    assertThat(answers).contains("200 one", "200 two").containsOnly("200 one", "200 two");
    var described = call("DescribeTaskDefinition", Map.of("taskDefinition", "dice"));
    assertThat(described.at("taskDefinition").at("futureMember").at("kept").flag()).isTrue();
  }

  @Test
  void threeFailedTasksOpenTheCircuitBreakerAndTheOldVersionStays() throws Exception {
    push("one");
    push("crash");
    register("one");
    service();
    var bad = update(register("crash"));
    assertThat(deploymentEvent(bad)).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
    var back = registry.await(event -> event.type().equals("ECS Deployment State Change")).detail();
    assertThat(back.at("eventName").text()).isEqualTo("SERVICE_DEPLOYMENT_IN_PROGRESS");
    var rollback = back.at("deploymentId").text();
    assertThat(rollback).isNotEqualTo(bad);
    assertThat(back.at("reason").text())
        .isEqualTo(
            "ECS deployment circuit breaker: rolling back to deploymentId " + rollback + ".");
    assertThat(deploymentEvent(rollback)).isEqualTo("SERVICE_DEPLOYMENT_COMPLETED");
    assertThat(get()).startsWith("one ");
    var stopped =
        registry.events.stream()
            .filter(event -> event.type().equals("ECS Task State Change"))
            .map(TestRegistry.Event::detail)
            .filter(task -> task.at("lastStatus").text().equals("STOPPED"))
            .filter(task -> task.at("startedBy").text().equals(bad))
            .filter(task -> task.at("stopCode").text().equals("EssentialContainerExited"))
            .toList();
    assertThat(stopped).hasSizeGreaterThanOrEqualTo(3);
    assertThat(stopped.getFirst().at("containers").items().getFirst().at("exitCode").value())
        .isEqualTo(7);
    var rollouts =
        call("ListServiceDeployments", Map.of("cluster", "slipway", "service", "dice"))
            .at("serviceDeployments")
            .items();
    assertThat(rollouts.getFirst().at("status").text()).isEqualTo("ROLLBACK_SUCCESSFUL");
  }

  @Test
  void anAppThatAnswersWronglyIsStoppedByItsTargetGroup() throws Exception {
    push("one");
    push("sick");
    register("one");
    service();
    var bad = update(register("sick"));
    assertThat(deploymentEvent(bad)).isEqualTo("SERVICE_DEPLOYMENT_FAILED");
    assertThat(registry.events)
        .anyMatch(
            event ->
                event
                    .detail()
                    .at("stoppedReason")
                    .optionalText()
                    .orElse("")
                    .startsWith("Task failed ELB health checks in (target-group "));
  }

  @Test
  void anImageOfTheWrongArchitectureFailsAsOnFargate() throws Exception {
    push("index", "--platform", "linux/amd64");
    push("single", "--platform", "linux/amd64", "--provenance=false");
    register("single");
    var first = CompletableFuture.runAsync(this::service);
    var exited = stopped();
    assertThat(exited.at("stopCode").text()).isEqualTo("EssentialContainerExited");
    assertThat(exited.at("containers").items().getFirst().at("exitCode").value()).isEqualTo(1);
    assertThat(Files.readString(ecs.log(exited.at("taskArn").text(), "app")))
        .isEqualTo("exec java: exec format error\n");
    assertThat(first).failsWithin(java.time.Duration.ofSeconds(60));

    update(register("index"));
    var refused =
        registry
            .await(
                e ->
                    e.detail()
                        .at("stopCode")
                        .optionalText()
                        .equals(Optional.of("TaskFailedToStart")))
            .detail();
    assertThat(refused.at("stoppedReason").text())
        .startsWith("CannotPullContainerError: ")
        .endsWith("image Manifest does not contain descriptor matching platform 'linux/arm64'");
  }

  Json stopped() throws InterruptedException {
    return registry
        .await(e -> e.detail().at("lastStatus").optionalText().equals(Optional.of("STOPPED")))
        .detail();
  }
}
