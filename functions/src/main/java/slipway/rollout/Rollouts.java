package slipway.rollout;

import java.time.Clock;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import slipway.config.Config;
import slipway.config.ServiceName;
import slipway.config.Strategy;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Log;
import slipway.notice.Measure;
import slipway.rollout.Announcements.Stage;
import slipway.rollout.Feedback.State;
import slipway.rollout.Herald.Awaiting;
import slipway.rollout.Outcome.Source;
import slipway.rollout.Rollout.Brought;
import slipway.rollout.Rollout.Status;

/**
 * Reconciles a service: reads, decides, acts, records. It may die at any line: whoever comes next
 * reads again, finds what was done, and goes on from there.
 */
final class Rollouts {
  /** Settle, adopt, settle, retire what crashes left, roll out: no more can come of one look. */
  private static final int MOST_STEPS = 10;

  private final Config config;
  private final Survey survey;
  private final TaskDefinitions definitions;
  private final Services services;
  private final Ledger ledger;
  private final ReleaseAnswers releases;
  private final Settlement settlement;
  private final Standstill standstill;
  private final Herald herald;
  private final Consumer<Line> log;
  private final Clock clock;

  Rollouts(
      Config config,
      TaskDefinitions definitions,
      Images images,
      Services services,
      Ledger ledger,
      ReleaseAnswers releases,
      SloRequests slos,
      Herald herald,
      Consumer<Line> log,
      Clock clock) {
    this.config = config;
    this.survey =
        new Survey(
            config.github().deployTag(),
            config.budgets().override(),
            definitions,
            images,
            services,
            ledger);
    this.definitions = definitions;
    this.services = services;
    this.ledger = ledger;
    this.releases = releases;
    this.settlement = new Settlement(definitions, services, ledger, slos, herald, clock);
    this.standstill = new Standstill(ledger, herald);
    this.herald = herald;
    this.log = log;
    this.clock = clock;
  }

  /** Brings a service to what it should run, and says what that came to. */
  Outcome reconcile(ServiceName name, Hints hints) {
    return Log.about(About.service(name), () -> look(name, hints));
  }

  private Outcome look(ServiceName name, Hints hints) {
    var service = config.service(name);
    if (service.isEmpty()) {
      // While a stack changes, a rule may know a service before the configuration does, or after:
      // the service's release looks again once it is there.
      var outcome =
          new Outcome.NotConfigured(
              "service %s is not in the configuration: it is looked at when the stack that has it"
                      .formatted(name)
                  + " is deployed");
      log(About.service(name), outcome, Map.of());
      return outcome;
    }
    var look = survey.of(service.get(), hints.about(service.get().ecsName()));
    var outcome = Log.about(about(look.facts()), () -> act(look.facts()));
    answer(name, look.release(), outcome);
    return outcome;
  }

  /** Acts until there is nothing more to do about these facts. */
  private Outcome act(Facts seen) {
    var facts = seen;
    for (int step = 0; step < MOST_STEPS; step++) {
      var outcome = Reconcile.decide(facts);
      switch (outcome) {
        case Outcome.Settle settle -> facts = settle(facts, settle);
        case Outcome.TakeBack takeBack -> {
          log(takeBack.rollout().about(), outcome, told(takeBack.rollout()));
          // First, so that whoever finds it gone back knows why, whatever was ordered since.
          ledger.ended(takeBack.rollout().takenBack(takeBack.order()));
          if (!services.takeBack(takeBack.course())) return outcome;
          facts = settle(facts, takeBack.settle());
        }
        case Outcome.Restored(var failed) -> {
          var restored = failed.restored(clock.instant());
          ledger.ended(restored);
          log(restored.about(), outcome, told(restored));
          facts = facts.ended(restored);
        }
        case Outcome.Adopt adopt -> {
          var rollout = adopt(facts, adopt);
          log(rollout.about(), outcome, told(rollout));
          facts = facts.started(rollout, survey.course(facts.running().orElseThrow(), rollout));
        }
        case Outcome.Retire retire -> {
          definitions.deregister(retire.revision().arn());
          log(about(facts), outcome, Map.of());
          facts = facts.newest(survey.newest(facts.service().name()));
        }
        case Outcome.RollOut rollOut -> {
          return rollOut(facts, rollOut);
        }
        case Outcome.NoServiceYet first -> {
          return first(facts, first);
        }
        case Outcome.WaitForDeployment wait -> {
          standstill.waits(facts, wait);
          log(about(facts, wait.commits()), outcome, Map.of());
          return outcome;
        }
        case Outcome.Refused refused -> {
          standstill.refused(facts, refused);
          log(about(facts, refused.commits()), outcome, Map.of());
          return outcome;
        }
        case Outcome.Frozen frozen -> {
          standstill.frozen(facts, frozen);
          log(about(facts, frozen.commits()), outcome, Map.of());
          return outcome;
        }
        case Outcome.NothingToDo nothing -> {
          standstill.runs(facts, nothing);
          log(about(facts), outcome, Map.of());
          return outcome;
        }
        case Outcome.ImagesMissing _,
            Outcome.Quarantined _,
            Outcome.NotConfigured _,
            Outcome.NoTemplate _ -> {
          standstill.over(facts, outcome);
          log(about(facts), outcome, Map.of());
          return outcome;
        }
      }
    }
    throw new IllegalStateException(
        "service %s: %d steps came to no end: a decision repeats itself"
            .formatted(facts.service().name(), MOST_STEPS));
  }

