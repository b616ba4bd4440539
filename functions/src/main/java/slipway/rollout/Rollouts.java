package slipway.rollout;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.Config;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.notice.Log;
import slipway.rollout.Feedback.State;
import slipway.rollout.Outcome.Source;
import slipway.rollout.ServiceState.Ran;

/**
 * Reconciles a service: reads, decides, acts, records. It may die at any line: whoever comes next
 * reads again, finds what was done, and goes on from there.
 */
final class Rollouts {
  private final Config config;
  private final TaskDefinitions definitions;
  private final Images images;
  private final Services services;
  private final Ledger ledger;
  private final ReleaseAnswers releases;
  private final Herald herald;
  private final Clock clock;

  Rollouts(
      Config config,
      TaskDefinitions definitions,
      Images images,
      Services services,
      Ledger ledger,
      ReleaseAnswers releases,
      Herald herald,
      Clock clock) {
    this.config = config;
    this.definitions = definitions;
    this.images = images;
    this.services = services;
    this.ledger = ledger;
    this.releases = releases;
    this.herald = herald;
    this.clock = clock;
  }

  /** Facts, and who waits for the outcome. */
  private record Look(Facts facts, Optional<PendingRelease> release) {}

  /**
   * Brings a service to what it should run.
   *
   * @param again an earlier try may have died on the way
   */
  Outcome reconcile(ServiceName name, boolean again) {
    var service = config.service(name);
    if (service.isEmpty()) {
      // While a stack changes, a rule may know a service before the configuration does, or after:
      // the service's release looks again once it is there.
      var outcome =
          new Outcome.NotConfigured(
              "service %s is not in the configuration: it is looked at when the stack that has it"
                      .formatted(name)
                  + " is deployed");
      log(name, outcome, Map.of());
      return outcome;
    }
    var look = look(service.get(), again);
    var outcome = Reconcile.decide(look.facts());
    act(look, outcome);
    return outcome;
  }

  private Look look(Service service, boolean again) {
    var tag = config.github().deployTag();
    var template = definitions.find(service.name().templateFamily());
    var behind = new LinkedHashMap<String, Optional<Image>>();
    for (var container : service.built())
      behind.put(container.name(), images.behind(container.repository(), tag));
    var desired = Desired.of(service, tag, template, behind);
    var running = services.find(service.name());
    var reading = ledger.read(service.name(), desired.fingerprintIfAny());
    var state = reading.state();
    var current =
        running
            .flatMap(RunningService::primary)
            .flatMap(
                primary ->
                    state
                        .revision(primary.taskDefinition())
                        .or(
                            () ->
                                definitions
                                    .find(primary.taskDefinition())
                                    .map(TaskDefinition::revision)));
    // A revision that was registered and never deployed is left only where an earlier try died, or
    // before there is a service: else the call is saved.
    var newest =
        again || running.isEmpty() || state.latest().isEmpty()
            ? definitions.find(service.name().family()).map(TaskDefinition::revision)
            : Optional.<Revision>empty();
    return new Look(
        new Facts(service, desired, running, current, newest, state, reading.quarantined()),
        reading.release());
  }

