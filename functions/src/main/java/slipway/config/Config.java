package slipway.config;

import java.net.URI;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What slipway.yaml declares. Infra synthesizes from it, and the functions read the same as JSON.
 *
 * @param stack name of the CloudFormation stack, and prefix of names that must be unique in an
 *     account
 * @param services in the order of the file; never empty
 * @param audit when SLOs are audited
 * @param repair when Slipway looks for what no event told: EventBridge Scheduler expression, such
 *     as {@code rate(15 minutes)}
 * @param budgets what is done about error budgets
 * @param natGateways ways out of the private subnets: 1, or one in each zone; 0: no private subnets
 * @param insights what CloudWatch is told of the cluster
 */
public record Config(
    String stack,
    GitHub github,
    List<Service> services,
    Audit audit,
    String repair,
    Budgets budgets,
    int natGateways,
    Insights insights) {

  /** If it is not said: cheaper than one in each zone, and out if its zone is. */
  public static final int NAT_GATEWAYS = 1;

  /** How many zones the network has. */
  public static final int ZONES = 2;

  /** Container Insights of ECS. */
  public enum Insights {
    /** Of each task and container, too. */
    ENHANCED,
    /** Of the cluster and its services. */
    STANDARD,
    NONE;

    /** As slipway.yaml writes it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * GitHub, and where the code of services comes from that do not say so themselves.
   *
   * @param repository as in {@link Source}
   * @param branch as in {@link Source}
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
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    public GitHub {
      var _ = new Source(repository, branch); // it says what is wrong
      if (!TAG.matcher(deployTag).matches())
        throw new IllegalArgumentException(
            "deploy tag '%s': want an image tag such as live".formatted(deployTag));
    }

    /** Of services that do not name another. */
    public Source source() {
      return new Source(repository, branch);
    }
  }

  /**
   * When SLOs are audited.
   *
   * @param schedule EventBridge Scheduler expression, such as {@code rate(1 hour)}
   * @param timezone in which a {@code cron(…)} counts, by its IANA name
   */
  public record Audit(String schedule, String timezone) {
    /** As it is if nobody says anything. */
    public static final Audit DEFAULT = new Audit("rate(1 hour)", "UTC");

    public Audit {
      if (!ZoneId.getAvailableZoneIds().contains(timezone))
        throw new IllegalArgumentException(
            "timezone '%s': want an IANA name such as Europe/Berlin".formatted(timezone));
    }
  }

  public Config {
    services = List.copyOf(services);
    if (services.isEmpty())
      throw new IllegalArgumentException("services is empty: want at least one");
    if (natGateways < 0 || natGateways > ZONES)
      throw new IllegalArgumentException(natGateways + " NAT gateways: want 0 to " + ZONES);
  }

  /** A stack with one NAT gateway and the standard insights. */
  public Config(
      String stack,
      GitHub github,
      List<Service> services,
      Audit audit,
      String repair,
      Budgets budgets) {
    this(stack, github, services, audit, repair, budgets, NAT_GATEWAYS, Insights.STANDARD);
  }

  /** The service of that name, if declared. */
  public Optional<Service> service(ServiceName name) {
    return services.stream().filter(service -> service.name().equals(name)).findFirst();
  }

  /** Where code comes from, each once, in the order of the services. */
  public List<Source> sources() {
    return services.stream().map(Service::source).distinct().toList();
  }

  /** The services whose code comes from there. */
  public List<Service> from(Source source) {
    return services.stream().filter(service -> service.source().equals(source)).toList();
  }
}
