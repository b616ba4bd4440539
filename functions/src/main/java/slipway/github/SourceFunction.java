package slipway.github;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import slipway.aws.Clients;
import slipway.build.CodeBuildHistory;
import slipway.build.CodeBuilds;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.Setting;
import slipway.config.Settings;
import slipway.json.Json;
import slipway.notice.Log;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Looks for pushes whose webhook was lost, when EventBridge Scheduler says so. A run that fails is
 * thrown back with the reasons, so that Lambda repeats it and in the end keeps it in the
 * dead-letter queue. Not rehearsed: nobody waits for it.
 */
public final class SourceFunction implements RequestHandler<Map<String, Object>, String> {
  /** What infra sets. */
  public static final Set<Setting> SETTINGS =
      Set.of(
          Setting.SLIPWAY_CONFIG,
          Setting.SLIPWAY_TABLE,
          Setting.SLIPWAY_PROJECT,
          Setting.GITHUB_API_URL,
          Setting.SLIPWAY_GITHUB_TOKEN);

  private final Sources sources;

  /** As Lambda makes it. */
  public SourceFunction() {
    this(new Settings(System.getenv()));
  }

  private SourceFunction(Settings settings) {
    this(settings, Configs.read(Path.of(settings.get(Setting.SLIPWAY_CONFIG))));
  }

  private SourceFunction(Settings settings, Config config) {
    var codebuild = Clients.build(CodeBuildClient.builder());
    var project = settings.get(Setting.SLIPWAY_PROJECT);
    this(
        new Sources(
            config,
            GitHub.of(settings, config, () -> Clients.build(SecretsManagerClient.builder()))
                .heads(),
            new TableHeads(
                Clients.build(DynamoDbClient.builder()), settings.get(Setting.SLIPWAY_TABLE)),
            new CodeBuildHistory(codebuild, project),
            new CodeBuilds(codebuild, project, config.github()),
            Log::write));
  }

  SourceFunction(Sources sources) {
    this.sources = sources;
  }

  @Override
  public String handleRequest(Map<String, Object> event, Context context) {
    return Log.during(context.getAwsRequestId(), () -> sources.look(run(Json.of(event))));
  }

  /**
   * The time that the schedule puts in, or that of Scheduler's envelope: both stay the same when
   * the event is delivered again.
   */
  private static String run(Json event) {
    var why = event.at("sources").optionalText();
    if (why.isPresent()) return why.get();
    if (event.at("source").optionalText().filter("aws.scheduler"::equals).isPresent())
      return event.at("time").text();
    throw event.at("sources").unexpected("a name for this run, such as the time");
  }
}
