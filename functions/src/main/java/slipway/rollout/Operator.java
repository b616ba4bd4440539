package slipway.rollout;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import slipway.config.Config;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.notice.About;
import slipway.notice.Log;
import slipway.rollout.Command.Directive;
import slipway.rollout.Directives.Known;
import slipway.rollout.Ledger.Order;
import slipway.rollout.Verdict.Write;

/**
 * Does what a person on call asks: reads, decides, records, and has the service reconciled. It
 * rolls nothing out itself: that goes one at a time, through the queue.
 */
final class Operator {
  private final Config config;
  private final Ledger ledger;
  private final RolloutQueue queue;
  private final Clock clock;

  Operator(Config config, Ledger ledger, RolloutQueue queue, Clock clock) {
    this.config = config;
    this.ledger = ledger;
    this.queue = queue;
    this.clock = clock;
  }

  /**
   * Answers a request with a tree of {@link OperatorJson}. An answer with {@code error} is all that
   * a failure is: Lambda's own would be a stack trace.
   *
   * @param request JSON; nothing at all asks how all services are
   */
  Map<String, Object> answer(String request) {
    Map<String, Object> answer;
    try {
      answer = act(Commands.read(Json.parse(request.isBlank() ? "{}" : request), config, now()));
    } catch (Malformed e) {
      answer = OperatorJson.error(e.getMessage());
    } catch (RuntimeException e) {
      Log.trouble(About.NOTHING, "operator's request failed", Map.of(), e);
      answer =
          OperatorJson.error(
              "the request failed on the way: %s. Ask again: what was done already is not done twice"
                  .formatted(e.getMessage()));
    }
    log(answer);
    return answer;
  }

  private Map<String, Object> act(Command command) {
    return switch (command) {
      case Command.Status(var services) -> {
        var states = new LinkedHashMap<ServiceName, ServiceState>();
        for (var service : services)
          states.put(service, ledger.read(service, Optional.empty()).state());
        yield OperatorJson.status(states, this::held);
      }
      case Command.History(var service, int atMost) ->
          OperatorJson.history(
              service, ledger.history(service, atMost), ledger.orders(service, atMost));
      case Command.Reconcile(var service, var asks) -> {
        queue.reconcile(service, "asked for %s at %s".formatted(asks, now()));
        yield OperatorJson.done(
            service, "asked for a reconcile", "what should run is compared with what runs");
      }
      case Directive directive -> act(directive);
    };
  }

  private Map<String, Object> act(Directive directive) {
    var service = directive.service();
    return switch (Directives.decide(directive, known(directive))) {
      case Verdict.Accepted accepted -> {
        record(
            service,
            accepted,
            new Order(accepted.what(), directive.change(), accepted.takesBack()));
        yield OperatorJson.accepted(
            service, accepted, reconciled(directive, accepted.what(), accepted.next()));
      }
      // Whoever recorded it may have died before the reconcile was asked for.
      case Verdict.Already(var text) ->
          OperatorJson.done(
              service,
              "nothing: it is %s already".formatted(text),
              reconciled(directive, text, "it stays so"));
      case Verdict.Refused refused -> OperatorJson.refused(refused);
    };
  }

  /** Reads what a decision needs: rollouts only where one is to be chosen. */
  private Known known(Directive directive) {
    var service = directive.service();
    var state = ledger.read(service, Optional.empty()).state();
    return switch (directive) {
      case Command.Pin pin -> choice(state, service, ledger.rollout(service, pin.rollout()));
      case Command.Rollback _ -> choice(state, service, Optional.empty());
      case Command.Unpin _, Command.Freeze _, Command.Unfreeze _ ->
          new Known(state, held(service, state), List.of(), Optional.empty(), Set.of());
    };
  }

  private Known choice(ServiceState state, ServiceName service, Optional<Rollout> asked) {
    return new Known(
        state,
        held(service, state),
        ledger.history(service, Commands.LONGEST_HISTORY),
        asked,
        ledger.quarantined(service));
  }

  /** The spent budgets that hold a service up; of one that is not configured any more, none. */
  private Optional<BudgetFreeze> held(ServiceName name, ServiceState state) {
    return config
        .service(name)
        .flatMap(service -> BudgetFreeze.of(service, config.budgets().override(), state.spent()));
  }

  private void record(ServiceName service, Verdict.Accepted accepted, Order order) {
    switch (accepted.write()) {
      case Write.Pinned(var rollout) -> ledger.pin(service, rollout, order);
      case Write.Frozen(boolean frozen) -> ledger.freeze(service, frozen, order);
    }
  }

  /** Has the service reconciled; what is recorded stays recorded if that cannot be asked for. */
  private String reconciled(Directive directive, String what, String next) {
    var change = directive.change();
    try {
      // With the time, as the queue takes the same message once in five minutes only.
      queue.reconcile(
          directive.service(), "%s %s at %s".formatted(what, change.text(), change.at()));
      return next;
    } catch (RuntimeException e) {
      Log.trouble(About.service(directive.service()), "cannot ask for a reconcile", Map.of(), e);
      return "%s; but only when the schedule looks, as the queue did not take it (%s): ask again"
          .formatted(next, e.getMessage());
    }
  }

  private Instant now() {
    return clock.instant();
  }

  private static void log(Map<String, Object> answer) {
    var facts = new LinkedHashMap<String, Object>();
    for (var member : List.of("done", "next", "error"))
      if (answer.containsKey(member)) facts.put(member, answer.get(member));
    // Nothing came of a mere question.
    if (facts.containsKey("done") || facts.containsKey("error"))
      Log.line(
          Optional.ofNullable(answer.get("service"))
              .map(service -> About.service(String.valueOf(service)))
              .orElse(About.NOTHING),
          "answered an operator",
          facts);
  }
}
