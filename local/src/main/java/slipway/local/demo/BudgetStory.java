package slipway.local.demo;

import java.time.Duration;
import java.time.Instant;
import slipway.local.metrics.Alarms;

/**
 * The last scenes: a version with a bug that shows when its deployment is over, the error budget
 * that it spends, and what that means for whoever pushes next.
 */
final class BudgetStory {

  /** Nobody meets it before Ada comes to play, and that is when the deployment is over. */
  private static final String BUG =
      "    if (\"Ada\".equals(name)) throw new IllegalStateException(\"no luck for Ada\");\n";

  private static final String ADA = "/rolldice?rolls=2&player=Ada";

  private final Stage stage;
  private final Steps steps;

  BudgetStory(Stage stage) {
    this.stage = stage;
    steps = stage.steps;
  }

  /** The budget burns, an alarm goes off, and the audit freezes the service. */
  void goesBad() {
    stage.terminal.heading("A change that goes bad later");
    stage.checkout.git("revert", "--no-edit", "HEAD");
    stage
        .checkout
        .change(Walkthrough.VERSION, "\"2\"", "\"5\"")
        .change(Walkthrough.DICE, Walkthrough.PLAYER, Walkthrough.PLAYER + BUG);
    var alarm =
        stage
            .slipway
            .alarms()
            .next(
                change ->
                    change.to() == Alarms.State.ALARM && change.alarm().contains("availability"));
    var push = stage.push("Call it version 5, and have no luck for Ada");
    stage.rollingOut(push);
    steps.await("deployment completed", push.ended(), Stage.wants("success"), "RolloutFunction");
    var began = Instant.now();
    stage.joins(ADA);
    steps.await("burn-rate alarm", alarm, Alarms.Change::alarm, "");
    steps.await("error budget spent", stage.spent(), name -> name, "");
    stage.finds(stage.audit("audit-spent"), "exhausted");
    stage.row("Ada comes to budget spent, told and frozen", Duration.between(began, Instant.now()));
  }

  /** Whoever mends it rolls out all the same; everybody else waits until the budget is back. */
  void recovers() {
    stage.terminal.heading("What mends it, and what has to wait");
    var began = Instant.now();
    stage.checkout.change(Walkthrough.VERSION, "\"5\"", "\"6\"").change(Walkthrough.DICE, BUG, "");
    var marker = stage.slipway.config().budgets().override();
    var cure = stage.push("Call it version 6, and let Ada play " + marker);
    stage.rollingOut(cure);
    steps.await("deployment completed", cure.ended(), Stage.wants("success"), "RolloutFunction");
    var failedBefore = stage.failed();
    stage.checkout.change(Walkthrough.VERSION, "\"6\"", "\"7\"");
    var waiting = stage.push("Call it version 7");
    steps.await("frozen", waiting.rolling(), Stage.wants("pending"), "RolloutFunction");
    steps.await("error budget is back", stage.recovered(), _ -> "enough time has passed", "");
    stage.audit("audit-recovered");
    steps.await("thawed, version 7 answers", stage.sighting("7"), _ -> "by itself", "");
    steps.await("deployment completed", waiting.ended(), Stage.wants("success"), "RolloutFunction");
    stage.noneFailedSince(failedBefore);
    stage.row("mended to thawed, and rolled out", Duration.between(began, Instant.now()));
  }
}
