package slipway.build;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import slipway.aws.Clients;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.Setting;
import slipway.config.Settings;
import slipway.github.CommitStatuses;
import slipway.github.GitHub;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.notice.Line;
import slipway.notice.Log;
import slipway.notice.Notices;
import slipway.notice.TopicNotices;
import slipway.rollout.Releases;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Follows the builds of images: tells the commit, and people if one failed. An event that it cannot
 * read is thrown back with the reason, so that Lambda keeps it in the dead-letter queue.
 */
public final class BuildFunction implements RequestHandler<ScheduledEvent, String> {
  /** What infra sets. */
  public static final Set<Setting> SETTINGS =
      Set.of(
          Setting.SLIPWAY_CONFIG,
          Setting.SLIPWAY_TABLE,
          Setting.SLIPWAY_TOPIC,
          Setting.GITHUB_API_URL,
          Setting.SLIPWAY_GITHUB_TOKEN);

  private final Config config;
  private final CommitStatuses statuses;
  private final FirstReleases releases;
  private final Notices notices;
  private final Running running;
  private final Consumer<Line> log;

  /** As Lambda makes it. */
  public BuildFunction() {
    this(new Settings(System.getenv()));
  }

  private BuildFunction(Settings settings) {
    this(
        settings,
        Configs.read(Path.of(settings.get(Setting.SLIPWAY_CONFIG))),
        new Releases(
                Clients.build(DynamoDbClient.builder()),
                settings.get(Setting.SLIPWAY_TABLE),
                HttpClient.newHttpClient(),
                Clock.systemUTC())
            ::fail);
  }

  BuildFunction(
      Config config,
      CommitStatuses statuses,
      FirstReleases releases,
      Notices notices,
      Running running,
      Consumer<Line> log) {
    this.config = config;
    this.statuses = statuses;
    this.releases = releases;
    this.notices = notices;
    this.running = running;
    this.log = log;
  }

  private BuildFunction(Settings settings, Config config, FirstReleases releases) {
    this(
        config,
        GitHub.of(settings, config, () -> Clients.build(SecretsManagerClient.builder())).statuses(),
        releases,
        new TopicNotices(Clients.build(SnsClient.builder()), settings.get(Setting.SLIPWAY_TOPIC)),
        new CodeBuildRunning(Clients.build(CodeBuildClient.builder())),
        Log::write);
  }

  @Override
  public String handleRequest(ScheduledEvent event, Context context) {
    return Log.during(context.getAwsRequestId(), () -> follow(event));
  }

  private String follow(ScheduledEvent event) {
    if (!"CodeBuild Build State Change".equals(event.getDetailType()))
      throw new Malformed(
          "detail-type", "is '" + event.getDetailType() + "': want CodeBuild Build State Change");
    var report = BuildReport.from(new Json("detail", event.getDetail()));
    // Events come in any order: what says that it runs must not undo what said how it ended.
    var late = report.state() instanceof BuildReport.State.Running && !running.runs(report.id());
    var news = late ? BuildNews.late(report, config) : BuildNews.of(report, config);
    return Log.about(news.about(), () -> tell(report, news));
  }

  private String tell(BuildReport report, BuildNews news) {
    log.accept(
        Line.info(
            news.about(),
            "build moved on",
            Map.of(
                "build",
                report.id(),
                "state",
                report.state().getClass().getSimpleName(),
                "outcome",
                news.summary())));
    news.status().ifPresent(this::tell);
    // Last, as it is the one thing that would be seen twice if the event came again.
    news.failure().ifPresent(this::tell);
    return news.summary();
  }

  private void tell(BuildNews.Status status) {
    statuses.set(
        status.repository(),
        status.commit(),
        status.state(),
        BuildNews.CONTEXT,
        status.description(),
        status.target());
  }

  private void tell(BuildNews.Failure failure) {
    failure.services().forEach(service -> releases.fail(service, failure.reason()));
    notices.send(failure.subject(), failure.text());
  }
}
