package slipway.rollout;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import slipway.aws.Clients;
import slipway.aws.RawJson;
import slipway.build.CodeBuilds;
import slipway.config.Addresses;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.config.Setting;
import slipway.config.Settings;
import slipway.github.CommitStatuses;
import slipway.github.GitHub;
import slipway.github.GitHubDeployments;
import slipway.json.Json;
import slipway.notice.Log;
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
    var sqs = Clients.build(SqsClient.builder());
    var slos = settings.get(Setting.SLIPWAY_SLO_QUEUE);
    return new Rollouts(
        config,
        new EcsTaskDefinitions(ecs),
        new EcrImages(Clients.build(EcrClient.builder()), http),
        new EcsServices(ecs, config),
        new DynamoLedger(dynamo, table(), Clock.systemUTC()),
        new Releases(dynamo, table(), http, Clock.systemUTC()),
        service ->
            sqs.sendMessage(
                message ->
                    message
                        .queueUrl(slos)
                        .messageBody(Json.write(Map.of("service", service.value())))),
        herald(),
        Log::write,
        Clock.systemUTC());
  }

  Operator operator() {
    return new Operator(
        config,
        new DynamoLedger(Clients.build(DynamoDbClient.builder()), table(), Clock.systemUTC()),
        rolloutQueue(),
        Clock.systemUTC());
  }

  FirstRelease firstRelease() {
    var http = http();
    var builds =
        new CodeBuilds(
            Clients.build(CodeBuildClient.builder()),
            settings.get(Setting.SLIPWAY_PROJECT),
            config.github());
    var ecr = Clients.build(EcrClient.builder());
    var ecs = ecs();
    return new FirstRelease(
        config,
        new EcrImages(ecr, http),
        new EcrRepositories(ecr),
        new EcsServices(ecs, config),
        new EcsTaskDefinitions(ecs),
        builds::startAtHead,
        rolloutQueue(),
        new Releases(Clients.build(DynamoDbClient.builder()), table(), http, Clock.systemUTC()));
  }

  private Herald herald() {
    var github = GitHub.of(settings, config, () -> Clients.build(SecretsManagerClient.builder()));
    var statuses = github.statuses();
    var deployments = github.deployments();
    var addresses = Addresses.of(settings);
    return new Herald(
        (name, commit, state, context, text, page) ->
            statuses.set(
                service(name).source().repository(),
                commit,
                CommitStatuses.State.valueOf(state.name()),
                context,
                text,
                page),
        (name, rollout, stage, text, page) ->
            deployments.set(
                new GitHubDeployments.Deployment(
                    service(name).source().repository(),
                    rollout.commit(),
                    GitHubDeployments.environment(service(name), neighbours(name)),
                    rollout.key(),
                    "%s of %s".formatted(name, rollout.commit())),
                GitHubDeployments.State.valueOf(stage.name()),
                text,
                page,
                addresses.of(name)),
        new TopicNotices(Clients.build(SnsClient.builder()), settings.get(Setting.SLIPWAY_TOPIC)),
        config);
  }

  private Service service(ServiceName name) {
    return config.service(name).orElseThrow();
  }

  /** The services of its repository, itself among them. */
  private List<Service> neighbours(ServiceName name) {
    var repository = service(name).source().repository();
    return config.services().stream()
        .filter(service -> service.source().repository().equals(repository))
        .toList();
  }

  private RolloutQueue rolloutQueue() {
    return new SqsRollouts(
        Clients.build(SqsClient.builder()), settings.get(Setting.SLIPWAY_ROLLOUT_QUEUE));
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
