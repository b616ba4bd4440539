package slipway.local.demo;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import slipway.config.Service;
import slipway.json.Json;
import slipway.local.Checkout;
import slipway.local.LocalSlipway;
import slipway.local.Lookout;
import slipway.local.cloud.CallLog;
import slipway.local.github.CommitStatus;

/** The steps of the demo: a change that works, then one that does not, under steady traffic. */
final class Walkthrough implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String VERSION = "app/src/main/java/slipway/dice/Version.java";
  private static final String HEALTH = "app/src/main/java/slipway/dice/HealthController.java";

  private final LocalSlipway slipway;
  private final Terminal terminal;
  private final Output output;
  private final Service service;
  private final Lookout lookout;
  private final Traffic traffic;
  private final Checkout checkout;
  private final AtomicReference<String> version = new AtomicReference<>("");
  private final List<Awaited> awaited = new java.util.concurrent.CopyOnWriteArrayList<>();
  private final List<String> rows = new ArrayList<>();

  private record Awaited(String version, CompletableFuture<String> answered) {}

  Walkthrough(LocalSlipway slipway, Terminal terminal, Path folder, Output output) {
    this.slipway = slipway;
    this.terminal = terminal;
    this.output = output;
    service = slipway.config().services().getFirst();
    lookout = new Lookout(slipway);
    var root = slipway.service();
    traffic =
        new Traffic(
            List.of(root.resolve("/rolldice?rolls=2"), root.resolve("/")),
            Duration.ofMillis(50),
            this::seen);
    checkout = Checkout.clone(slipway.github().cloneUrl(), folder.resolve("dice"));
  }

  /** A version that works: built, rolled out, measured, audited. */
  void change() {
    terminal.heading("A change that works");
    var failedBefore = traffic.failures().size();
    var began = Instant.now();
    var slos = slos();
    checkout.edit(VERSION, "\"1\"", "\"2\"");
    var push = new Push("Call it version 2");
    push.webhookAndBuild();
    push.await("revision registered", push.registered, entry -> "rolls out " + revision(), "RolloutFunction");
    push.await("version 2 answers", answers("2"), _ -> "through the load balancer", "");
    push.await("old version drained", push.drained, _ -> "its tasks are stopped", "");
    push.await("deployment completed", push.ended, CommitStatusText::of, "DeploymentFunction");
    if (!push.ended.join().state().equals("success")) throw new StepFailed(terminal.begin("deployment completed"), "the commit says " + push.ended.join().state(), null);
    push.await("SLOs created", slos, names -> names, "SloFunction");
    audit();
    requests("requests meanwhile", failedBefore);
    rows.add(row("git push to version 2 in service, deployed and measured", Duration.between(began, Instant.now())));
  }

  /** A version that never becomes healthy: rolled back, and nobody noticed but its author. */
  void brokenChange() {
    terminal.heading("A change that does not work");
    var failedBefore = traffic.failures().size();
    var began = Instant.now();
    checkout.edit(VERSION, "\"2\"", "\"3\"");
    checkout.edit(HEALTH, "HEALTH = HttpStatus.OK", "HEALTH = HttpStatus.SERVICE_UNAVAILABLE");
    var push = new Push("Break the health check");
    push.webhookAndBuild();
    push.await("revision registered", push.registered, entry -> "rolls out " + revision(), "RolloutFunction");
    push.await("circuit breaker", push.failed, event -> event.at("detail").at("reason").text(), "");
    push.await("rolled back", push.rolledBack, event -> event.at("detail").at("reason").text(), "");
    push.await("told on the commit", push.ended, CommitStatusText::of, "DeploymentFunction");
    if (!push.ended.join().state().equals("failure")) throw new StepFailed(terminal.begin("told on the commit"), "the commit says " + push.ended.join().state(), null);
    push.await("version 2 still answers", answers("2"), _ -> "through the load balancer", "");
    requests("requests meanwhile", failedBefore);
    rows.add(row("git push to rolled back, with the reason on the commit", Duration.between(began, Instant.now())));
  }

  /** What was measured, a line each. */
  List<String> summary() {
    var all = new ArrayList<>(rows);
    all.add("%-58s %10d".formatted("requests answered", traffic.answered()));
    all.add("%-58s %10d".formatted("requests failed", traffic.failures().size()));
    return all;
  }

  /** One push, and what is to come of it: asked for before it is made. */
  private final class Push {
    private final Instant began = Instant.now();
    private final String commit;
    private final CompletableFuture<slipway.local.github.Delivery> delivered;
    private final CompletableFuture<CommitStatus> built;
    private final CompletableFuture<CallLog.Entry> registered;
    private final CompletableFuture<Json> drained;
    private final CompletableFuture<Json> failed;
    private final CompletableFuture<Json> rolledBack;
    private final CompletableFuture<CommitStatus> ended;
    private Instant since = began;

    Push(String message) {
      commit = checkout.commit(message);
      delivered = lookout.delivery(delivery -> delivery.event().equals("push"));
      built = lookout.status(status -> isEnd(status, "slipway/build"));
      registered = lookout.call(call -> call.operation().equals("RegisterTaskDefinition") && call.status() == 200);
      drained = lookout.event(event -> is(event, "ECS Task State Change") && event.at("detail").at("lastStatus").optionalText().orElse("").equals("STOPPED"));
      failed = lookout.event(event -> deployment(event, "SERVICE_DEPLOYMENT_FAILED", ""));
      rolledBack = lookout.event(event -> deployment(event, "SERVICE_DEPLOYMENT_IN_PROGRESS", "rolling back"));
      ended = lookout.status(status -> isEnd(status, "slipway/" + service.name()));
      var step = terminal.begin("git push");
      checkout.push();
      step.done(commit.substring(0, 7) + " " + message, "");
    }

    void webhookAndBuild() {
      await("webhook accepted", delivered, delivery -> delivery.answer(), "WebhookFunction");
      await("image built", built, CommitStatusText::of, "BuildFunction");
      if (!built.join().state().equals("success")) throw new StepFailed(terminal.begin("image built"), "the build failed: " + CommitStatusText.of(built.join()), null);
    }

    <T> void await(String name, CompletableFuture<T> future, java.util.function.Function<T, String> text, String function) {
      var step = terminal.begin(name);
      var result = Walkthrough.await(step, future);
      step.done(text.apply(result), calls(function, since));
      since = Instant.now();
    }

    private boolean isEnd(CommitStatus status, String context) {
      return status.commit().equals(commit) && status.context().equals(context) && !status.state().equals("pending");
    }
  }

  private void audit() {
    var step = terminal.begin("audit report written");
    var since = Instant.now();
    var written = lookout.call(call -> call.caller().equals("AuditFunction") && call.operation().equals("PutObject") && call.status() == 200);
    var ended = lookout.call(call -> call.caller().startsWith("schedule "));
    slipway.stack().schedules().names().forEach(slipway.stack().schedules()::fireNow);
    await(step, written);
    await(step, ended);
    var bucket = slipway.stack().buckets().folder(slipway.stack().outputs().get("ReportsBucket"));
    var report = bucket.resolve("audits/latest.md");
    if (!Files.exists(report)) throw new StepFailed(step, "the audit wrote no audits/latest.md", null);
    step.done(output.keep(report, "audit.md").toString(), calls("AuditFunction", since));
  }

  private void requests(String name, int failedBefore) {
    var step = terminal.begin(name);
    var failures = traffic.failures();
    if (failures.size() > failedBefore)
      throw new StepFailed(step, (failures.size() - failedBefore) + " failed, the first: " + failures.get(failedBefore), null);
    step.done(traffic.answered() + " answered so far, none failed", "");
  }

  /** Done when every SLO that the configuration declares was created. */
  private CompletableFuture<String> slos() {
    var names = service.slos().stream().map(slo -> slo.name()).toList();
    var all = names.stream().map(_ -> lookout.call(call -> call.operation().equals("CreateServiceLevelObjective") && call.status() == 200)).toList();
    var before = slipway.stack().calls().all().stream().filter(call -> call.operation().equals("CreateServiceLevelObjective") && call.status() == 200).count();
    return before >= names.size() ? CompletableFuture.completedFuture(String.join(", ", names)) : CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(_ -> String.join(", ", names));
  }

  private CompletableFuture<String> answers(String wanted) {
    var awaiting = new Awaited(wanted, new CompletableFuture<>());
    awaited.add(awaiting);
    return awaiting.answered();
  }

  private void seen(String body) {
    if (!body.startsWith("{")) return;
    var answered = Json.parse(body).at("version").optionalText().orElse("");
    version.set(answered);
    awaited.forEach(each -> {
      if (each.version().equals(answered)) each.answered().complete(answered);
    });
  }

  private String revision() {
    return slipway.stack().calls().all().isEmpty() ? "" : service.name().family();
  }

  private static boolean is(Json event, String detailType) {
    return event.at("detail-type").optionalText().orElse("").equals(detailType);
  }

  private static boolean deployment(Json event, String name, String reason) {
    return is(event, "ECS Deployment State Change")
        && event.at("detail").at("eventName").text().equals(name)
        && event.at("detail").at("reason").text().contains(reason);
  }

  /** What a function asked AWS for since then: each operation once, with how often. */
  private String calls(String function, Instant since) {
    if (function.isEmpty()) return "";
    Map<String, Long> counts =
        slipway.stack().calls().since(since).stream()
            .filter(call -> call.caller().equals(function))
            .collect(Collectors.groupingBy(call -> call.service() + ":" + call.operation(), LinkedHashMap::new, Collectors.counting()));
    if (counts.isEmpty()) return "";
    return function + ": " + counts.entrySet().stream().map(each -> each.getKey() + (each.getValue() > 1 ? " ×" + each.getValue() : "")).collect(Collectors.joining(", "));
  }

  private static <T> T await(Terminal.Step step, CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StepFailed(step, "nothing came within " + Terminal.seconds(PATIENCE), e);
    } catch (ExecutionException e) {
      throw new StepFailed(step, String.valueOf(e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepFailed(step, "interrupted", e);
    }
  }

  private static String row(String what, Duration took) {
    return "%-58s %10s".formatted(what, Terminal.seconds(took));
  }

  @Override
  public void close() {
    traffic.close();
  }

  private static final class CommitStatusText {
    static String of(CommitStatus status) {
      return status.context() + " " + status.state() + ": " + status.description().orElse("");
    }
  }
}
