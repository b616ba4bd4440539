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
    return settings
        .find(Setting.SLIPWAY_GITHUB_TOKEN)
        .map(secret -> lenient(client(settings, config, secrets.get(), secret), log))
        .orElseGet(() -> none(log));
  }

  private static CommitStatuses client(
      Settings settings, Config config, SecretsManagerClient secrets, String secret) {
    var api = settings.find(Setting.GITHUB_API_URL).map(URI::create).orElse(config.github().api());
    var http = new GitHubHttp(api, Optional.of(new GitHubToken(secrets, secret)));
    return new GitHubClient(http);
  }

  /** A rollout goes on, whatever GitHub says. */
  private static CommitStatuses lenient(CommitStatuses statuses, Consumer<String> log) {
    return (repository, commit, state, context, description, target) -> {
      try {
        statuses.set(repository, commit, state, context, description, target);
      } catch (GitHubFailed | SdkException e) {
        log.accept("Went on without a commit status: " + e.getMessage());
      }
    };
  }

  private static CommitStatuses none(Consumer<String> log) {
    var said = new AtomicBoolean();
    return (repository, _, _, _, _, _) -> {
      if (said.compareAndSet(false, true))
        log.accept(
            "No statuses on commits of %s: github.tokenSecret is not set in slipway.yaml"
                .formatted(repository));
    };
  }
}
