package slipway.local.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import slipway.local.buckets.Buckets;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.CallLog;
import slipway.local.cloud.Credentials;
import slipway.local.cloud.FrontDoor;
import slipway.local.events.EventBus;
import slipway.local.events.Events;
import slipway.local.events.Schedules;
import slipway.local.iam.Iam;
import slipway.local.iam.IamResources;
import slipway.local.lambda.CustomResources;
import slipway.local.lambda.Deliveries;
import slipway.local.lambda.FunctionUrls;
import slipway.local.lambda.Functions;
import slipway.local.lambda.LambdaResources;
import slipway.local.lambda.LambdaService;
import slipway.local.lambda.QueueConsumers;
import slipway.local.metrics.AlarmOutlets;
import slipway.local.metrics.Alarms;
import slipway.local.metrics.CloudWatch;
import slipway.local.metrics.MetricStore;
import slipway.local.metrics.Minutes;
import slipway.local.metrics.QueueDepths;
import slipway.local.queues.Queues;
import slipway.local.queues.SqsService;
import slipway.local.secrets.Secrets;
import slipway.local.tables.Tables;
import slipway.local.topics.Topics;

/**
 * A synthesized stack, running on this machine. Everything is on 127.0.0.1 and on free ports;
 * closing it, or the end of this JVM, ends every process and deletes the work folder.
 */
