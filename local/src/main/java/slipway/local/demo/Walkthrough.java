package slipway.local.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import slipway.config.Slo;
import slipway.json.Json;

/** The first scenes, under steady traffic: a change that works, and two that do not. */
final class Walkthrough {
  static final String VERSION = "app/src/main/java/slipway/dice/Version.java";
  static final String DICE = "app/src/main/java/slipway/dice/DiceController.java";
  static final String PLAYER = "    var name = Player.parse(player).name();\n";
  private static final String HEALTH = "app/src/main/java/slipway/dice/HealthController.java";

  /** Nothing is wrong with it but that its users wait: longer than the SLO allows. */
  private static final String SLOW =
      "    java.util.concurrent.locks.LockSupport.parkNanos(600_000_000L);\n";

  private final Stage stage;
  private final CompletableFuture<?> slos;

  Walkthrough(Stage stage) {
    this.stage = stage;
    slos = stage.slosCreated();
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
  }

  /** A version that is healthy, and slow: no health check sees that, the SLO does. */
  void slowChange() {
    stage.terminal.heading("A change that is too slow");
    var began = Instant.now();
    stage.checkout.git("revert", "--no-edit", "HEAD");
    stage.checkout.change(VERSION, "\"2\"", "\"4\"").change(DICE, PLAYER, PLAYER + SLOW);
    var steps = stage.steps;
    steps.await("no alarm rings", stage.silent(), _ -> "so ECS watches them all", "");
    var push = stage.push("Shake the dice longer");
    stage.rollingOut(push);
    steps.await("deployment failed", push.failed(), Walkthrough::reason, "");
    steps.await("told on the commit", push.ended(), Stage.wants("failure"), "RolloutFunction");
    steps.await(
        "version 2 still answers", stage.sighting("2"), _ -> "through the load balancer", "");
    stage.noneFailedSince(0);
    stage.row(
        "git push to taken back by the SLO, told on the commit",
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