  private Facts settle(Facts facts, Outcome.Settle settle) {
    var ended = settlement.settle(facts, settle);
    log.accept(measured(ended, line(ended.about(), settle, told(ended))));
    var next = facts.ended(ended);
    return switch (settle.ending()) {
      case Ending.Healthy _, Ending.Replaced _ -> next;
      // Its revision is gone, and so is what was newer than what runs.
      case Ending.Failed _, Ending.Withdrawn _ -> next.newest(survey.newest(ended.service()));
    };
  }

  private Outcome first(Facts facts, Outcome.NoServiceYet first) {
    try {
      var arn = revision(facts, first.source(), first.fingerprint(), first.brought());
      log(about(facts, first.brought().commits()), first, Map.of("taskDefinition", arn));
      return first;
    } catch (RevisionRefused e) {
      return refused(facts, e);
    }
  }

  private Outcome rollOut(Facts facts, Outcome.RollOut rollOut) {
    var name = facts.service().name();
    String arn;
    try {
      arn = revision(facts, rollOut.source(), rollOut.fingerprint(), rollOut.brought());
    } catch (RevisionRefused e) {
      return refused(facts, e);
    }
    RunningService.Deployment deployment;
    try {
      // The very revision, not the family: whoever registers another in between changes nothing.
      deployment = services.deploy(name, arn);
    } catch (RevisionRefused e) {
      return undeployable(facts, rollOut, arn, e);
    }
    if (facts.state().latest().filter(it -> it.deployment().equals(deployment.id())).isPresent()) {
      // ECS answered from before it, and now says that there is nothing to do.
      var latest = facts.state().latest().get();
      log(latest.about(), rollOut, told(latest));
      return rollOut;
    }
    var rollout =
        Rollout.started(
            name,
            deployment,
            rollOut.from(),
            rollOut.fingerprint(),
            imagesOf(rollOut.source()),
            rollOut.brought(),
            announcement(facts, rollOut.brought().commits(), rollOut.fingerprint()));
    record(facts, rollout);
    var text = text(facts, arn);
    var page = herald.console(name, arn);
    herald.onCommits(name, rollout.commits(), State.PENDING, text, page);
    herald.announce(name, rollout.announced(), Stage.IN_PROGRESS, text, page);
    log(rollout.about(), rollOut, told(rollout));
    return rollOut;
  }

  /** That it begins, and what happens next, as ECS's events do not tell how it goes on. */
  private static String text(Facts facts, String arn) {
    var text = "rolling out " + Revision.shortName(arn);
    return switch (facts.service().strategy()) {
      case Strategy.Rolling _ -> text;
      case Strategy.Shifting shifting -> text + ": " + shifting.course();
    };
  }

  private Rollout adopt(Facts facts, Outcome.Adopt adopt) {
    var rollout =
        Rollout.started(
            facts.service().name(),
            adopt.deployment(),
            facts.state().running().map(Rollout::to),
            adopt.revision().fingerprint().orElseThrow(),
            adopt.revision().images(),
            adopt.brought(),
            announcement(facts, adopt.brought().commits(), adopt.revision().fingerprint().get()));
    record(facts, rollout);
    return rollout;
  }

  /**
   * Records a rollout as the latest. Before that, those whose place it takes hear of it: who dies
   * in between is followed by one who tells them again, and nobody is left waiting.
   */
  private void record(Facts facts, Rollout rollout) {
    var name = rollout.service();
    var revision = Revision.shortName(rollout.to());
    var page = herald.console(name, rollout.to());
    var superseded = facts.state().open().filter(before -> !before.id().equals(rollout.id()));
    superseded.ifPresent(
        before ->
            herald.overtaken(
                name,
                facts.state(),
                Awaiting.of(before),
                Awaiting.of(rollout),
                "superseded by " + revision + " before it was healthy",
                page));
    facts
        .state()
        .said()
        .ifPresent(
            said ->
                herald.overtaken(
                    name,
                    facts.state(),
                    Awaiting.of(said),
                    Awaiting.of(rollout),
                    revision + " is rolled out instead",
                    page));
    ledger.started(
        rollout,
        superseded.map(
            before ->
                before.ended(
                    Status.SUPERSEDED,
                    clock.instant(),
                    "superseded by rollout " + rollout.id(),
                    Optional.of(rollout.to()))));
  }

  private static Optional<Announcement> announcement(
      Facts facts, List<String> commits, String fingerprint) {
    return Announcement.of(commits, fingerprint, facts.state().latest());
  }

