package slipway.github;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import slipway.config.Config;
import slipway.config.Setting;
import slipway.config.Settings;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Log;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * What speaks to GitHub, all with one token. Without {@link Setting#SLIPWAY_GITHUB_TOKEN} public
 * repositories can be read, and nothing is told: what is told on GitHub is told in somebody's name.
 * What is told is news only: what GitHub does not take is logged, never thrown.
 */
public final class GitHub {
  private final GitHubHttp http;
  private final boolean mayTell;
  private final Consumer<Line> log;

  private GitHub(GitHubHttp http, boolean mayTell, Consumer<Line> log) {
    this.http = http;
    this.mayTell = mayTell;
    this.log = log;
  }

  /**
   * As the configuration says.
   *
   * @param secrets asked for a client only if there is a token
   */
  public static GitHub of(
      Settings settings, Config config, Supplier<SecretsManagerClient> secrets) {
    return of(settings, config, secrets, Log::write);
  }

  static GitHub of(
      Settings settings,
      Config config,
      Supplier<SecretsManagerClient> secrets,
      Consumer<Line> log) {
    var api = settings.find(Setting.GITHUB_API_URL).map(URI::create).orElse(config.github().api());
    var token =
        settings
            .find(Setting.SLIPWAY_GITHUB_TOKEN)
            .map(secret -> new GitHubToken(secrets.get(), secret));
    return new GitHub(new GitHubHttp(api, token), token.isPresent(), log);
  }

  /** Statuses on the commits of any repository that the token reaches. */
  public CommitStatuses statuses() {
    return mayTell ? lenient(new GitHubClient(http), log) : none(log);
  }

  /** Rollouts as deployments on GitHub. */
  public GitHubDeployments deployments() {
    return mayTell ? lenientDeployments(new DeploymentsClient(http), log) : noDeployments(log);
  }

  /** Heads of branches. */
  Heads heads() {
    return new GitHubHeads(http);
  }

  /** A rollout goes on, whatever GitHub says. */
  private static CommitStatuses lenient(CommitStatuses statuses, Consumer<Line> log) {
    return (repository, commit, state, context, description, target) ->
        tell(
            About.push(commit),
            "commit status " + context,
            log,
            () -> statuses.set(repository, commit, state, context, description, target));
  }

  private static GitHubDeployments lenientDeployments(
      GitHubDeployments deployments, Consumer<Line> log) {
    return (deployment, state, description, page, environment) ->
        tell(
            About.push(deployment.commit()),
            "deployment on GitHub to " + deployment.environment(),
            log,
            () -> deployments.set(deployment, state, description, page, environment));
  }

  private static void tell(About about, String what, Consumer<Line> log, Runnable telling) {
    try {
      telling.run();
    } catch (GitHubFailed | SdkException e) {
      log.accept(Line.trouble(about, "went on without telling GitHub", Map.of("what", what), e));
    }
  }

  private static CommitStatuses none(Consumer<Line> log) {
    var said = new AtomicBoolean();
    return (_, _, _, _, _, _) -> sayOnce(said, "statuses on commits", log);
  }

  private static GitHubDeployments noDeployments(Consumer<Line> log) {
    var said = new AtomicBoolean();
    return (_, _, _, _, _) -> sayOnce(said, "deployments on GitHub", log);
  }

  private static void sayOnce(AtomicBoolean said, String what, Consumer<Line> log) {
    if (said.compareAndSet(false, true))
      log.accept(
          Line.info(
              About.NOTHING,
              "not telling GitHub",
              Map.of("what", what, "why", "github.tokenSecret is not set in slipway.yaml")));
  }
}