public final class LocalStack implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread hook = new Thread(this::shut, "local stack shutdown");
  private final Path work;
  private final Credentials credentials = new Credentials();
  private final CallLog calls = new CallLog();
  private final EventBus events = new EventBus();
  private final Lock deploying = new ReentrantLock();
  private final Map<String, Path> assets = new ConcurrentHashMap<>();
  private final Plan plan;
  private Surroundings surroundings;
  private Makers makers;
  private Queues queues;
  private Topics topics;
  private MetricStore metrics;
  private Alarms alarms;
  private Secrets secrets;
  private Buckets buckets;
  private Functions functions;
  private Schedules schedules;
  private volatile Map<String, Standing> standing = Map.of();
  private volatile Map<String, String> outputs = Map.of();

  private LocalStack(Plan plan, Path work) {
    this.plan = plan;
    this.work = work;
  }

  /** Makes the whole stack; {@link StackFailure} says which resource could not be made and why. */
  public static LocalStack start(Plan plan) {
    var template = Template.read(plan.assembly(), plan.stack());
    LocalStack stack;
    try {
      stack = new LocalStack(plan, Files.createTempDirectory("slipway-local-").toRealPath());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a work folder in java.io.tmpdir", e);
    }
    Runtime.getRuntime().addShutdownHook(stack.hook);
    try {
      stack.open();
      plan.beforehand().accept(stack);
      stack.deploy(template);
      stack.schedules.start();
      // Not earlier: an action may be refused as long as its topic's policy is not made.
      stack.alarms.start(new QueueDepths(stack.queues, stack.metrics, Clock.systemUTC()));
      return stack;
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  private void open() {
    var iam = new Iam();
    var front = opened(new FrontDoor(credentials, iam, calls));
    queues = opened(new Queues(plan.stack(), plan.pace(), front.uri()));
    topics = new Topics(plan.stack());
    metrics = new MetricStore(new Minutes(plan.pace()));
    alarms = opened(Alarms.of(plan.stack(), metrics, new AlarmOutlets(events, topics, iam, calls)));
    surroundings =
        new Surroundings(
            plan.stack(),
            front.uri(),
            credentials,
            iam,
            calls,
            events,
            metrics,
            alarms,
            plan.pace(),
            folder("work"),
            made(plan.logs()));
    var provisioners = new HashMap<String, Provisioner>();
    add(provisioners, new Inert(plan.stack()), false);
    secrets = new Secrets(plan.stack());
    plan.secrets().forEach(secrets::put);
    buckets = new Buckets(folder("buckets"), plan.stack());
    var tables = opened(new Tables(plan.stack()));
    functions = opened(new Functions(surroundings));
    var deliveries = opened(new Deliveries(functions, queues, topics, surroundings));
    var urls = opened(new FunctionUrls(functions, surroundings));
    var consumers = opened(new QueueConsumers(functions, queues, surroundings));
    var rules = opened(new Events(surroundings, functions, deliveries, queues, topics));
    schedules = rules.schedules();
    var custom = opened(new CustomResources(deliveries, surroundings));
    List<AwsService> services =
        List.of(
            new SqsService(queues),
            topics,
            secrets,
            buckets,
            tables,
            new CloudWatch(metrics, alarms, Clock.systemUTC()),
            new LambdaService(functions, deliveries));
    services.forEach(front::add);
    for (var provisioner :
        List.of(
            new IamResources(iam, plan.stack()),
            queues,
            topics,
            alarms,
            secrets,
            buckets,
            tables,
            custom,
            new LambdaResources(
                functions,
                deliveries,
                urls,
                consumers,
                this::asset,
                surroundings,
                plan.environment()))) add(provisioners, provisioner, true);
    rules.provisioners().forEach(provisioner -> add(provisioners, provisioner, true));
    for (var piece : plan.pieces()) {
      var parts = piece.open(surroundings);
      opened(parts.close());
      parts.services().forEach(front::add);
      parts.provisioners().forEach(provisioner -> add(provisioners, provisioner, true));
    }
    makers = new Makers(provisioners, custom, Replacements.read());
  }

  private Changes deploy(Template template) {
    assets.putAll(template.assets());
    var result = new Deployment(template, standing, makers, secrets::value, plan.progress()).run();
    standing = result.standing();
    return switch (result) {
      case Deployment.Result.PutBack(var _, var failure) -> throw failure;
      case Deployment.Result.Done(var _, var outputsNow, var changes) -> {
        outputs = outputsNow;
        yield changes;
      }
    };
  }

  private Path asset(String key) {
    var path = assets.get(key);
    if (path == null)
      throw new StackFailure("asset '%s' is not in %s.assets.json".formatted(key, plan.stack()));
    return path;
  }

  /**
   * Deploys again, as {@code cdk deploy} does: what the assembly's template says otherwise than
   * what stands is changed, replaced, made or deleted. If one resource fails, what was changed is
   * put back, and {@link StackFailure} says which and why.
   *
   * @param assembly the CDK's output folder; with the stack of the same name
   */
  public Changes update(Path assembly) {
    deploying.lock();
    try {
      return deploy(Template.read(assembly, plan.stack()));
    } finally {
      deploying.unlock();
    }
  }

  /**
   * Deletes the stack, as {@code cdk destroy} does, and tells what is left. {@link StackFailure}
   * says what could not be deleted; it stands then, with all that it needs, and the rest is gone.
   */
  public Left destroy() {
    deploying.lock();
    try {
      var removal =
          new Removal(standing, one -> one.stays("DeletionPolicy"), makers, plan.progress()).run();
      var rest = new HashMap<>(standing);
      rest.keySet().retainAll(removal.failures().keySet());
      standing = Map.copyOf(rest);
      if (!rest.isEmpty())
        throw new StackFailure(
            "cannot delete the stack: "
                + rest.values().stream()
                    .map(
                        one ->
                            one.name() + ": " + removal.failures().get(one.resource().logicalId()))
                    .sorted()
                    .collect(Collectors.joining("; ")));
      outputs = Map.of();
      return new Left(removal.left(), makers.existing());
    } finally {
      deploying.unlock();
    }
  }

  /**
   * What stays when a stack is deleted.
   *
   * @param kept by its deletion policy: the physical id by logical id
   * @param existing ARNs of all that there is, whoever made it
   */
  public record Left(Map<String, String> kept, List<String> existing) {
    public Left {
      kept = Map.copyOf(kept);
      existing = List.copyOf(existing);
    }
  }

  /** A type has one provisioner, but anyone may take it from those that only have to be there. */
  private static void add(
      Map<String, Provisioner> provisioners, Provisioner provisioner, boolean strict) {
    for (var type : provisioner.types()) {
      var other = provisioners.put(type, provisioner);
      if (strict && other != null && !(other instanceof Inert))
        throw new IllegalStateException(
            "%s and %s both make %s"
                .formatted(other.getClass().getName(), provisioner.getClass().getName(), type));
    }
  }

  private synchronized <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    // Ctrl-C may come while we start: nothing may be opened behind the back of the one who closes.
    if (closed.get()) {
      closeAll();
      throw new StackFailure("stopped while starting");
    }
    return part;
  }

  private Path folder(String name) {
    return made(work.resolve(name));
  }

  private static Path made(Path folder) {
    try {
      return Files.createDirectories(folder).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder, e);
    }
  }

  /** Outputs of the template by their key. */
  public Map<String, String> outputs() {
    return outputs;
  }

  /** What was made, by logical id. */
  public Map<String, Provisioner.Made> resources() {
    var made = new HashMap<String, Provisioner.Made>();
    standing.forEach((id, one) -> made.put(id, one.made()));
    return Map.copyOf(made);
  }

  /** What stands, as the template declares it, by logical id. */
  public Map<String, Resource> declared() {
    var declared = new HashMap<String, Resource>();
    standing.forEach((id, one) -> declared.put(id, one.resource()));
    return Map.copyOf(declared);
  }

  public URI endpoint() {
    return surroundings.endpoint();
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  public CallLog calls() {
    return calls;
  }

  public EventBus events() {
    return events;
  }

  public Queues queues() {
    return queues;
  }

  public Topics topics() {
    return topics;
  }

  /** CloudWatch's alarms. */
  public Alarms alarms() {
    return alarms;
  }

  public Secrets secrets() {
    return secrets;
  }

  public Buckets buckets() {
    return buckets;
  }

  public Functions functions() {
    return functions;
  }

  public Schedules schedules() {
    return schedules;
  }

  /** The folder that is deleted at the end. */
  public Path work() {
    return work;
  }

  /** The folder of the functions' logs, one file each. */
  public Path logs() {
    return surroundings.logs();
  }

  /** Keys that may do everything, for the person at the terminal and for tests. */
  public Credentials.Keys operator() {
    return credentials.operator("operator");
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM is ending: the hook runs anyway, and only one of both does the work.
    }
    shut();
  }

  /** What was opened last is closed first: senders before what they send to. */
  private synchronized void shut() {
    if (!closed.compareAndSet(false, true)) return;
    closeAll();
    delete(work);
  }

  private void closeAll() {
    while (!open.isEmpty()) {
      var part = open.pop();
      try {
        part.close();
      } catch (Exception e) {
        System.getLogger(LocalStack.class.getName())
            .log(System.Logger.Level.WARNING, "cannot close " + part, e);
      }
    }
  }

  private static void delete(Path folder) {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
    } catch (IOException e) {
      System.getLogger(LocalStack.class.getName())
          .log(System.Logger.Level.WARNING, "cannot delete " + folder, e);
    }
  }
}
