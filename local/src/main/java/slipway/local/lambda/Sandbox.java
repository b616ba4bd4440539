package slipway.local.lambda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import slipway.json.Json;

/** One execution environment: a child JVM that serves one invocation at a time. */
final class Sandbox implements AutoCloseable {
  /** AWS gives 10 s; two cores that build an application meanwhile need more. */
  private static final Duration INIT = Duration.ofSeconds(120);

  private final String id;
  private final Spec spec;
  private final Path log;
  private final Process process;
  private final BlockingQueue<Invocation> next = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CountDownLatch restore = new CountDownLatch(1);
  private volatile Invocation current;

  /**
   * What the function is asked to do.
   *
   * @param trace as the header of X-Ray has it
   */
  record Invocation(
      String requestId,
      String arn,
      String trace,
      byte[] payload,
      Instant deadline,
      CompletableFuture<Outcome> outcome) {}

  private Sandbox(String id, Spec spec, Path log, Process process) {
    this.id = id;
    this.spec = spec;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param environment everything that the process sees, but for what is the environment's own
   */
  static Sandbox start(
      RuntimeApi api, Spec spec, Map<String, String> environment, RuntimeFiles files) {
    var id = api.nextId();
    var log = files.logs().resolve(spec.title() + ".log");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-Xmx" + Math.max(64, spec.memory() * 85 / 100) + "m",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:ErrorFile=" + files.logs().resolve("hs_err_%p.log"),
            "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
            "-D" + RuntimeFiles.NATIVE_PROPERTY + "=" + files.nativeLibrary(),
            "-classpath",
            files.classPath(),
            "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
            spec.handler()));
    var builder = new ProcessBuilder(command).directory(spec.code().toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.address(id));
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      var sandbox = new Sandbox(id, spec, log, builder.start());
      api.add(sandbox);
      sandbox.process.onExit().thenAccept(sandbox::exited);
      return sandbox;
    } catch (IOException e) {
      throw new IllegalStateException("cannot start a JVM for " + spec, e);
    }
  }

  String id() {
    return id;
  }

  boolean alive() {
    return process.isAlive() && !ready.isCompletedExceptionally();
  }

  /** Waits until the function is constructed, or, with SnapStart, ready for its snapshot. */
  void awaitInit() throws InterruptedException {
    try {
      ready.get(INIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "%s did not start in %d s; log: %s".formatted(spec.title(), INIT.toSeconds(), log), e);
    }
  }

  /** Invokes, restoring first if the environment is a snapshot; waits at most the timeout. */
  Outcome invoke(String arn, byte[] payload) throws InterruptedException {
    try {
      awaitInit();
    } catch (IllegalStateException e) {
      close();
      return Outcome.Failed.of("Runtime.InitError", e.getMessage());
    }
    restore.countDown();
    var invocation =
        new Invocation(
            UUID.randomUUID().toString(),
            arn,
            trace(),
            payload,
            Instant.now().plus(spec.timeout()),
            new CompletableFuture<>());
    current = invocation;
    var start = System.nanoTime();
    write("start", invocation, Map.of());
    if (!process.isAlive()) exited(process);
    next.add(invocation);
    Outcome outcome;
    try {
      outcome = invocation.outcome().get(spec.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      outcome =
          Outcome.Failed.of(
              "Sandbox.Timedout",
              "RequestId: %s Error: Task timed out after %d.00 seconds"
                  .formatted(invocation.requestId(), spec.timeout().toSeconds()));
      close();
    } catch (ExecutionException e) {
      throw new IllegalStateException("outcomes are never exceptional", e);
    }
    var took = (System.nanoTime() - start) / 1_000_000;
    write("report", invocation, Map.of("durationMs", took));
    current = null;
    return outcome;
  }

  /**
   * A trace of its own, whoever invokes: to that of a message in a queue, X-Ray links it. Source:
   * X-Ray developer guide, "Tracing event-driven applications".
   */
  private String trace() {
    var random = UUID.randomUUID().toString().replace("-", "");
    return "Root=1-%08x-%s;Parent=%s;Sampled=%d"
        .formatted(
            Instant.now().getEpochSecond(),
            random.substring(0, 24),
            random.substring(16),
            spec.traced() ? 1 : 0);
  }

  /** Lambda's own lines. Source: Lambda developer guide, "Lambda Telemetry API Event schema". */
  private void write(String what, Invocation invocation, Map<String, ?> more) {
    if (!spec.json()) {
      write(
          "%s RequestId: %s %s"
              .formatted(what.toUpperCase(Locale.ROOT), invocation.requestId(), more));
      return;
    }
    var data = new LinkedHashMap<String, Object>();
    data.put("requestId", invocation.requestId());
    if (!more.isEmpty()) data.put("metrics", more);
    var line = new LinkedHashMap<String, Object>();
    line.put("time", Instant.now().toString());
    line.put("type", "platform." + what);
    line.put("record", data);
    write(Json.write(line));
  }

  /** The file that it logs to. */
  Path log() {
    return log;
  }

  private void write(String line) {
    try {
      Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      System.getLogger(Sandbox.class.getName())
          .log(System.Logger.Level.WARNING, "cannot write " + log, e);
    }
  }

  Invocation next() throws InterruptedException {
    ready.complete(null);
    return next.take();
  }

  void awaitRestore() throws InterruptedException {
    ready.complete(null);
    restore.await();
  }

  void initFailed(byte[] error) {
    var text = new String(error, StandardCharsets.UTF_8);
    ready.completeExceptionally(
        new IllegalStateException(
            "%s failed at init: %s; log: %s"
                .formatted(spec.title(), new Outcome.Failed(error).reason(), log),
            new IllegalStateException(text)));
  }

  void done(String requestId, Outcome outcome) {
    var invocation = current;
    if (invocation != null && invocation.requestId().equals(requestId))
      invocation.outcome().complete(outcome);
  }

  private void exited(Process dead) {
    var why = "%s exited with code %d; log: %s".formatted(spec.title(), dead.exitValue(), log);
    ready.completeExceptionally(new IllegalStateException(why));
    var invocation = current;
    if (invocation != null)
      invocation.outcome().complete(Outcome.Failed.of("Runtime.ExitError", why));
  }

  /** Kills the process and all that it started, and waits until it is gone. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().orTimeout(5, TimeUnit.SECONDS).exceptionally(_ -> process).join();
  }
}
