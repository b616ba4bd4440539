package slipway.local.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import slipway.config.Service;
import slipway.config.Slo;
import slipway.json.Json;
import slipway.local.Checkout;
import slipway.local.LocalSlipway;
import slipway.local.cloud.CallLog;
import slipway.local.demo.Steps.Unexpected;
import slipway.local.github.CommitStatus;

/** The story of the demo: a change that works, then one that does not, under steady traffic. */
final class Walkthrough implements AutoCloseable {
  private static final String VERSION = "app/src/main/java/slipway/dice/Version.java";
  private static final String HEALTH = "app/src/main/java/slipway/dice/HealthController.java";
  private static final Predicate<CallLog.Entry> SLO_CREATED =
      call -> call.operation().equals("CreateServiceLevelObjective") && call.status() == 200;

  private final LocalSlipway slipway;
  private final Terminal terminal;
  private final Path output;
  private final Service service;
  private final Steps steps;
  private final Traffic traffic;
  private final Checkout checkout;
  private final CompletableFuture<?> slos;
  private final List<Sighting> sightings = new CopyOnWriteArrayList<>();
  private final List<String> summary = new ArrayList<>();

  /** Somebody waits for an answer of this version. */
  private record Sighting(String version, CompletableFuture<String> seen) {}

  /**
   * @param output folder that the audit's report is copied to, since its bucket ends with the run
   */
  Walkthrough(LocalSlipway slipway, Terminal terminal, Path output) {
    this.slipway = slipway;
    this.terminal = terminal;
    this.output = output;
    service = slipway.config().services().getFirst();
    steps = new Steps(terminal, slipway.stack().calls());
    // Asked for before there is traffic: until then nothing can be created.
    slos =
        CompletableFuture.allOf(
            service.slos().stream()
                .map(_ -> slipway.calls().next(SLO_CREATED))
                .toArray(CompletableFuture[]::new));
    var root = slipway.service();
    traffic =
        new Traffic(
            List.of(root.resolve("/rolldice?rolls=2"), root.resolve("/")),
            Duration.ofMillis(50),
            this::answered);
    checkout = new Checkout(slipway.repository().cloneUrl());
  }

  /** A version that works: built, rolled out, measured, audited. */
  void change() {
    terminal.heading("A change that works");
    var began = Instant.now();
    checkout.change(VERSION, "\"1\"", "\"2\"");
    var push = push("Call it version 2");
    steps.await("version 2 answers", sighting("2"), _ -> "through the load balancer", "");
    steps.await("old version drained", push.drained(), _ -> "its task has stopped", "");
    steps.await("deployment completed", push.ended(), wants("success"), "RolloutFunction");
    steps.await("SLOs created", slos, _ -> names(), "SloFunction");
    audit();
    noneFailed();
    row(
        "git push to version 2 in service, measured and audited",
        Duration.between(began, Instant.now()));
  }

  /** A version that never gets healthy: it is taken back, and only its author learns of it. */
  void brokenChange() {
    terminal.heading("A change that does not work");
    var began = Instant.now();
    checkout.change(VERSION, "\"2\"", "\"3\"");
    checkout.change(HEALTH, "HEALTH = HttpStatus.OK", "HEALTH = HttpStatus.SERVICE_UNAVAILABLE");
    var push = push("Break the health check");
    steps.await("deployment failed", push.failed(), Walkthrough::reason, "");
    steps.await("rolled back", push.rolledBack(), Walkthrough::reason, "");
    steps.await("told on the commit", push.ended(), wants("failure"), "RolloutFunction");
    steps.await("version 2 still answers", sighting("2"), _ -> "through the load balancer", "");
    noneFailed();
    row(
        "git push to rolled back, the reason on the commit",
        Duration.between(began, Instant.now()));
  }

  /** What was measured, a line each. */
  List<String> summary() {
    row("requests answered meanwhile", Long.toString(traffic.answered()));
    row("requests failed", Integer.toString(traffic.failures().size()));
    return List.copyOf(summary);
  }

  private Push push(String message) {
    var commit = checkout.commit(message);
    var push = Push.of(commit, service.name().value(), slipway);
    steps.take("git push", commit.substring(0, 7) + " " + message, checkout::push);
    steps.await(
        "webhook accepted",
        push.delivered(),
        delivery -> {
          if (!delivery.delivered()) throw new Unexpected("GitHub got " + delivery.answer());
          return Json.parse(delivery.answer()).at("outcome").text();
        },
        "WebhookFunction");
    steps.await("image built", push.built(), wants("success"), "BuildFunction");
    steps.await("revision registered", push.rolling(), Walkthrough::said, "RolloutFunction");
    return push;
  }

  /** The schedule's audit, now instead of within the hour. */
  private void audit() {
    var schedules = slipway.stack().schedules();
    var audit = schedules.named("Audit");
    var ended = slipway.calls().next(call -> call.operation().equals("Invoke AuditFunction"));
    schedules.fireNow(audit);
    var bucket = slipway.stack().outputs().get("ReportsBucket");
    steps.await(
        "audit report written",
        ended,
        _ -> {
          var reports = slipway.stack().buckets().folder(bucket).resolve("audits");
          for (var form : List.of("json", "md"))
            copied(reports.resolve("latest." + form), output.resolve("audit." + form));
          return copied(reports.resolve("latest.html"), output.resolve("audit.html")).toString();
        },
        "AuditFunction");
  }

  private static Path copied(Path from, Path to) {
    try {
      return Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy the report " + from, e);
    }
  }

  private void noneFailed() {
    steps.take(
        "no request failed",
        traffic.answered() + " answered so far",
        () -> {
          var failures = traffic.failures();
          if (!failures.isEmpty())
            throw new Unexpected(failures.size() + " failed, the first: " + failures.getFirst());
        });
  }

  private CompletableFuture<String> sighting(String version) {
    var sighting = new Sighting(version, new CompletableFuture<>());
    sightings.add(sighting);
    return sighting.seen();
  }

  private void answered(String body) {
    if (!body.startsWith("{")) return;
    var version = Json.parse(body).at("version").text();
    for (var sighting : sightings)
      if (sighting.version().equals(version)) sighting.seen().complete(version);
  }

  private String names() {
    return service.slos().stream().map(Slo::name).reduce((a, b) -> a + ", " + b).orElse("none");
  }

  private static Function<CommitStatus, String> wants(String state) {
    return status -> {
      if (!status.state().equals(state))
        throw new Unexpected("the commit says %s: %s".formatted(status.state(), said(status)));
      return said(status);
    };
  }

  private static String said(CommitStatus status) {
    return status.description().orElse(status.state());
  }

  private static String reason(Json event) {
    return event.at("detail").at("reason").text();
  }

  private void row(String what, Duration took) {
    row(what, Terminal.seconds(took));
  }

  private void row(String what, String value) {
    summary.add("%-56s %12s".formatted(what, value));
  }

  @Override
  public void close() {
    traffic.close();
    checkout.close();
  }
}
