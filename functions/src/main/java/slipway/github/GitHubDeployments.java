package slipway.github;

import java.net.URI;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import slipway.config.Service;

/** Rollouts, where people look at them on GitHub: as deployments with statuses. */
@FunctionalInterface
public interface GitHubDeployments {

  /** How far a rollout is. */
  enum State {
    QUEUED,
    IN_PROGRESS,
    /** It runs. */
    SUCCESS,
    FAILURE,
    /** It ran; another one does now. */
    INACTIVE;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Nothing more is to be told of it but that another one came. */
    boolean ended() {
      return switch (this) {
        case QUEUED, IN_PROGRESS -> false;
        case SUCCESS, FAILURE, INACTIVE -> true;
      };
    }
  }

  /**
   * A rollout as GitHub knows it. The same repository, commit, environment and key is the same
   * deployment, however often it is told of.
   *
   * @param repository owner and name, such as {@code example/dice}
   * @param commit its full id
   * @param environment what GitHub groups by, such as {@code production}
   * @param key names the rollout
   * @param description one line; cut to 140 characters
   */
  record Deployment(
      String repository, String commit, String environment, String key, String description) {
    private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9-]+/[A-Za-z0-9._-]+");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int LONGEST_ENVIRONMENT = 255;

    public Deployment {
      if (!REPOSITORY.matcher(repository).matches())
        throw new IllegalArgumentException(
            "repository '%s': want owner/name, such as example/dice".formatted(repository));
      if (!COMMIT.matcher(commit).matches())
        throw new IllegalArgumentException(
            "commit '%s': want its full id, 40 hex digits".formatted(commit));
      if (environment.isBlank() || environment.length() > LONGEST_ENVIRONMENT)
        throw new IllegalArgumentException(
            "environment '%s': want 1 to %d characters"
                .formatted(environment, LONGEST_ENVIRONMENT));
      if (key.isBlank())
        throw new IllegalArgumentException("key is empty: want the name of a rollout");
      description = Description.cut(description);
    }

    /** Whether it is one that users meet: {@code production}, or a part of it. */
    boolean production() {
      return environment.equals("production") || environment.startsWith("production/");
    }
  }

  /**
   * What GitHub calls the environment of a service: {@code production} where its repository has one
   * service, {@code production/dice} where it has more, so that each shows what runs of it.
   *
   * @param together the services of its repository, itself among them
   */
  static String environment(Service service, Collection<Service> together) {
    return together.size() == 1
        ? service.environmentName()
        : service.environmentName() + "/" + service.name();
  }

  /**
   * Tells how far the deployment is; makes it first if GitHub does not have it. One that GitHub
   * does not have is not made only to be {@link State#INACTIVE}.
   *
   * @param description one line; cut to the 140 characters that GitHub takes
   * @param log page that tells more, http or https
   * @param environment where the service answers, http or https
   */
  void set(
      Deployment deployment,
      State state,
      String description,
      Optional<URI> log,
      Optional<URI> environment);
}
