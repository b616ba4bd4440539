package slipway.local.lambda;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.Place;
import slipway.local.metrics.EmbeddedMetrics;
import slipway.local.stack.Surroundings;

/** The functions of the stack: their versions and aliases, and how they are invoked. */
public final class Functions implements AutoCloseable {
  /** Concurrent executions that a new account has, for all functions together. */
  private static final int CONCURRENCY = 10;

  static final String LATEST = "$LATEST";

  private final Surroundings surroundings;
  private final RuntimeApi api = new RuntimeApi();
  private final Semaphore concurrency = new Semaphore(CONCURRENCY, true);
  private final RuntimeFiles files;
  private final FunctionMetrics metrics;
  private final EmbeddedMetrics logged;
  private final Map<String, Spec> specs = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> versions = new ConcurrentHashMap<>();
  private final Map<String, String> aliases = new ConcurrentHashMap<>();
  private final Map<String, Pool> pools = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * What a name or ARN points at.
   *
   * @param spec of that version
   * @param arn as it was asked for, with the qualifier
   */
  record Target(Spec spec, String qualifier, String version, String arn) {}

  public Functions(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.files = RuntimeFiles.in(surroundings.work().resolve("runtime"), surroundings.logs());
    this.metrics = new FunctionMetrics(surroundings.metrics());
    this.logged = new EmbeddedMetrics(surroundings.metrics());
  }

  void add(Spec spec) {
    if (specs.putIfAbsent(spec.name(), spec) != null)
      throw new IllegalArgumentException("function '" + spec.name() + "' exists already");
    pool(spec, LATEST);
  }

  /** UpdateFunctionCode and UpdateFunctionConfiguration: published versions stay as they are. */
  void change(Spec spec) {
    specs.put(spec.name(), spec);
    Optional.ofNullable(pools.remove(spec.name() + ":" + LATEST)).ifPresent(Pool::retire);
    pool(spec, LATEST);
  }

  /** The function with all its versions. */
  void remove(String name) {
    specs.remove(name);
    versions.remove(name);
    aliases.keySet().removeIf(alias -> alias.startsWith(name + ":"));
    pools.entrySet().removeIf(entry -> retired(entry, name + ":"));
  }

  private static boolean retired(Map.Entry<String, Pool> entry, String prefix) {
    if (!entry.getKey().startsWith(prefix)) return false;
    entry.getValue().retire();
    return true;
  }

  /** Deletes a version; what it is doing it may end. An alias that points at it forbids it. */
  void unpublish(String name, String version) {
    aliases.forEach(
        (alias, points) -> {
          if (alias.startsWith(name + ":") && points.equals(version))
            throw new IllegalStateException(
                "Version %s is referenced by alias %s"
                    .formatted(version, alias.substring(name.length() + 1)));
        });
    Optional.ofNullable(pools.remove(name + ":" + version)).ifPresent(Pool::retire);
  }

  void removeAlias(String name, String alias) {
    aliases.remove(name + ":" + alias);
  }

  /** ARNs of the functions. */
  List<String> arns() {
    return specs.values().stream().map(Spec::arn).toList();
  }

  /** Publishes a version; returns its number. With SnapStart, waits for its snapshot. */
  String publish(String name) {
    var spec = spec(name);
    var version =
        String.valueOf(versions.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet());
    try {
      pool(spec, version).prepare();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while publishing " + name);
    }
    return version;
  }

  void alias(String name, String alias, String version) {
    aliases.put(name + ":" + alias, version);
  }

  private Pool pool(Spec spec, String version) {
    if (closed) throw new IllegalStateException("local is shutting down");
    return pools.computeIfAbsent(
        spec.name() + ":" + version,
        _ -> new Pool(api, spec, version, surroundings, files, logged));
  }

  private Spec spec(String name) {
    var spec = specs.get(name);
    if (spec == null)
      throw new AwsError(
          404,
          "ResourceNotFoundException",
          "Function not found: " + Place.arn("lambda", "function:" + name));
    return spec;
  }

  /** Reads a name, a name with qualifier, or an ARN with or without one. */
  Target target(String id, Optional<String> qualifier) {
    var rest = id.startsWith("arn:") ? id.split(":function:", 2)[1] : id;
    var colon = rest.indexOf(':');
    var name = colon < 0 ? rest : rest.substring(0, colon);
    var wanted = colon < 0 ? qualifier.orElse(LATEST) : rest.substring(colon + 1);
    var latest = spec(name);
    var version = aliases.getOrDefault(name + ":" + wanted, wanted);
    var pool = pools.get(name + ":" + version);
    if (pool == null)
      throw new AwsError(
          404, "ResourceNotFoundException", "Function not found: " + latest.arn() + ":" + wanted);
    var arn = wanted.equals(LATEST) ? latest.arn() : latest.arn() + ":" + wanted;
    return new Target(pool.spec(), wanted, version, arn);
  }

  /** ARN of what an id points at, as policies name it. */
  public String arn(String id) {
    return target(id, Optional.empty()).arn();
  }

  /** Invokes and waits for the end; throttled if the account's concurrency is used up. */
  public Outcome invoke(String id, byte[] payload) {
    target(id, Optional.empty());
    if (!concurrency.tryAcquire()) {
      metrics.throttled(target(id, Optional.empty()).spec().name(), Instant.now());
      return new Outcome.Throttled();
    }
    return run(id, payload);
  }

  /** Invokes when there is room, and waits for the end: for events, which Lambda keeps. */
  Outcome invokeWhenFree(String id, byte[] payload) throws InterruptedException {
    concurrency.acquire();
    return run(id, payload);
  }

  /** The version that an alias points at by now, not at the time of asking. */
  private Outcome run(String id, byte[] payload) {
    try {
      while (true) {
        var target = target(id, Optional.empty());
        var pool = pools.get(target.spec().name() + ":" + target.version());
        var start = Instant.now();
        var outcome = pool == null ? Optional.<Outcome>empty() : pool.invoke(target.arn(), payload);
        // Retired in between: then the alias points at another one.
        if (outcome.isPresent()) {
          metrics.invoked(
              target.spec().name(), start, outcome.get(), Duration.between(start, Instant.now()));
          return outcome.get();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Outcome.Failed.of("Sandbox.Stopped", "local is shutting down");
    } finally {
      concurrency.release();
    }
  }

  /** Kills every environment. */
  @Override
  public void close() {
    closed = true;
    pools.values().forEach(Pool::close);
    api.close();
  }
}
