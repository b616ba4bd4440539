package slipway.local.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import slipway.config.Canary;
import slipway.local.LocalSlipway;
import slipway.local.cloud.Pace;
import slipway.local.load.Load;
import slipway.local.load.LoadPlan;
import slipway.local.signals.Limits;

/** Deploys Slipway on this machine and does what a user would do with it. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Runs the synthesized stack on this machine, pushes a change that works, one that does not,"
            + " one that is too slow, and one that goes bad later and spends its error budget.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:everything went as it should",
      "1:a step failed; it says which, why, and where the logs are",
      "2:an option is not clear; it says what is wanted"
    })
public final class Demo implements Callable<Integer> {
  @Option(
      names = "--stay",
      description = "Stay up afterwards, print the git remote, and take pushes until Ctrl-C.")
  private boolean stay;

  @Option(
      names = "--pace",
      defaultValue = "20",
      description =
          "How much faster than AWS waits pass, such as health check intervals (${DEFAULT-VALUE}).")
  private double pace;

  @Option(
      names = "--memory",
      defaultValue = "90",
      description =
          "How many seconds an SLO's interval lasts here at most, so that a spent error budget"
              + " comes back while you watch (${DEFAULT-VALUE}).")
  private long memory;

  @Spec private CommandSpec spec;
  private Optional<String> load = Optional.empty();

  /**
   * @param text as {@link LoadPlan#FORM} says
   */
  @Option(
      names = "--load",
      paramLabel = "<load>",
      description =
          "Stay up, with users of the service, and tell every half minute what they saw: such as"
              + " steady:20/s or spiky:5-50/s; local/README.md says what else.")
  private void load(String text) {
    try {
      LoadPlan.parse(text, "/");
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--load: " + e.getMessage(), e);
    }
    load = Optional.of(text);
    stay = true;
  }

  /** Runs the demo; ends the JVM with the exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Demo()).execute(args));
  }

  @Override
  public Integer call() {
    var began = System.nanoTime();
    try (var terminal = Terminal.ofThisProcess()) {
      terminal.say(
          terminal.bold("Slipway on this machine")
              + ": the synthesized template, real git, real builds, real traffic");
      var deploy = terminal.begin("stack deployed");
      var plan =
          LocalSlipway.Plan.fromSystemProperties(new Pace(pace), new DeployProgress(deploy))
              .withLimits(Limits.AWS.withLongestInterval(Duration.ofSeconds(memory)));
      LocalSlipway slipway;
      try {
        slipway = LocalSlipway.start(plan);
      } catch (RuntimeException e) {
        deploy.failed(reason(e), "logs: " + plan.logs());
        return 1;
      }
      try (slipway) {
        deploy.done(
            slipway.service().toString(),
            slipway.stack().resources().size()
                + " resources; the first deploy built both images and ends with a healthy service");
        try (var stage = new Stage(slipway, terminal, plan.logs().getParent())) {
          var walk = new Walkthrough(stage);
          walk.change();
          walk.brokenChange();
          walk.slowChange();
          var story = new BudgetStory(stage);
          story.goesBad();
          story.recovers();
          terminal.summary(stage.summary(), Duration.ofNanos(System.nanoTime() - began));
          if (stay) stay(slipway, terminal);
          return 0;
        } catch (StepFailed e) {
          e.step().failed(e.getMessage(), "logs: " + plan.logs());
          return 1;
        }
      }
    }
  }

  private void stay(LocalSlipway slipway, Terminal terminal) {
    terminal.heading("It stays up until Ctrl-C. Push to it:");
    terminal.say("  git clone " + slipway.repository().cloneUrl());
    terminal.say("  service  " + slipway.service());
    terminal.say("  logs     " + slipway.stack().logs());
    slipway
        .repository()
        .onStatus(
            status ->
                terminal.say(
                    "  %s %s: %s %s"
                        .formatted(
                            status.commit().substring(0, 7),
                            status.context(),
                            status.state(),
                            status.description().orElse(""))));
    load.ifPresent(text -> use(slipway, terminal, text));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends requests until the end of this JVM. */
  private static void use(LocalSlipway slipway, Terminal terminal, String text) {
    var service = slipway.config().services().getFirst();
    var plan = LoadPlan.parse(text, service.canary().map(Canary::path).orElse(service.health()));
    var users = Load.start(slipway.service(), plan);
    Runnable report = () -> terminal.say("  load     " + users.report());
    Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())
        .scheduleAtFixedRate(report, 30, 30, TimeUnit.SECONDS);
    Runtime.getRuntime().addShutdownHook(new Thread(report, "last report of the load"));
  }

  private static String reason(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
