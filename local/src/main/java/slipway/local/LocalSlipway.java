package slipway.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.local.balancer.Balancers;
import slipway.local.build.BuildMetrics;
import slipway.local.build.CodeBuild;
import slipway.local.build.Shims;
import slipway.local.cloud.CallLog;
import slipway.local.cloud.Pace;
import slipway.local.cloud.Place;
import slipway.local.ecs.Agents;
import slipway.local.ecs.Ecs;
import slipway.local.ecs.UpstreamAgent;
import slipway.local.github.CommitStatus;
import slipway.local.github.Delivery;
import slipway.local.github.GitHub;
import slipway.local.github.HostedRepository;
import slipway.local.github.Seed;
import slipway.local.metrics.Alarms;
import slipway.local.registry.Ecr;
import slipway.local.signals.ApplicationSignals;
import slipway.local.signals.Limits;
import slipway.local.signals.Measurements;
import slipway.local.signals.Sidecars;
import slipway.local.stack.Changes;
import slipway.local.stack.LocalStack;
import slipway.local.stack.Piece;
import slipway.local.stack.Progress;
import slipway.local.stack.Surroundings;
import slipway.local.synthetics.Canaries;

/**
 * Slipway, deployed on this machine: the synthesized stack on a loopback AWS, and the repositories
 * that it follows on a loopback GitHub, connected by their webhooks. Starting it is what {@code cdk
 * deploy} and the webhooks' setup are; closing it leaves no process, no port and no file.
 */
public final class LocalSlipway implements AutoCloseable {
  private static final String ADOT_AGENT = "aws-opentelemetry-agent.jar";
  private static final String ADDRESS = "LoadBalancerUrl";

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Plan plan;
  private final GitHub github;
  private final LocalStack stack;
  private final List<CommitStatus> told = new CopyOnWriteArrayList<>();
  private volatile Config config;
  private Canaries canaries;

  /**
   * What to start.
   *
   * @param assembly the CDK's output folder, such as {@code infra/target/cdk.out}
   * @param sources the project's folder: what the stack builds is taken from it into the
   *     repositories, each with what its services build and with buildspec.yml
   * @param logs folder for the logs of functions, builds and tasks; they stay
   * @param limits of Application Signals: AWS's own unless a test or a demo wants others
   * @param beforehand what is there before the stack, made by hand
   */
  public record Plan(
      Path assembly,
      Path sources,
      Path logs,
      Pace pace,
      Consumer<Progress> progress,
      Limits limits,
      Consumer<LocalStack> beforehand) {

    /** With AWS's own limits, in an account where nothing is yet. */
    public Plan(Path assembly, Path sources, Path logs, Pace pace, Consumer<Progress> progress) {
      this(assembly, sources, logs, pace, progress, Limits.AWS, _ -> {});
    }

    public Plan withLimits(Limits others) {
      return new Plan(assembly, sources, logs, pace, progress, others, beforehand);
    }

    /** In an account where somebody made something by hand; calls AWS as the operator. */
    public Plan withExisting(Consumer<LocalStack> made) {
      return new Plan(assembly, sources, logs, pace, progress, limits, made);
    }

    /** As Maven's build of this module tells by system properties. */
    public static Plan fromSystemProperties(Pace pace, Consumer<Progress> progress) {
      return new Plan(
          property("slipway.cdk.out"),
          property("slipway.sources"),
          property("slipway.output").resolve("logs"),
          pace,
          progress);
    }

    private static Path property(String name) {
      var value = System.getProperty(name);
      if (value == null)
        throw new IllegalStateException(
            "system property " + name + " is not set: Maven's build of local sets it");
      return Path.of(value).toAbsolutePath().normalize();
    }
  }

