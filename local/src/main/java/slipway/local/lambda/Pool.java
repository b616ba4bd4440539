package slipway.local.lambda;

import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.CallLog;
import slipway.local.cloud.Credentials;
import slipway.local.metrics.EmbeddedMetrics;
import slipway.local.stack.Surroundings;

/** The environments of one version of a function: started on demand, then kept warm. */
final class Pool implements AutoCloseable {
  private final RuntimeApi api;
  private final Spec spec;
  private final String version;
  private final Map<String, String> environment;
  private final Surroundings surroundings;
  private final RuntimeFiles files;
  private final EmbeddedMetrics logged;
  private final Deque<Sandbox> idle = new ConcurrentLinkedDeque<>();
  private final Set<Sandbox> all = ConcurrentHashMap.newKeySet();
  private final AtomicInteger busy = new AtomicInteger();
  private volatile boolean retired;
  private volatile boolean closed;

  Pool(
      RuntimeApi api,
      Spec spec,
      String version,
      Surroundings surroundings,
      RuntimeFiles files,
      EmbeddedMetrics logged) {
    this.api = api;
    this.spec = spec;
    this.version = version;
    this.surroundings = surroundings;
    this.files = files;
    this.logged = logged;
    this.environment =
        environment(
            surroundings.credentials().issue(spec.title(), spec.roleArn()),
            surroundings.endpoint());
  }

  Spec spec() {
    return spec;
  }

  /** Source: Lambda developer guide, "Defined runtime environment variables". */
  private Map<String, String> environment(Credentials.Keys keys, java.net.URI endpoint) {
    var all = new LinkedHashMap<>(keys.environment(endpoint));
    all.putAll(spec.variables());
    all.put("_HANDLER", spec.handler());
    all.put("TZ", ":UTC");
    all.put("LANG", "en_US.UTF-8");
    all.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    all.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
    all.put("AWS_LAMBDA_FUNCTION_NAME", spec.name());
    all.put("AWS_LAMBDA_FUNCTION_VERSION", version);
    all.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(spec.memory()));
    all.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + spec.name());
    all.put("AWS_LAMBDA_LOG_STREAM_NAME", "local/[" + version + "]");
    all.put("AWS_LAMBDA_INITIALIZATION_TYPE", fromSnapshot() ? "snap-start" : "on-demand");
    if (spec.json()) {
      all.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
      all.put("AWS_LAMBDA_LOG_LEVEL", "INFO");
    }
    all.put("LAMBDA_TASK_ROOT", spec.code().toString());
    all.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
    return Map.copyOf(all);
  }

  private boolean fromSnapshot() {
    return spec.snapStart() && !version.equals("$LATEST");
  }

  /**
   * Starts one environment and waits until it could be snapshot: AWS does this when it publishes a
   * version with SnapStart, so a function that cannot start fails the deployment.
   */
  void prepare() throws InterruptedException {
    if (!fromSnapshot()) return;
    var sandbox = start();
    sandbox.awaitInit();
    logged.look(sandbox.log());
    idle.push(sandbox);
  }

  private Sandbox start() {
    spec.usesOfItsRole()
        .forEach(
            use ->
                surroundings
                    .iam()
                    .roleMayNot(spec.roleArn(), use)
                    .ifPresent(why -> surroundings.calls().add(refused(use, why))));
    var sandbox = Sandbox.start(api, spec, environment, files);
    all.add(sandbox);
    if (closed) sandbox.close();
    return sandbox;
  }

  /** On AWS the function runs all the same, and nobody sees its logs or traces. */
  private CallLog.Entry refused(Permission use, String why) {
    var action = use.action().split(":", 2);
    return new CallLog.Entry(
        Instant.now(),
        spec.title(),
        action[0],
        action[1],
        400,
        Duration.ZERO,
        "AccessDeniedException: Lambda may not " + use.action() + " as the function's role " + why);
  }

  /** Takes an invocation; empty if it is retired. */
  Optional<Outcome> invoke(String arn, byte[] payload) throws InterruptedException {
    busy.incrementAndGet();
    try {
      return retired ? Optional.empty() : Optional.of(run(arn, payload));
    } finally {
      if (busy.decrementAndGet() == 0 && retired) close();
    }
  }

  /** Takes no more invocations, and ends when the last is done. */
  void retire() {
    retired = true;
    if (busy.get() == 0) close();
  }

  private Outcome run(String arn, byte[] payload) throws InterruptedException {
    var sandbox = idle.poll();
    while (sandbox != null && !sandbox.alive()) {
      forget(sandbox);
      sandbox = idle.poll();
    }
    if (sandbox == null) sandbox = start();
    try {
      return sandbox.invoke(arn, payload);
    } finally {
      logged.look(sandbox.log());
      if (sandbox.alive()) idle.push(sandbox);
      else forget(sandbox);
    }
  }

  private void forget(Sandbox sandbox) {
    all.remove(sandbox);
    api.remove(sandbox);
    sandbox.close();
  }

  @Override
  public void close() {
    closed = true;
    all.parallelStream().forEach(Sandbox::close);
  }
}
