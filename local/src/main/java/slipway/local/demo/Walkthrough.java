package slipway.local.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import slipway.config.Slo;
import slipway.json.Json;
import slipway.local.cloud.CallLog;

/** The first scenes: a change that works, then one that does not, under steady traffic. */
final class Walkthrough {
  static final String VERSION = "app/src/main/java/slipway/dice/Version.java";
  private static final String HEALTH = "app/src/main/java/slipway/dice/HealthController.java";
  private static final Predicate<CallLog.Entry> SLO_CREATED =
      call -> call.operation().equals("CreateServiceLevelObjective") && call.status() == 200;

  private final Stage stage;
  private final CompletableFuture<?> slos;

  Walkthrough(Stage stage) {
    this.stage = stage;
    // Asked for before there is traffic: until then nothing can be created.
    slos =
        CompletableFuture.allOf(
            stage.service.slos().stream()
                .map(_ -> stage.slipway.calls().next(SLO_CREATED))
                .toArray(CompletableFuture[]::new));
  }

  /** A version that works: built, rolled out, measured, audited. */
  void change() {
    stage.terminal.heading("A change that works");
    var began = Instant.now();
    stage.checkout.change(VERSION, "\"1\"", "\"2\"");
    var push = stage.push("Call it version 2");
    stage.rollingOut(push);
    var steps = stage.steps;
    steps.await("version 2 answers", stage.sighting("2"), _ -> "through the load balancer", "");
    steps.await("old version drained", push.drained(), _ -> "its task has stopped", "");
    steps.await("deployment completed", push.ended(), Stage.wants("success"), "RolloutFunction");
    steps.await("SLOs created", slos, _ -> names(), "SloFunction");
    stage.audit("audit");
    stage.noneFailedSince(0);
    stage.row(
        "git push to version 2 in service, measured and audited",
        Duration.between(began, Instant.now()));
  }

  /** A version that never gets healthy: it is taken back, and only its author learns of it. */
  void brokenChange() {
    stage.terminal.heading("A change that does not work");
    var began = Instant.now();
    stage.checkout.change(VERSION, "\"2\"", "\"3\"");
    stage.checkout.change(
        HEALTH, "HEALTH = HttpStatus.OK", "HEALTH = HttpStatus.SERVICE_UNAVAILABLE");
    var push = stage.push("Break the health check");
    stage.rollingOut(push);
    var steps = stage.steps;
    steps.await("deployment failed", push.failed(), Walkthrough::reason, "");
    steps.await("rolled back", push.rolledBack(), Walkthrough::reason, "");
    steps.await("told on the commit", push.ended(), Stage.wants("failure"), "RolloutFunction");
    steps.await(
        "version 2 still answers", stage.sighting("2"), _ -> "through the load balancer", "");
    stage.noneFailedSince(0);
    stage.row(
        "git push to rolled back, the reason on the commit",
        Duration.between(began, Instant.now()));
    stage.row("requests answered meanwhile", Long.toString(stage.traffic.report().succeeded()));
    stage.row("requests failed", Long.toString(stage.traffic.report().failed()));
  }

  private String names() {
    return stage.service.slos().stream()
        .map(Slo::name)
        .reduce((a, b) -> a + ", " + b)
        .orElse("none");
  }

  private static String reason(Json event) {
    return event.at("detail").at("reason").text();
  }
}
