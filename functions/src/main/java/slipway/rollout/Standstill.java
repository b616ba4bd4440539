package slipway.rollout;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import slipway.rollout.Announcements.Stage;
import slipway.rollout.Feedback.State;
import slipway.rollout.Herald.Awaiting;
import slipway.rollout.RunningService.Progress;
import slipway.rollout.ServiceState.Said;

/**
 * Tells people why nothing is rolled out: once, however often we come to look. What was said is
 * remembered, so that those who were told to wait hear of it when something else comes instead.
 */
final class Standstill {
  private final Ledger ledger;
  private final Herald herald;

  Standstill(Ledger ledger, Herald herald) {
    this.ledger = ledger;
    this.herald = herald;
  }

  /** Says that a rollout is to come; the end that it waits for makes us look again. */
  void waits(Facts facts, Outcome.WaitForDeployment wait) {
    var commits = underWayNot(facts, wait.commits());
    var announcement = Announcement.of(commits, wait.fingerprint(), facts.state().latest());
    var said = new Said(wait.text(), commits, announcement);
    if (saidBefore(facts, said)) return;
    remember(facts, said);
    var name = facts.service().name();
    herald.onCommits(name, commits, State.PENDING, wait.text(), Optional.empty());
    herald.announce(name, announcement, Stage.QUEUED, wait.text(), Optional.empty());
  }

  /** Says that it is up to somebody whether it is ever rolled out. */
  void frozen(Facts facts, Outcome.Frozen frozen) {
    var commits = underWayNot(facts, frozen.commits());
    explain(facts, new Said(frozen.text(), commits, Optional.empty()), commits, State.PENDING);
  }

  /** Says that it never will be. */
  void refused(Facts facts, Outcome.Refused refused) {
    explain(
        facts,
        new Said(refused.text(), List.of(), Optional.empty()),
        refused.commits(),
        State.FAILURE);
  }

  /**
   * What should run, runs: those in it who were told to wait hear of that, others that it is over.
   */
  void runs(Facts facts, Outcome.NothingToDo nothing) {
    var primary = facts.running().flatMap(RunningService::primary);
    // Its end makes us look again.
    if (!waits(facts) || primary.filter(Standstill::underWay).isPresent()) return;
    var state = facts.state();
    var run =
        primary.filter(Standstill::completed).isPresent()
                && state.running().map(Rollout::to).equals(facts.current().map(Revision::arn))
            ? facts.desired().commitsAmong(state.images())
            : Set.<String>of();
    var heard = facts.state().said().get().commits().stream().filter(run::contains).toList();
    herald.onCommits(
        facts.service().name(), heard, State.SUCCESS, nothing.text(), Optional.empty());
    remember(facts, over(nothing), new Awaiting(heard, Optional.empty()));
  }

  /** Nothing is to be said, unless somebody was told to wait for what will not come now. */
  void over(Facts facts, Outcome outcome) {
    if (waits(facts)) remember(facts, over(outcome));
  }

  private static Said over(Outcome outcome) {
    return new Said(outcome.text(), List.of(), Optional.empty());
  }

  private static boolean completed(RunningService.Deployment deployment) {
    return deployment.progress() == Progress.COMPLETED;
  }

  private static boolean underWay(RunningService.Deployment deployment) {
    return deployment.progress() == Progress.IN_PROGRESS;
  }

  private static boolean waits(Facts facts) {
    return facts.state().said().filter(Said::open).isPresent();
  }

  private void explain(Facts facts, Said said, List<String> commits, State state) {
    if (saidBefore(facts, said)) return;
    remember(facts, said);
    var name = facts.service().name();
    herald.notice(
        name,
        "%s is not rolled out: %s".formatted(name, said.text()),
        said.text()
            + facts
                .current()
                .map(
                    revision ->
                        "\n\n%s goes on running.".formatted(Revision.shortName(revision.arn())))
                .orElse(""));
    herald.onCommits(name, commits, state, said.text(), Optional.empty());
  }

  /** Those whose rollout is under way wait for nothing else. */
  private static List<String> underWayNot(Facts facts, List<String> commits) {
    var underWay = facts.state().open().map(Rollout::commits).orElse(List.of());
    return commits.stream().filter(commit -> !underWay.contains(commit)).toList();
  }

  /** Whoever comes again says it again: the one before may have died before it was said. */
  private static boolean saidBefore(Facts facts, Said said) {
    return !facts.hints().again() && facts.state().said().filter(said::equals).isPresent();
  }

  /** Before it is said, so that nobody is told to wait whom nobody remembers. */
  private void remember(Facts facts, Said said) {
    remember(facts, said, Awaiting.of(said));
  }

  private void remember(Facts facts, Said said, Awaiting heard) {
    var name = facts.service().name();
    facts
        .state()
        .said()
        .ifPresent(
            before ->
                herald.overtaken(
                    name,
                    facts.state(),
                    Awaiting.of(before),
                    heard,
                    "superseded: " + said.text(),
                    Optional.empty()));
    ledger.said(name, said);
  }
}
