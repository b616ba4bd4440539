package slipway.rollout;

import java.util.Collection;
import java.util.HashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import slipway.config.ServiceName;
import slipway.rollout.Announcements.Stage;
import slipway.rollout.Feedback.State;
import slipway.rollout.SimulatedService.Started;
import slipway.rollout.SimulatedService.Starter;
import slipway.rollout.Team.Flaw;

/** Looks whether everything is as it should be, once nothing moves any more. */
final class Rest {
  private final Scene scene;
  private final Team team;
  private final FifoQueue queue;
  private final SimulatedEcs ecs;
  private final Registry registry;
  private final MemoryLedger ledger;
  private final CloudFormation cloudFormation;
  private final SimulatedGitHub gitHub;

  Rest(
      Scene scene,
      Team team,
      FifoQueue queue,
      SimulatedEcs ecs,
      Registry registry,
      MemoryLedger ledger,
      CloudFormation cloudFormation,
      SimulatedGitHub gitHub) {
    this.scene = scene;
    this.team = team;
    this.queue = queue;
    this.ecs = ecs;
    this.registry = registry;
    this.ledger = ledger;
    this.cloudFormation = cloudFormation;
    this.gitHub = gitHub;
  }

  void check(Collection<ServiceName> services) {
    if (!queue.dead().isEmpty()) scene.violated(Law.NOTHING_IS_DEAD, queue.dead().toString());
    for (var service : services) {
      if (cloudFormation.waits(service)) violated(Law.RELEASE_IS_ANSWERED, service, "no answer");
      if (ecs.service(service).isEmpty()) {
        violated(Law.NEWEST_CONTENT_RUNS, service, "there is no service");
        continue;
      }
      content(service);
      family(service);
      history(service);
      words(service);
    }
  }

  /** What the template and the deploy tag ask for. */
  private Content tagged(ServiceName service) {
    return new Content(
        cloudFormation.version(service),
        registry.tagged(service, "app").orElseThrow(),
        registry.tagged(service, "adot").orElseThrow());
  }

  private boolean ordered(ServiceName service) {
    var state = ledger.state(service);
    return state.pinned().isPresent() || state.frozen().isPresent() || held(service);
  }

  /** Whether a spent budget holds up what is tagged. */
  private boolean held(ServiceName service) {
    var state = ledger.state(service);
    var tagged = tagged(service);
    return BudgetFreeze.of(Fleet.CONFIG.service(service).orElseThrow(), "", state.spent())
            .isPresent()
        && state
            .running()
            .map(it -> ecs.content(it.to()))
            .filter(runs -> !runs.equals(tagged))
            .filter(runs -> !team.overriding(service, tagged, runs))
            .isPresent();
  }

  private void content(ServiceName service) {
    var there = ecs.service(service).orElseThrow();
    var wanted = wanted(service, there);
    var runs = there.latest();
    if (wanted.isPresent() && !(runs.content.equals(wanted.get()) && runs.completed()))
      violated(
          Law.NEWEST_CONTENT_RUNS,
          service,
          "%s instead of %s is %s"
              .formatted(runs.content, wanted.get(), there.primary().progress()));
  }

  /** What must run; empty if nothing that could ever did. */
  private Optional<Content> wanted(ServiceName service, SimulatedService there) {
    var pin = ledger.state(service).pinned();
    if (pin.isPresent())
      // CloudFormation may have made the service of what ECS refuses to deploy again.
      return pin.map(it -> ecs.content(it.rollout().to()))
          .filter(content -> !team.refused(service, content));
    var tagged = tagged(service);
    if (ledger.state(service).frozen().isEmpty()
        && !held(service)
        && team.deployable(service, tagged)) return Optional.of(tagged);
    return there.history().reversed().stream()
        .filter(Started::completed)
        .map(it -> it.content)
        .findFirst();
  }

