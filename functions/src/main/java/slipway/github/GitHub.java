package slipway.github;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import slipway.config.Config;
import slipway.config.Setting;
import slipway.config.Settings;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Makes what speaks to GitHub. */
public final class GitHub {
  private GitHub() {}

  /**
   * Statuses on the commits of any repository that the token reaches. They are news only: one that
   * cannot be set is logged, never thrown. Without {@link Setting#SLIPWAY_GITHUB_TOKEN} none is
   * set, which is logged once.
   *
   * @param secrets asked for a client only if there is a token
   */
  public static CommitStatuses statuses(
      Settings settings, Config config, Supplier<SecretsManagerClient> secrets) {
    return statuses(settings, config, secrets, LambdaRuntime.getLogger()::log);
  }

  static CommitStatuses statuses(
      Settings settings,
      Config config,
      Supplier<SecretsManagerClient> secrets,
      Consumer<String> log) {
    return http(settings, config, secrets)
        .map(http -> lenient(new GitHubClient(http), log))
        .orElseGet(() -> none(log));
  }

  /**
   * Rollouts as deployments on GitHub. They are news only, as {@link #statuses} are, and none
   * without a token.
   *
   * @param secrets asked for a client only if there is a token
   */
  public static GitHubDeployments deployments(
      Settings settings, Config config, Supplier<SecretsManagerClient> secrets) {
    return deployments(settings, config, secrets, LambdaRuntime.getLogger()::log);
  }

  static GitHubDeployments deployments(
      Settings settings,
      Config config,
      Supplier<SecretsManagerClient> secrets,
      Consumer<String> log) {
    return http(settings, config, secrets)
        .map(http -> lenientDeployments(new DeploymentsClient(http), log))
        .orElseGet(() -> noDeployments(log));
  }

  /**
   * Heads of branches. Without {@link Setting#SLIPWAY_GITHUB_TOKEN} those of public repositories.
   *
   * @param secrets asked for a client only if there is a token
   */
  static Heads heads(Settings settings, Config config, Supplier<SecretsManagerClient> secrets) {
    return new GitHubHeads(
        http(settings, config, secrets)
            .orElseGet(() -> new GitHubHttp(api(settings, config), Optional.empty())));
  }

  /** Only with a token: what is told on GitHub is told in somebody's name. */
  private static Optional<GitHubHttp> http(
      Settings settings, Config config, Supplier<SecretsManagerClient> secrets) {
    var api = api(settings, config);
    return settings
        .find(Setting.SLIPWAY_GITHUB_TOKEN)
        .map(secret -> new GitHubHttp(api, Optional.of(new GitHubToken(secrets.get(), secret))));
  }

  private static URI api(Settings settings, Config config) {
    return settings.find(Setting.GITHUB_API_URL).map(URI::create).orElse(config.github().api());
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
