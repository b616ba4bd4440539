package slipway.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What slipway.yaml declares. Infra synthesizes from it, and the functions read the same as JSON.
 *
 * @param stack name of the CloudFormation stack, and prefix of names that must be unique in an
 *     account
 * @param services in the order of the file; never empty
 * @param audit EventBridge Scheduler expression, such as {@code rate(1 hour)}
 */
public record Config(String stack, GitHub github, List<Service> services, String audit) {

  /**
   * Where the code comes from.
   *
   * @param repository owner and name, such as {@code example/dice}
   * @param branch whose head is what should run
   * @param deployTag image tag that marks what should run
   * @param tokenSecret name of the user's secret with a GitHub token; none: public repository, no
   *     feedback on commits
   * @param web base URL of GitHub
   * @param api base URL of its REST API
   */
  public record GitHub(
      String repository,
      String branch,
      String deployTag,
      Optional<String> tokenSecret,
      URI web,
      URI api) {
    private static final Pattern REPOSITORY =
        Pattern.compile("[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    public GitHub {
      if (!REPOSITORY.matcher(repository).matches())
        throw new IllegalArgumentException(
            "repository '%s': want owner/name, such as example/dice".formatted(repository));
      if (branch.isBlank())
        throw new IllegalArgumentException("branch is empty: want a name such as main");
      if (!TAG.matcher(deployTag).matches())
        throw new IllegalArgumentException(
            "deploy tag '%s': want an image tag such as live".formatted(deployTag));
    }
  }

  public Config {
    services = List.copyOf(services);
    if (services.isEmpty())
      throw new IllegalArgumentException("services is empty: want at least one");
  }

  /** The service of that name, if declared. */
  public Optional<Service> service(ServiceName name) {
    return services.stream().filter(service -> service.name().equals(name)).findFirst();
  }
}
