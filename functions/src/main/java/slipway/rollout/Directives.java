package slipway.rollout;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import slipway.rollout.Command.Directive;
import slipway.rollout.Rollout.Status;
import slipway.rollout.ServiceState.Change;
import slipway.rollout.ServiceState.Pin;
import slipway.rollout.Verdict.Accepted;
import slipway.rollout.Verdict.Already;
import slipway.rollout.Verdict.Refused;
import slipway.rollout.Verdict.Write;

/** Decides what comes of a person's directive. */
final class Directives {
  private static final int PINNABLE = 10;

  private Directives() {}

  /**
   * What is known of a service.
   *
   * @param exhausted error budgets that hold up what is pushed
   * @param history the last rollouts, newest first
   * @param asked the rollout to pin, however old, if there is one of that id
   * @param quarantined fingerprints of content that failed
   */
  record Known(
      ServiceState state,
      Optional<BudgetFreeze> exhausted,
      List<Rollout> history,
      Optional<Rollout> asked,
      Set<String> quarantined) {
    Known {
      history = List.copyOf(history);
      quarantined = Set.copyOf(quarantined);
    }

    /** What a service runs or shall run, as people see it. */
    Optional<Rollout> now() {
      return state.pinned().map(Pin::rollout).or(state::open).or(state::running);
    }

    /** Only what was healthy, and did not fail since, may be made to run. */
    boolean mayRun(Rollout rollout) {
      return rollout.status() == Status.HEALTHY && !quarantined.contains(rollout.fingerprint());
    }
  }

  static Verdict decide(Directive directive, Known known) {
    return switch (directive) {
      case Command.Pin pin -> pin(pin, known);
      case Command.Rollback rollback -> rollback(rollback, known);
      case Command.Unpin unpin -> unpin(unpin, known);
      case Command.Freeze freeze -> freeze(freeze, known.state());
      case Command.Unfreeze unfreeze -> unfreeze(unfreeze, known);
    };
  }

  private static Verdict pin(Command.Pin pin, Known known) {
    if (known.asked().isEmpty())
      return refused("%s had no rollout %s".formatted(pin.service(), pin.rollout()), known);
    var rollout = known.asked().get();
    if (rollout.status() != Status.HEALTHY)
      return refused(
          "rollout %s was never healthy: it is %s"
              .formatted(rollout.id(), OperatorJson.word(rollout.status())),
          known);
    if (!known.mayRun(rollout))
      return refused(
          "the content of rollout %s failed when it was rolled out again".formatted(rollout.id()),
          known);
    return pinTo(rollout, pin, known, "pinned to " + rollout.id());
  }

  /**
   * Back from what is pinned, else from what is on its way, else from what runs: so that a second
   * rollback goes one further, and never forth to what the first one left.
   */
  private static Verdict rollback(Command.Rollback rollback, Known known) {
    var from = known.now();
    if (from.isEmpty())
      return refused("%s has nothing to go back from".formatted(rollback.service()), known);
    return known.history().stream()
        .filter(known::mayRun)
        .filter(rollout -> rollout.id().compareTo(from.get().id()) < 0)
        .filter(rollout -> !rollout.fingerprint().equals(from.get().fingerprint()))
        .findFirst()
        .map(rollout -> pinTo(rollout, rollback, known, "rolled back, pinned to " + rollout.id()))
        .orElseGet(
            () ->
                refused(
                    "no healthy rollout of other content before %s, in the last %d"
                        .formatted(from.get().id(), known.history().size()),
                    known));
  }

  private static Verdict pinTo(Rollout rollout, Directive directive, Known known, String what) {
    var state = known.state();
    var before = state.pinned();
    if (before.filter(pin -> pin.rollout().id().equals(rollout.id())).isPresent())
      return new Already(pinned(before.get()));
    var runs =
        state.open().isEmpty()
            && state
                .running()
                .filter(it -> it.fingerprint().equals(rollout.fingerprint()))
                .isPresent();
    return new Accepted(
        new Write.Pinned(Optional.of(rollout)),
        what,
        before.map(Directives::pinned).orElse("not pinned"),
        runs
            ? "it runs already, and stays whatever is pushed"
            : "%s rolls out, and stays whatever is pushed".formatted(OperatorJson.content(rollout)),
        takesBack(rollout, known),
        before
            .map(pin -> undo(directive, "pin", pin.rollout().id()))
            .orElseGet(() -> undo(directive, "unpin", true)));
  }

  /** The rollout that a pin goes back from, if it goes back. */
  private static Optional<String> takesBack(Rollout to, Known known) {
    return known
        .now()
        .filter(now -> to.id().compareTo(now.id()) < 0)
        .filter(now -> !to.fingerprint().equals(now.fingerprint()))
        .map(Rollout::id);
  }

  private static Verdict unpin(Command.Unpin unpin, Known known) {
    var state = known.state();
    if (state.pinned().isEmpty()) return new Already("not pinned");
    var pin = state.pinned().get();
    return new Accepted(
        new Write.Pinned(Optional.empty()),
        "unpinned",
        pinned(pin),
        state
            .frozen()
            .map(freeze -> "nothing is rolled out, as it is " + frozen(freeze))
            .orElseGet(() -> follows(known)),
        undo(unpin, "pin", pin.rollout().id()));
  }

  private static Verdict freeze(Command.Freeze freeze, ServiceState state) {
    var before = state.frozen();
    if (before.map(Change::reason).filter(freeze.change().reason()::equals).isPresent())
      return new Already(frozen(before.get()));
    return new Accepted(
        new Write.Frozen(true),
        "frozen",
        before.map(Directives::frozen).orElse("not frozen"),
        "nothing that is pushed rolls out; a rollout on its way goes on, and pins and rollbacks"
            + " still work",
        before
            .map(earlier -> undo(freeze, "freeze", earlier.reason()))
            .orElseGet(() -> undo(freeze, "unfreeze", true)));
  }

  private static Verdict unfreeze(Command.Unfreeze unfreeze, Known known) {
    var state = known.state();
    if (state.frozen().isEmpty()) return new Already("not frozen");
    var freeze = state.frozen().get();
    return new Accepted(
        new Write.Frozen(false),
        "unfrozen",
        frozen(freeze),
        state.pinned().map(pin -> "it stays " + pinned(pin)).orElseGet(() -> follows(known)),
        undo(unfreeze, "freeze", freeze.reason()));
  }

  /** What becomes of what is pushed. */
  private static String follows(Known known) {
    return known
        .exhausted()
        .map(BudgetFreeze::text)
        .orElse("the newest content that was pushed rolls out, if it does not run");
  }

  private static Refused refused(String why, Known known) {
    var asked = known.asked().stream();
    return new Refused(
        why,
        Stream.concat(known.history().stream(), asked)
            .filter(known::mayRun)
            .map(Rollout::id)
            .distinct()
            .limit(PINNABLE)
            .toList());
  }

  private static String pinned(Pin pin) {
    return "pinned to %s since %s %s"
        .formatted(pin.rollout().id(), pin.change().at(), pin.change().text());
  }

  private static String frozen(Change freeze) {
    return "frozen since %s %s".formatted(freeze.at(), freeze.text());
  }

  /** In the order in which people write it. */
  private static Map<String, Object> undo(Directive directive, String command, Object value) {
    var request = new LinkedHashMap<String, Object>();
    request.put("service", directive.service().value());
    request.put(command, value);
    request.put("by", directive.change().by());
    return Collections.unmodifiableMap(request);
  }
}