  private void family(ServiceName service) {
    var failed =
        ecs.find(service.family())
            .filter(
                newest ->
                    ecs.service(service).orElseThrow().history().stream()
                        .anyMatch(
                            it ->
                                it.failed()
                                    && it.by == Starter.DEPLOYER
                                    && it.arn.equals(newest.arn())));
    failed.ifPresent(it -> violated(Law.FAMILY_MAY_RUN, service, it.arn()));
  }

  private void history(ServiceName service) {
    var recorded = new HashMap<String, Integer>();
    for (var rollout : ledger.history(service, Integer.MAX_VALUE)) {
      recorded.merge(rollout.deployment(), 1, Integer::sum);
      if (rollout.open()) violated(Law.HISTORY_IS_COMPLETE, service, rollout);
      if (rollout.cause() == Rollout.Cause.PUSH && rollout.pushedAt().isEmpty())
        violated(Law.HISTORY_IS_COMPLETE, service, rollout + " does not tell when it was pushed");
    }
    recorded.forEach(
        (id, times) -> {
          if (times > 1) violated(Law.HISTORY_IS_COMPLETE, service, id + " is there twice");
        });
    var there = ecs.service(service).orElseThrow();
    ledger
        .state(service)
        .latest()
        .filter(it -> it.status() == Rollout.Status.FAILED && it.restoredAt().isEmpty())
        .filter(it -> !there.latest().arn.equals(it.to()) && there.latest().completed())
        .ifPresent(it -> violated(Law.HISTORY_IS_COMPLETE, service, it + " is never restored"));
    for (var started : there.history())
      if (started.by == Starter.DEPLOYER && !recorded.containsKey(started.id)) {
        // Whoever died before writing it down is followed by one who does; unless by then
        // something else is to be deployed.
        scene.count(Happening.DEPLOYMENT_UNRECORDED);
        if (there.latest() == started || !scene.interrupted(started.at))
          violated(Law.HISTORY_IS_COMPLETE, service, started.id + " is not there");
      }
  }

  private void words(ServiceName service) {
    gitHub
        .words()
        .forEach(
            (commit, word) -> {
              if (commit.service().equals(service)
                  && word.state() == State.PENDING
                  && !ordered(service))
                violated(Law.LAST_WORD, service, commit.number() + " is left at: " + word.text());
            });
    gitHub
        .stages()
        .forEach(
            (told, stage) -> {
              if (told.service().equals(service)
                  && (stage == Stage.QUEUED || stage == Stage.IN_PROGRESS))
                violated(Law.LAST_WORD, service, Words.of(told.rollout()) + " is left at " + stage);
            });
    if (!ordered(service)) tagged(service, tagged(service));
  }

  /**
   * What is behind the deploy tag runs, and its commits know; or one that hinders it does. A commit
   * that brought a good image and a bad one has the word of the one that was tried last.
   */
  private void tagged(ServiceName service, Content tagged) {
    var app = word(service, tagged.app());
    var adot = word(service, tagged.adot());
    var words = "%s, and they got %s and %s".formatted(tagged, app, adot);
    if (team.deployable(service, tagged)) {
      if (app != State.SUCCESS && sound(service, tagged.app())
          || adot != State.SUCCESS && sound(service, tagged.adot()))
        violated(Law.LAST_WORD, service, "runs " + words);
    } else if (sound(service, tagged.app()) != sound(service, tagged.adot())) {
      var hinders = sound(service, tagged.app()) ? adot : app;
      if (tagged.app() != tagged.adot() && (hinders == null || hinders == State.PENDING))
        violated(Law.LAST_WORD, service, "cannot run " + words);
    }
  }

  private boolean sound(ServiceName service, int commit) {
    return Fleet.CONTAINERS.stream()
        .allMatch(container -> team.flaw(service, container, commit) == Flaw.NONE);
  }

  private @Nullable State word(ServiceName service, int commit) {
    var word = gitHub.words().get(new SimulatedGitHub.Commit(service, commit));
    return word == null ? null : word.state();
  }

  private void violated(Law law, ServiceName service, Object what) {
    scene.violated(law, service + ": " + Words.of(what));
  }
}
