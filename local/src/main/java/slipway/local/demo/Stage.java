package slipway.local.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import slipway.config.Service;
import slipway.json.Json;
import slipway.local.Checkout;
import slipway.local.LocalSlipway;
import slipway.local.demo.Steps.Unexpected;
import slipway.local.github.CommitStatus;
import slipway.local.load.Load;
import slipway.local.load.LoadPlan;
import slipway.local.load.LoadReport;
import slipway.local.metrics.Alarms;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveBudgetStatus;

/** What the scenes of the demo share: the deployed stack, a clone, users, and what they do. */
final class Stage implements AutoCloseable {
  /** Requests a second. */
  private static final double RATE = 20;

  private static final List<String> REPORTS = List.of("html", "md", "json");

  final LocalSlipway slipway;
  final Terminal terminal;
  final Steps steps;
  final Service service;
  final Checkout checkout;
  final Load traffic;
  private Optional<Load> newcomers = Optional.empty();
  private final Budgets budgets;
  private final Path output;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("budgets").factory());
  private final List<Sighting> sightings = new CopyOnWriteArrayList<>();
  private final List<String> summary = new ArrayList<>();

  /** Somebody waits for an answer of this version. */
  private record Sighting(String version, CompletableFuture<String> seen) {}

  /**
   * @param output folder that the audit's reports are copied to, since their bucket ends with the
   *     run
   */
  Stage(LocalSlipway slipway, Terminal terminal, Path output) {
    this.slipway = slipway;
    this.terminal = terminal;
    this.output = output;
    service = slipway.config().services().getFirst();
    steps = new Steps(terminal, slipway.stack().calls());
    budgets = new Budgets(slipway.stack(), service);
    traffic =
        Load.start(
            slipway.service(), LoadPlan.steady(RATE, "/rolldice?rolls=2", "/"), this::answered);
    checkout = new Checkout(slipway.repository().cloneUrl());
  }

  /** Commits, pushes, and follows the push until its image is built. */
  Push push(String message) {
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
    return push;
  }

  /** Follows a push until its revision is being deployed. */
  void rollingOut(Push push) {
    steps.await("revision registered", push.rolling(), Stage::said, "RolloutFunction");
  }

  /**
   * The schedule's audit, now instead of within the hour; gives its report.
   *
   * @param as first part of the names of the report's copies
   */
  Json audit(String as) {
    var schedules = slipway.stack().schedules();
    var ended = slipway.calls().next(call -> call.operation().equals("Invoke AuditFunction"));
    schedules.fireNow(schedules.named("Audit"));
    steps.await("audit report written", ended, _ -> kept(as).toString(), "AuditFunction");
    return Json.parse(read(folder().resolve("latest.json")));
  }

  /** Copies the newest report; gives the page that people open. */
  private Path kept(String as) {
    try {
      for (var form : REPORTS)
        Files.copy(
            folder().resolve("latest." + form),
            output.resolve(as + "." + form),
            StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy the report in " + folder(), e);
    }
    return output.resolve(as + ".html");
  }

  private Path folder() {
    var bucket = slipway.stack().outputs().get("ReportsBucket");
    return slipway.stack().buckets().folder(bucket).resolve("audits");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** From now on there are users of that path, too. */
  void joins(String path) {
    newcomers = Optional.of(Load.start(slipway.service(), LoadPlan.steady(RATE, path)));
  }

  /** How many requests failed so far. */
  long failed() {
    return reports().mapToLong(LoadReport::failed).sum();
  }

  private Stream<LoadReport> reports() {
    return Stream.concat(Stream.of(traffic), newcomers.stream()).map(Load::report);
  }

  /** Not one request failed since there were so many failures. */
  void noneFailedSince(long before) {
    steps.take(
        "no request failed",
        traffic.report().succeeded() + " answered so far",
        () -> {
          var failed = failed() - before;
          if (failed > 0)
            throw new Unexpected(
                "%d failed, the last: %s"
                    .formatted(
                        failed,
                        reports()
                            .flatMap(report -> report.failures().stream())
                            .reduce((_, last) -> last)
                            .orElseThrow()));
        });
  }

  /** The first of the service's SLOs whose error budget is spent. */
  CompletableFuture<String> spent() {
    return seen(() -> budgets.find(ServiceLevelObjectiveBudgetStatus.BREACHED::equals));
  }

  /** None of the service's error budgets is spent any more. */
  CompletableFuture<Boolean> recovered() {
    return seen(() -> Optional.of(budgets.recovered()).filter(Boolean::booleanValue));
  }

  /**
   * No alarm of a burn rate is on. ECS watches none of them in a deployment that begins while one
   * is, as may be on a busy machine: it can make users of any version wait.
   */
  CompletableFuture<Boolean> silent() {
    var alarms = slipway.stack().alarms();
    return seen(
        () ->
            Optional.of(
                    alarms.names().stream()
                        .filter(name -> name.contains("burns"))
                        .noneMatch(name -> alarms.state(name) == Alarms.State.ALARM))
                .filter(Boolean::booleanValue));
  }

  /** Looks every second until there is something to see. */
  private <T> CompletableFuture<T> seen(Supplier<Optional<T>> look) {
    var found = new CompletableFuture<T>();
    var looking =
        clock.scheduleWithFixedDelay(
            () -> look.get().ifPresent(found::complete), 0, 1, TimeUnit.SECONDS);
    return found.whenComplete((_, _) -> looking.cancel(false));
  }

  /** What an audit must have found of some SLO. */
  void finds(Json report, String status) {
    var slos = report.at("slos").items();
    steps.take(
        "audit finds it " + status,
        slos.stream()
            .filter(slo -> slo.at("status").text().equals(status))
            .map(slo -> slo.at("name").text())
            .findFirst()
            .orElse(""),
        () -> {
          if (slos.stream().noneMatch(slo -> slo.at("status").text().equals(status)))
            throw new Unexpected("no SLO is " + status + " in the report");
        });
  }

  /** That all of the service's SLOs were made, maybe already: the canary is traffic, too. */
  CompletableFuture<?> slosCreated() {
    var all = slipway.calls().next(_ -> created() >= service.slos().size());
    if (created() >= service.slos().size()) all.complete(null);
    return all;
  }

  private long created() {
    return slipway.stack().calls().all().stream()
        .filter(call -> call.operation().equals("CreateServiceLevelObjective"))
        .filter(call -> call.status() == 200)
        .count();
  }

  /** The first answer of that version from now on. */
  CompletableFuture<String> sighting(String version) {
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

  static Function<CommitStatus, String> wants(String state) {
    return status -> {
      if (!status.state().equals(state))
        throw new Unexpected("the commit says %s: %s".formatted(status.state(), said(status)));
      return said(status);
    };
  }

  static String said(CommitStatus status) {
    return status.description().orElse(status.state());
  }

  void row(String what, Duration took) {
    row(what, Terminal.seconds(took));
  }

  void row(String what, String value) {
    summary.add("%-56s %12s".formatted(what, value));
  }

  /** What was measured, a line each. */
  List<String> summary() {
    return List.copyOf(summary);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    budgets.close();
    newcomers.ifPresent(Load::close);
    traffic.close();
    checkout.close();
  }
}