  private String revision(Facts facts, Source source, String fingerprint, Brought brought) {
    return switch (source) {
      case Source.Reuse(var arn, _) -> arn;
      case Source.Register(var definition) -> {
        var tags = new LinkedHashMap<String, String>();
        tags.put(TaskDefinition.FINGERPRINT, fingerprint);
        tags.put(TaskDefinition.SERVICE, facts.service().name().value());
        if (!brought.commits().isEmpty())
          tags.put(TaskDefinition.COMMIT, brought.commits().getFirst());
        yield definitions.register(definition.tagged(tags));
      }
    };
  }

  private static Map<String, String> imagesOf(Source source) {
    return switch (source) {
      case Source.Register(var definition) -> definition.images();
      case Source.Reuse(_, var images) -> images;
    };
  }

  /**
   * ECS does not register it. Nothing is left behind, so the next look may ask again: ECS words a
   * bad moment of its own like a mistake of ours.
   */
  private Outcome refused(Facts facts, RevisionRefused refusal) {
    var refused =
        new Outcome.Refused(
            refusal.getMessage(), facts.desired().news(facts.service(), facts.state()));
    standstill.refused(facts, refused);
    log(about(facts, refused.commits()), refused, Map.of());
    return refused;
  }

  /**
   * ECS registered it and will never deploy it: to ask again would register it again. The ledger is
   * written last, as in a settlement.
   */
  private Outcome undeployable(
      Facts facts, Outcome.RollOut rollOut, String arn, RevisionRefused refusal) {
    // The family's name alone must never mean a revision that cannot run.
    definitions.deregister(arn);
    var refused = refused(facts, refusal);
    ledger.refused(
        facts.service().name(),
        new Ledger.Quarantine(rollOut.fingerprint(), Optional.empty(), refusal.getMessage()));
    return refused;
  }

  private void answer(ServiceName name, Optional<PendingRelease> waiting, Outcome outcome) {
    waiting.ifPresent(
        release -> {
          switch (outcome) {
            case Outcome.NothingToDo _,
                Outcome.RollOut _,
                Outcome.Adopt _,
                Outcome.Settle _,
                Outcome.Restored _,
                Outcome.Retire _,
                Outcome.NoServiceYet _,
                Outcome.TakeBack _,
                Outcome.WaitForDeployment _,
                Outcome.Frozen _ ->
                releases.answer(name, release, Optional.empty());
            case Outcome.Refused _, Outcome.Quarantined _ ->
                releases.answer(name, release, Optional.of(outcome.text()));
            // Their events are still to come; CloudFormation waits an hour for them.
            case Outcome.ImagesMissing _, Outcome.NotConfigured _, Outcome.NoTemplate _ -> {}
          }
        });
  }

  /** What is on its way; else what waits; else what runs. */
  private static About about(Facts facts) {
    var state = facts.state();
    var waiting = facts.desired().news(facts.service(), state);
    return waiting.isEmpty() || state.open().isPresent()
        ? state
            .open()
            .or(state::running)
            .map(Rollout::about)
            .orElse(About.service(facts.service().name()))
        : about(facts, waiting);
  }

  private static About about(Facts facts, List<String> commits) {
    return About.service(facts.service().name()).commit(commits.stream().findFirst());
  }

  private static Map<String, String> told(Rollout rollout) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("deployment", rollout.deployment());
    facts.put("taskDefinition", rollout.to());
    if (!rollout.reason().isEmpty()) facts.put("reason", rollout.reason());
    return facts;
  }

  private void log(About about, Outcome outcome, Map<String, String> more) {
    log.accept(line(about, outcome, more));
  }

  private static Line line(About about, Outcome outcome, Map<String, String> more) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("outcome", outcome.getClass().getSimpleName());
    facts.put("why", outcome.text());
    facts.putAll(more);
    return Line.info(about, "reconciled", facts);
  }

  /** The line with how the rollout went, for CloudWatch; one that was replaced went no way. */
  private Line measured(Rollout ended, Line line) {
    var values = new EnumMap<Measure, Double>(Measure.class);
    switch (ended.status()) {
      case HEALTHY -> {
        values.put(Measure.ROLLOUTS_HEALTHY, 1.0);
        values.put(Measure.ROLLOUTS_FAILED, 0.0);
        // Clocks of people may be ahead, as DeliveryFigures knows, too.
        ended
            .leadTime()
            .filter(time -> !time.isNegative())
            .ifPresent(time -> values.put(Measure.PUSH_TO_HEALTHY, time.toMillis() / 1000.0));
      }
      case FAILED -> {
        values.put(Measure.ROLLOUTS_HEALTHY, 0.0);
        values.put(Measure.ROLLOUTS_FAILED, 1.0);
      }
      case SUPERSEDED, IN_PROGRESS -> {
        return line;
      }
    }
    return line.measuring(config.stack(), values);
  }
}
