package slipway.rollout;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import slipway.aws.Clients;
import slipway.aws.RawJson;
import slipway.build.CodeBuilds;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.Setting;
import slipway.config.Settings;
import slipway.github.CommitStatuses;
import slipway.github.GitHub;
import slipway.json.Json;
import slipway.notice.TopicNotices;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What the functions of this package are made of, on AWS. */
record Wiring(Settings settings, Config config) {

  static Wiring of(Map<String, String> environment) {
    var settings = new Settings(environment);
    return new Wiring(settings, Configs.read(Path.of(settings.get(Setting.SLIPWAY_CONFIG))));
  }

  Rollouts rollouts() {
    var ecs = ecs();
    var dynamo = Clients.build(DynamoDbClient.builder());
    var http = http();
    return new Rollouts(
        config,
        new EcsTaskDefinitions(ecs),
        new EcrImages(Clients.build(EcrClient.builder()), http),
        new EcsServices(ecs, config.stack()),
        new DynamoLedger(dynamo, table(), Clock.systemUTC()),
        new Releases(dynamo, table(), http, Clock.systemUTC()),
        herald(),
        Clock.systemUTC());
  }

  Deployments deployments() {
    var ecs = ecs();
    var sqs = Clients.build(SqsClient.builder());
    var queue = settings.get(Setting.SLIPWAY_SLO_QUEUE);
    return new Deployments(
        new EcsTaskDefinitions(ecs),
        new EcsServices(ecs, config.stack()),
        new DynamoLedger(Clients.build(DynamoDbClient.builder()), table(), Clock.systemUTC()),
        service ->
            sqs.sendMessage(
                message ->
                    message
                        .queueUrl(queue)
                        .messageBody(Json.write(Map.of("service", service.value())))),
        herald(),
        Clock.systemUTC());
  }

  FirstRelease firstRelease() {
    var http = http();
    var sqs = Clients.build(SqsClient.builder());
    var queue = settings.get(Setting.SLIPWAY_ROLLOUT_QUEUE);
    var builds =
        new CodeBuilds(
            Clients.build(CodeBuildClient.builder()),
            settings.get(Setting.SLIPWAY_PROJECT),
            config.github());
    return new FirstRelease(
        config,
        new EcrImages(Clients.build(EcrClient.builder()), http),
        builds::startAtHead,
        (service, why) ->
            sqs.sendMessage(
                message ->
                    message
                        .queueUrl(queue)
                        .messageGroupId(service.value())
                        .messageBody(Json.write(Map.of("reconcile", service.value(), "why", why)))),
        new Releases(Clients.build(DynamoDbClient.builder()), table(), http, Clock.systemUTC()));
  }

  private Herald herald() {
    var statuses =
        GitHub.statuses(settings, config, () -> Clients.build(SecretsManagerClient.builder()));
    return new Herald(
        (commit, state, context, description, target) ->
            statuses.set(
                config.github().repository(),
                commit,
                CommitStatuses.State.valueOf(state.name()),
                context,
                description,
                target),
        new TopicNotices(Clients.build(SnsClient.builder()), settings.get(Setting.SLIPWAY_TOPIC)),
        config.stack());
  }

  private static EcsClient ecs() {
    return Clients.build(EcsClient.builder(), new RawJson());
  }

  private static HttpClient http() {
    return HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
  }

  private String table() {
    return settings.get(Setting.SLIPWAY_TABLE);
  }
}
