package slipway.github;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import slipway.config.Config;
import slipway.config.Setting;
import slipway.config.Settings;
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
  private final Consumer<String> log;

  private GitHub(GitHubHttp http, boolean mayTell, Consumer<String> log) {
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
    return of(settings, config, secrets, LambdaRuntime.getLogger()::log);
  }

  static GitHub of(
      Settings settings,
      Config config,
      Supplier<SecretsManagerClient> secrets,
      Consumer<String> log) {
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
  private static CommitStatuses lenient(CommitStatuses statuses, Consumer<String> log) {
    return (repository, commit, state, context, description, target) ->
        tell(
            "a commit status",
            log,
            () -> statuses.set(repository, commit, state, context, description, target));
  }

  private static GitHubDeployments lenientDeployments(
      GitHubDeployments deployments, Consumer<String> log) {
    return (deployment, state, description, page, environment) ->
        tell(
            "a deployment on GitHub",
            log,
            () -> deployments.set(deployment, state, description, page, environment));
  }

  private static void tell(String what, Consumer<String> log, Runnable telling) {
    try {
      telling.run();
    } catch (GitHubFailed | SdkException e) {
      log.accept("Went on without " + what + ": " + e.getMessage());
    }
  }

  private static CommitStatuses none(Consumer<String> log) {
    var said = new AtomicBoolean();
    return (_, _, _, _, _, _) -> sayOnce(said, "statuses on commits", log);
  }

  private static GitHubDeployments noDeployments(Consumer<String> log) {
    var said = new AtomicBoolean();
    return (_, _, _, _, _) -> sayOnce(said, "deployments on GitHub", log);
  }

  private static void sayOnce(AtomicBoolean said, String what, Consumer<String> log) {
    if (said.compareAndSet(false, true))
      log.accept("No %s: github.tokenSecret is not set in slipway.yaml".formatted(what));
  }
}
