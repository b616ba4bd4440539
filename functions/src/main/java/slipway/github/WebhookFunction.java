package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.crac.Core;
import org.crac.Resource;
import slipway.aws.Clients;
import slipway.aws.RehearsalClients;
import slipway.build.CodeBuilds;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.Setting;
import slipway.config.Settings;
import slipway.notice.Line;
import slipway.notice.Log;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Takes GitHub's webhook at the function URL and starts the build that a push asks for. */
public final class WebhookFunction
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>, Resource {
  /** What infra sets. */
  public static final Set<Setting> SETTINGS =
      Set.of(
          Setting.SLIPWAY_CONFIG,
          Setting.SLIPWAY_TABLE,
          Setting.SLIPWAY_PROJECT,
          Setting.SLIPWAY_WEBHOOK_SECRET);

  private final Webhook webhook;
  private final Rehearsal rehearsal;
  private final Consumer<Line> log;

  /** As Lambda makes it. */
  public WebhookFunction() {
    this(new Settings(System.getenv()));
  }

  private WebhookFunction(Settings settings) {
    this(settings, Configs.read(Path.of(settings.get(Setting.SLIPWAY_CONFIG))));
  }

  private WebhookFunction(Settings settings, Config config) {
    var secrets = Clients.build(SecretsManagerClient.builder());
    var dynamo = Clients.build(DynamoDbClient.builder());
    var codebuild = Clients.build(CodeBuildClient.builder());
    this(
        webhook(settings, config, secrets, dynamo, codebuild, Log::write),
        new Rehearsal(
            config.sources().getFirst(),
            request -> offline(settings, config).answer(request),
            secret(settings, secrets),
            Log::write),
        Log::write);
  }

  WebhookFunction(Webhook webhook, Rehearsal rehearsal, Consumer<Line> log) {
    this.webhook = webhook;
    this.rehearsal = rehearsal;
    this.log = log;
    Core.getGlobalContext().register(this);
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    return Log.during(context.getAwsRequestId(), () -> response(event));
  }

  private APIGatewayV2HTTPResponse response(APIGatewayV2HTTPEvent event) {
    var answer = answer(event);
    log.accept(
        Line.info(
            answer.about(),
            "answered GitHub",
            Map.of("status", answer.status(), "answer", answer.body())));
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(answer.status())
        .withHeaders(Map.of("content-type", "application/json"))
        .withBody(answer.body())
        .build();
  }

  private Answer answer(APIGatewayV2HTTPEvent event) {
    var body = Objects.requireNonNullElse(event.getBody(), "");
    if (body.length() > Request.LONGEST_TEXT) return Webhook.tooLong();
    var headers = Objects.requireNonNullElse(event.getHeaders(), Map.<String, String>of());
    return bytes(body, event.getIsBase64Encoded())
        .map(bytes -> webhook.answer(new Request(headers, bytes)))
        .orElse(Answer.UNAUTHORIZED);
  }

  /** Empty for what is no base64: nobody can have signed that. */
  private static Optional<byte[]> bytes(String body, boolean base64) {
    try {
      return Optional.of(base64 ? Base64.getDecoder().decode(body) : body.getBytes(UTF_8));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** SnapStart takes its picture after this: classes loaded, code run, nothing started. */
  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
    rehearsal.run();
  }

  @Override
  public void afterRestore(org.crac.Context<? extends Resource> context) {
    // Nothing to mend: the secret is read again once it is older than minutes.
  }

  private static StoredSecret secret(Settings settings, SecretsManagerClient secrets) {
    return new StoredSecret(secrets, settings.get(Setting.SLIPWAY_WEBHOOK_SECRET));
  }

  private static Webhook offline(Settings settings, Config config) {
    var offline = new RehearsalClients(Rehearsal.AWS_ANSWER);
    return webhook(
        settings,
        config,
        offline.build(SecretsManagerClient.builder()),
        offline.build(DynamoDbClient.builder()),
        offline.build(CodeBuildClient.builder()),
        Log::rehearse);
  }

  private static Webhook webhook(
      Settings settings,
      Config config,
      SecretsManagerClient secrets,
      DynamoDbClient dynamo,
      CodeBuildClient codebuild,
      Consumer<Line> log) {
    return new Webhook(
        config,
        new WebhookSecret(secret(settings, secrets), Clock.systemUTC()),
        new TableDeliveries(dynamo, settings.get(Setting.SLIPWAY_TABLE), Clock.systemUTC()),
        new CodeBuilds(codebuild, settings.get(Setting.SLIPWAY_PROJECT), config.github()),
        log);
  }
}
