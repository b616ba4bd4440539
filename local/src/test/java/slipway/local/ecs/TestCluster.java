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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;
import slipway.local.balancer.Balancers;
import slipway.local.build.TestRegistry;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.Pace;
import slipway.local.stack.Resource;

/** A cluster with a registry and a load balancer, for tests with real processes. */
abstract class TestCluster {
  private static final String ROLE = "arn:aws:iam::123456789012:role/execution";

  @TempDir Path folder;
  TestRegistry registry;
  Balancers balancers;
  Ecs ecs;
  String address;
  final List<String> played = new ArrayList<>();

  /** Alarms that there are, and whether they are on. */
  final Map<String, Boolean> alarms = new ConcurrentHashMap<>();

  /** Roles that do not let ECS act as them. */
  final Set<String> untrusting = new HashSet<>();

  /** What alarms look at, which at the cluster's pace of 10 is 2 s. */
  private static final Duration SPAN = Duration.ofSeconds(20);

  private final AlarmWatch watch =
      new AlarmWatch() {
        @Override
        public boolean known(String alarm) {
          return alarms.containsKey(alarm);
        }

        @Override
        public boolean inAlarm(String alarm) {
          return alarms.get(alarm);
        }

        @Override
        public Duration span(String alarm) {
          return SPAN;
        }
      };

  @BeforeEach
  void open() throws IOException {
    registry = new TestRegistry(folder);
    var pace = pace();
    balancers = new Balancers(pace);
    ecs =
        new Ecs(
            folder.resolve("images"),
            folder.resolve("logs"),
            pace,
            registry,
            registry.ecr,
            (_, asked) -> registry.allows(asked),
            (_, role) -> untrusting.contains(role) ? Optional.of("no trust") : Optional.empty(),
            this::play,
            balancers,
            watch);
    Files.writeString(folder.resolve("App.java"), TestApp.SOURCE);
    var compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(
            compiler.run(
                null, null, null, "-d", folder.toString(), folder.resolve("App.java").toString()))
        .isZero();
  }

  Pace pace() {
    return new Pace(10);
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
    Map<String, Object> app =
        Map.of(
            "name", "app",
            "image", TestRegistry.image(word),
            "portMappings", List.of(Map.of("containerPort", 8080)),
            "dependsOn", List.of(Map.of("containerName", "cw-agent", "condition", "START")),
            "environment",
                List.of(Map.of("name", "AGENT", "value", "http://localhost:4316/v1/metrics")));
    Map<String, Object> agent =
        Map.of("name", "cw-agent", "image", "public.ecr.aws/agent:1", "essential", false);
    return register(
        List.of(app, agent),
        Map.of("executionRoleArn", ROLE, "futureMember", Map.of("kept", true)));
  }

  /**
   * Registers a task definition of dice.
   *
   * @param more what it has beside its containers
   */
  String register(List<Map<String, Object>> containers, Map<String, Object> more) {
    var definition = new LinkedHashMap<String, Object>(more);
    definition.put("family", "dice");
    definition.put("cpu", "1024");
    definition.put("memory", "2048");
    definition.put("runtimePlatform", Map.of("cpuArchitecture", "ARM64"));
    definition.put("containerDefinitions", containers);
    return call("RegisterTaskDefinition", definition)
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
    service(Map.of("DeploymentCircuitBreaker", Map.of("Enable", true, "Rollback", true)));
  }

  void service(Map<String, Object> deploymentConfiguration) {
    var group = targetGroup("TargetGroup");
    listener(group);
    make("AWS::ECS::Service", declared(deploymentConfiguration, Map.of("TargetGroupArn", group)));
  }

  String targetGroup(String id) {
    var group =
        new Resource(
            id,
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            Json.of(Map.of("HealthCheckPath", "/health", "HealthCheckIntervalSeconds", 5)));
    return balancers.make(group).ref();
  }

  /** A load balancer whose only listener sends everything to a target group. */
  String listener(String group) {
    var balancer =
        new Resource("B", "AWS::ElasticLoadBalancingV2::LoadBalancer", Json.of(Map.of()));
    var made = balancers.make(balancer);
    address = "http://" + made.attributes().get("DNSName");
    make("AWS::ECS::Cluster", Map.of("ClusterName", "slipway"));
    return make(
        "AWS::ElasticLoadBalancingV2::Listener",
        Map.of(
            "LoadBalancerArn", made.ref(),
            "DefaultActions", List.of(Map.of("Type", "forward", "TargetGroupArn", group))));
  }

  /**
   * @param balancer the target groups
   */
  static Map<String, Object> declared(
      Map<String, Object> deploymentConfiguration, Map<String, Object> balancer) {
    var its = new LinkedHashMap<>(balancer);
    its.put("ContainerName", "app");
    its.put("ContainerPort", 8080);
    var properties = new LinkedHashMap<String, Object>();
    properties.put("Cluster", "slipway");
    properties.put("ServiceName", "dice");
    properties.put("TaskDefinition", "dice");
    properties.put("DesiredCount", 1);
    properties.put("HealthCheckGracePeriodSeconds", 30);
    properties.put("DeploymentConfiguration", deploymentConfiguration);
    properties.put("LoadBalancers", List.of(its));
    return properties;
  }

  /** The service deployment that began last, as DescribeServiceDeployments has it. */
  Json newest() {
    var arn =
        call("ListServiceDeployments", Map.of("cluster", "slipway", "service", "dice"))
            .at("serviceDeployments")
            .items()
            .getFirst()
            .at("serviceDeploymentArn")
            .text();
    return call("DescribeServiceDeployments", Map.of("serviceDeploymentArns", List.of(arn)))
        .at("serviceDeployments")
        .items()
        .getFirst();
  }

  Json describeService() {
    return call("DescribeServices", Map.of("cluster", "slipway", "services", List.of("dice")))
        .at("services")
        .items()
        .getFirst();
  }

  /** What the service tells of itself, newest first. */
  List<String> told() {
    return describeService().at("events").items().stream()
        .map(event -> event.at("message").text())
        .toList();
  }

  /** A deployment that the service still has. */
  Json deployment(String id) {
    return describeService().at("deployments").items().stream()
        .filter(deployment -> deployment.at("id").text().equals(id))
        .findFirst()
        .orElseThrow();
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

  Json stopped() throws InterruptedException {
    return registry
        .await(e -> e.detail().at("lastStatus").optionalText().equals(Optional.of("STOPPED")))
        .detail();
  }
}