  private LocalSlipway(Plan plan) {
    this.plan = plan;
    config = configuration(plan.assembly());
    var token = "ghp_" + UUID.randomUUID().toString().replace("-", "");
    try {
      var folder = opened(new TemporaryFolder("slipway-github-")).path();
      github =
          opened(GitHub.start(folder, seeds(config, plan.sources()), token, Clock.systemUTC()));
      stack =
          opened(
              LocalStack.start(
                  new slipway.local.stack.Plan(
                      plan.assembly(),
                      config.stack(),
                      plan.pace(),
                      Map.of("GITHUB_API_URL", github.api().toString()),
                      secrets(token),
                      plan.logs(),
                      List.of(around -> containers(around, plan.limits())),
                      plan.progress(),
                      plan.beforehand())));
      github.repositories().forEach(repository -> repository.onStatus(told::add));
      github.repositories().forEach(this::connect);
      canaries.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Deploys; returns when the first version serves. */
  public static LocalSlipway start(Plan plan) {
    return new LocalSlipway(plan);
  }

  /** What a person does once for each repository: set up its webhook. */
  private void connect(HostedRepository repository) {
    repository.connect(
        URI.create(stack.outputs().get("WebhookUrl")),
        stack.secrets().value(stack.outputs().get("WebhookSecretArn")));
  }

  /**
   * Deploys again: what a person does with a changed slipway.yaml. Repositories that are new in it
   * are made first and connected afterwards.
   *
   * @param assembly the CDK's output folder
   */
  public Changes deploy(Path assembly) {
    var changed = configuration(assembly);
    seeds(changed, plan.sources())
        .forEach(
            (name, seed) -> {
              if (!github.has(name)) github.host(name, seed).onStatus(told::add);
            });
    var unconnected =
        github.repositories().stream().filter(repository -> !repository.connected()).toList();
    var changes = stack.update(assembly);
    config = changed;
    unconnected.forEach(this::connect);
    return changes;
  }

  private Piece.Parts containers(Surroundings around, Limits limits) {
    var work = around.work();
    var parts = new ArrayDeque<AutoCloseable>();
    var ecr = new Ecr(work.resolve("registry"), around.events()::put, around.iam()::allows);
    parts.push(ecr);
    var shims =
        Shims.write(
            work.resolve("bin"), ecr.address(), Map.of(ADOT_AGENT, UpstreamAgent.jar()), false);
    var builds =
        new CodeBuild(
            around.logs().resolve("builds"),
            shims,
            location -> github.repository(fullName(location)).cloneUrl().toString(),
            (name, role) -> around.credentials().issue(name, role).environment(around.endpoint()),
            around.iam()::allows,
            new BuildMetrics(around.metrics(), Clock.systemUTC(), around.events()::put));
    parts.push(builds);
    var balancers = new Balancers(around.pace());
    parts.push(balancers);
    var measurements = new Measurements(around.metrics());
    var ecs =
        new Ecs(
            work.resolve("images"),
            around.logs().resolve("tasks"),
            around.pace(),
            around.events()::put,
            ecr,
            around.iam()::allows,
            around.iam()::mayNotAssume,
            new Agents(new Sidecars(measurements, around.logs()), around.iam()::allows),
            balancers,
            around.alarms());
    parts.push(ecs);
    var signals =
        new ApplicationSignals(
            measurements, Clock.systemUTC(), Place.REGION, Place.ACCOUNT, limits);
    canaries =
        new Canaries(
            around.pace(),
            around.metrics(),
            around.iam(),
            work.resolve("canaries"),
            around.logs().resolve("canaries"));
    parts.push(canaries);
    return new Piece.Parts(
        List.of(ecr, builds, ecs, balancers, signals),
        List.of(ecr, builds, ecs, balancers, signals, canaries),
        () -> closeAll(parts));
  }

  /** The configuration that the functions read, out of their layer. */
  private static Config configuration(Path assembly) {
    try (var assets = Files.list(assembly)) {
      return assets
          .map(asset -> asset.resolve("slipway.json"))
          .filter(Files::exists)
          .findFirst()
          .map(Configs::read)
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "no asset of %s holds slipway.json: synthesize first (mvn package)"
                          .formatted(assembly)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the assembly in " + assembly, e);
    }
  }

  private static Map<String, Seed> seeds(Config config, Path folder) {
    var paths = new TreeMap<String, Map<String, Path>>();
    var branches = new TreeMap<String, Set<String>>();
    for (var service : config.services()) {
      var name = service.source().repository();
      var inside = paths.computeIfAbsent(name, _ -> new LinkedHashMap<>());
      inside.put("buildspec.yml", folder.resolve("buildspec.yml"));
      for (var container : service.built())
        inside.put(container.folder(), folder.resolve(container.folder()));
      branches.computeIfAbsent(name, _ -> new TreeSet<>()).add(service.source().branch());
    }
    var seeds = new TreeMap<String, Seed>();
    paths.forEach((name, inside) -> seeds.put(name, new Seed(inside, branches.get(name))));
    return seeds;
  }

  /** Of the repository that a build's source names, such as {@code https://…/example/dice.git}. */
  private static String fullName(String location) {
    var parts = URI.create(location).getPath().replaceFirst("\\.git$", "").split("/");
    if (parts.length < 3)
      throw new IllegalArgumentException("source '" + location + "': want …/owner/name.git");
    return parts[parts.length - 2] + "/" + parts[parts.length - 1];
  }

  private Map<String, String> secrets(String token) {
    var value =
        Json.write(
            Map.of("ServerType", "GITHUB", "AuthType", "PERSONAL_ACCESS_TOKEN", "Token", token));
    return config.github().tokenSecret().map(name -> Map.of(name, value)).orElse(Map.of());
  }

  public Config config() {
    return config;
  }

  public GitHub github() {
    return github;
  }

  public LocalStack stack() {
    return stack;
  }

  /** The canaries, which visit at their rate. */
  public Canaries canaries() {
    return canaries;
  }

  /** The (first) service's repository. */
  public HostedRepository repository() {
    return github.repository(config.services().getFirst().source().repository());
  }

  /** Where the (first) service answers, through its load balancer. */
  public URI service() {
    return service(config.services().getFirst().name());
  }

  /** Where a service answers, through its load balancer. */
  public URI service(ServiceName name) {
    var outputs = stack.outputs();
    return outputs.entrySet().stream()
        .filter(output -> output.getKey().startsWith(ADDRESS))
        .filter(output -> config.services().size() == 1 || names(output.getKey(), name))
        .map(output -> URI.create(output.getValue()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no output says where service %s answers, of %s"
                        .formatted(name, outputs.keySet())));
  }

  /** Outputs' names have no hyphens: {@code my-dice} answers at {@code LoadBalancerUrlMyDice}. */
  private static boolean names(String output, ServiceName service) {
    return output.equalsIgnoreCase(ADDRESS + service.value().replace("-", ""));
  }

  /** Statuses that commits get. */
  public Feed<CommitStatus> statuses() {
    return new Feed<>(
        listener -> github.repositories().forEach(repository -> repository.onStatus(listener)),
        () -> List.copyOf(told));
  }

  /** Webhooks that are sent. */
  public Feed<Delivery> deliveries() {
    return new Feed<>(
        listener -> github.repositories().forEach(repository -> repository.onDelivery(listener)),
        () -> github.repositories().stream().flatMap(r -> r.deliveries().stream()).toList());
  }

  /** Calls of AWS APIs, when they are answered. */
  public Feed<CallLog.Entry> calls() {
    return new Feed<>(stack.calls()::listen, stack.calls()::all);
  }

  /** Events on the bus, as their envelopes. */
  public Feed<Json> events() {
    return new Feed<>(
        listener -> stack.events().listen(event -> listener.accept(Json.parse(event))),
        () -> stack.events().events().stream().map(Json::parse).toList());
  }

  /** States that alarms go into. */
  public Feed<Alarms.Change> alarms() {
    return new Feed<>(stack.alarms()::listen, stack.alarms()::changes);
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  @Override
  public void close() {
    closeAll(open);
  }

  private static void closeAll(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      var part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        System.getLogger(LocalSlipway.class.getName())
            .log(System.Logger.Level.WARNING, "cannot close " + part, e);
      }
    }
  }
}