  private void act(Look look, Outcome outcome) {
    var facts = look.facts();
    var name = facts.service().name();
    switch (outcome) {
      case Outcome.RollOut rollOut -> rollOut(facts, rollOut);
      case Outcome.NoServiceYet first -> {
        var arn = revision(name, first.source(), first.fingerprint(), first.commits());
        log(name, outcome, Map.of("taskDefinition", arn));
      }
      case Outcome.Adopt adopt -> adopt(facts, adopt);
      case Outcome.Refused refused -> {
        explain(facts, refused.text(), refused.commits(), State.FAILURE);
        log(name, outcome, Map.of());
      }
      case Outcome.Frozen frozen -> {
        explain(facts, frozen.text(), frozen.commits(), State.PENDING);
        log(name, outcome, Map.of());
      }
      case Outcome.NothingToDo _,
          Outcome.WaitForDeployment _,
          Outcome.ImagesMissing _,
          Outcome.Quarantined _,
          Outcome.NotConfigured _,
          Outcome.NoTemplate _ ->
          log(name, outcome, Map.of());
    }
    look.release()
        .ifPresent(
            release -> {
              switch (outcome) {
                case Outcome.NothingToDo _,
                    Outcome.RollOut _,
                    Outcome.Adopt _,
                    Outcome.NoServiceYet _,
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

  private void rollOut(Facts facts, Outcome.RollOut rollOut) {
    var name = facts.service().name();
    var arn = revision(name, rollOut.source(), rollOut.fingerprint(), rollOut.commits());
    // The very revision, not the family: whoever registers another one in between changes nothing.
    var deployment = services.deploy(name, arn);
    var rollout =
        Rollout.started(
            name,
            deployment.id(),
            rollOut.from(),
            arn,
            rollOut.fingerprint(),
            imagesOf(rollOut.source()),
            rollOut.commits(),
            clock.instant());
    record(facts, rollout);
    herald.onCommits(
        name,
        rollOut.commits(),
        State.PENDING,
        "rolling out " + Revision.shortName(arn),
        herald.console(name, arn));
    log(name, rollOut, rolloutFacts(rollout));
  }

  private void adopt(Facts facts, Outcome.Adopt adopt) {
    var rollout = adopted(facts.service().name(), adopt);
    record(facts, rollout);
    if (adopt.deployment().progress() == RunningService.Progress.COMPLETED)
      ledger.healthy(rollout, clock.instant());
    log(facts.service().name(), adopt, rolloutFacts(rollout));
  }

  private static Rollout adopted(ServiceName service, Outcome.Adopt adopt) {
    return Rollout.started(
        service,
        adopt.deployment().id(),
        Optional.empty(),
        adopt.revision().arn(),
        adopt.revision().fingerprint().orElseThrow(),
        adopt.revision().images(),
        adopt.commits(),
        adopt.deployment().createdAt());
  }

  private void record(Facts facts, Rollout rollout) {
    ledger.started(
        rollout,
        facts.state().unsettled() ? facts.state().latest().map(Ran::rollout) : Optional.empty());
  }

  private String revision(
      ServiceName service, Source source, String fingerprint, List<String> commits) {
    return switch (source) {
      case Source.Reuse(var arn, _) -> arn;
      case Source.Register(var definition) -> {
        var tags = new LinkedHashMap<String, String>();
        tags.put(TaskDefinition.FINGERPRINT, fingerprint);
        tags.put(TaskDefinition.SERVICE, service.value());
        if (!commits.isEmpty()) tags.put(TaskDefinition.COMMIT, commits.getFirst());
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

  /** Tells people why nothing is rolled out: once, however often we come to look. */
  private void explain(Facts facts, String text, List<String> commits, State state) {
    if (facts.state().said().filter(text::equals).isPresent()) return;
    var name = facts.service().name();
    herald.onCommits(name, commits, state, text, Optional.empty());
    herald.notice(
        name,
        "%s is not rolled out: %s".formatted(name, text),
        text
            + facts
                .current()
                .map(
                    revision ->
                        "\n\n%s goes on running.".formatted(Revision.shortName(revision.arn())))
                .orElse(""));
    ledger.said(name, text);
  }

  private static Map<String, String> rolloutFacts(Rollout rollout) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("rollout", rollout.id());
    facts.put("commit", rollout.commit());
    facts.put("deployment", rollout.deployment());
    facts.put("taskDefinition", rollout.to());
    return facts;
  }

  private static void log(ServiceName service, Outcome outcome, Map<String, String> more) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("service", service.value());
    facts.put("outcome", outcome.getClass().getSimpleName());
    facts.put("why", outcome.text());
    facts.putAll(more);
    Log.line("reconciled", facts);
  }
}
