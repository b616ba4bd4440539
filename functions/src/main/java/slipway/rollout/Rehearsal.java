package slipway.rollout;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.aws.RawJson;
import slipway.aws.RehearsalClients;
import slipway.config.Config;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.notice.About;
import slipway.notice.Log;
import slipway.rollout.Rollout.Cause;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * Runs the end of a rollout and the whole next one before SnapStart's snapshot, on made-up answers
 * that never leave the process: so the first real ones find all classes loaded.
 */
final class Rehearsal {
  private static final String ARN = "arn:aws:ecs:us-east-1:000000000000:task-definition/rehearsal:";
  private static final String COMMIT = "0".repeat(40);

  private final Config config;
  private final Service service;
  private final TaskDefinitions definitions;
  private final Images images;
  private final Services services;
  private final Ledger ledger;

  private Rehearsal(Config config) {
    // Under its own name, so that nobody takes what is said of it for a rollout.
    this.service = config.services().getFirst().called(new ServiceName("rehearsal"));
    this.config =
        new Config(
            config.stack(),
            config.github(),
            List.of(service),
            config.audit(),
            config.repair(),
            config.budgets());
    var offline = new RehearsalClients(answer(service));
    var ecs =
        offline.build(
            EcsClient.builder()
                .overrideConfiguration(setup -> setup.addExecutionInterceptor(new RawJson())));
    this.definitions = new EcsTaskDefinitions(ecs);
    this.images = new EcrImages(offline.build(EcrClient.builder()), HttpClient.newHttpClient());
    this.services = new EcsServices(ecs, this.config);
    this.ledger =
        new DynamoLedger(offline.build(DynamoDbClient.builder()), "rehearsal", Clock.systemUTC());
  }

  static Rehearsal of(Config config) {
    return new Rehearsal(config);
  }

  /**
   * Whether the whole rollout could be rehearsed. One that fails costs time at the first event, and
   * is no reason not to deploy.
   */
  boolean run() {
    try {
      new Rollouts(
              config,
              definitions,
              images,
              services,
              ledger,
              (_, _, _) -> {},
              _ -> {},
              silent(),
              Log::rehearse,
              Clock.systemUTC())
          .reconcile(service.name(), Hints.NONE);
      return true;
    } catch (SdkException | IllegalStateException | IllegalArgumentException e) {
      Log.trouble(About.NOTHING, "rehearsal failed", Map.of(), e);
      return false;
    }
  }

  private Herald silent() {
    return new Herald((_, _, _, _, _, _) -> {}, (_, _, _, _, _) -> {}, (_, _) -> {}, config);
  }

  /** One answer for all operations: each reads its members and leaves the others. */
  private static String answer(Service service) {
    var containers =
        service.containers().stream()
            .map(container -> Map.of("name", container.name(), "image", "rehearsal:1"))
            .toList();
    var manifest =
        Json.write(
            Map.of(
                "manifests",
                Arrays.stream(new String[] {"amd64", "arm64"})
                    .map(
                        cpu ->
                            Map.of(
                                "digest",
                                "sha256:" + "0".repeat(64),
                                "platform",
                                Map.of("os", "linux", "architecture", cpu)))
                    .toList(),
                "annotations",
                Map.of(Origin.REVISION, COMMIT)));
    var deployment =
        Map.of(
            "id", "ecs-svc/0",
            "status", "PRIMARY",
            "taskDefinition", ARN + 1,
            "rolloutState", "COMPLETED",
            "createdAt", 0);
    var ecsService = Map.of("status", "ACTIVE", "deployments", List.of(deployment));
    var answer = new LinkedHashMap<String, Object>();
    answer.put(
        "taskDefinition",
        Map.of(
            "taskDefinitionArn",
            ARN + 1,
            "family",
            "rehearsal",
            "containerDefinitions",
            containers,
            "runtimePlatform",
            Map.of("cpuArchitecture", "ARM64")));
    answer.put("tags", List.of(Map.of("key", TaskDefinition.FINGERPRINT, "value", "0".repeat(64))));
    answer.put("services", List.of(ecsService));
    answer.put("service", ecsService);
    answer.put(
        "images",
        List.of(
            Map.of(
                "registryId",
                "000000000000",
                "imageId",
                Map.of("imageDigest", "sha256:" + "0".repeat(64)),
                "imageManifest",
                manifest)));
    answer.put("failures", List.of());
    answer.put("Responses", Map.of("rehearsal", List.of(state(service.name()))));
    answer.put("UnprocessedKeys", Map.of());
    return Json.write(answer);
  }

  /** The service's state in the table, as DynamoDB writes it: a rollout is on its way. */
  private static Map<String, Object> state(ServiceName service) {
    var rollout =
        Rollout.started(
            service,
            new RunningService.Deployment(
                "ecs-svc/0", true, ARN + 1, RunningService.Progress.IN_PROGRESS, "", Instant.EPOCH),
            Optional.empty(),
            "0".repeat(64),
            Map.of(),
            new Rollout.Brought(
                List.of(COMMIT), Optional.empty(), Optional.empty(), Cause.PUSH, "rehearsal"),
            Optional.empty());
    var item = new LinkedHashMap<String, Object>();
    Items.item(Items.stateKey(service), Map.of("latest", Items.rollout(rollout)))
        .forEach((name, value) -> item.put(name, wire(value)));
    return item;
  }

  private static Map<String, Object> wire(AttributeValue value) {
    return switch (value.type()) {
      case S -> Map.of("S", value.s());
      case M -> {
        var members = new LinkedHashMap<String, Object>();
        value.m().forEach((name, member) -> members.put(name, wire(member)));
        yield Map.of("M", members);
      }
      case L -> Map.of("L", value.l().stream().map(Rehearsal::wire).toList());
      default -> throw new IllegalStateException("a state holds no " + value.type());
    };
  }
}
