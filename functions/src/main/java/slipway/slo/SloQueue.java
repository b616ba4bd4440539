package slipway.slo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Notices;
import slipway.slo.SloSync.Outcome;

/**
 * Works through a batch of the queue of SLO syncs. A message that cannot be done yet goes back to
 * the queue, whose redelivery is the wait; the last redelivery also tells people.
 */
final class SloQueue {
  private final Function<ServiceName, Outcome> sync;
  private final Notices notices;
  private final int attempts;
  private final Consumer<Line> log;

  /**
   * @param attempts how often the queue hands a message out before it goes to the dead-letter queue
   */
  SloQueue(Function<ServiceName, Outcome> sync, Notices notices, int attempts, Consumer<Line> log) {
    this.sync = sync;
    this.notices = notices;
    this.attempts = attempts;
    this.log = log;
  }

  /**
   * A message of the queue.
   *
   * @param body {@code {"service":"dice"}}
   * @param receives how often it has been handed out, this time included
   * @param sentIn id of the trace in which it was sent, if it tells: X-Ray links this one to it
   */
  record Message(String id, String body, int receives, Optional<String> sentIn) {}

  /** What came of a message. */
  private sealed interface Result {
    record Done(About about, String what) implements Result {}

    /** Goes back to the queue. */
    record Again(About about, String reason, String subject, String text) implements Result {}
  }

  /** Handles the batch; gives the ids of the messages to hand out again. */
  List<String> handle(List<Message> batch) {
    // Messages for the same service ask for the same state, so one sync answers all of them.
    var done = new HashMap<String, Result>();
    var again = new ArrayList<String>();
    for (var message : batch) {
      switch (done.computeIfAbsent(message.body(), this::result)) {
        case Result.Done(var about, var what) ->
            log.accept(Line.info(about, "synced SLOs", facts(message, Map.of("outcome", what))));
        case Result.Again failed -> {
          again.add(message.id());
          log.accept(
              Line.warning(
                  failed.about(),
                  "SLOs not synced",
                  facts(
                      message,
                      Map.of(
                          "attempt",
                          message.receives(),
                          "attempts",
                          attempts,
                          "why",
                          failed.reason()))));
          if (message.receives() >= attempts) tell(failed);
        }
      }
    }
    return List.copyOf(again);
  }

  private static Map<String, Object> facts(Message message, Map<String, ?> more) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("message", message.id());
    message.sentIn().ifPresent(trace -> facts.put("sentIn", trace));
    facts.putAll(more);
    return facts;
  }

  private Result result(String body) {
    ServiceName service;
    try {
      service = new ServiceName(Json.parse(body).at("service").text());
    } catch (RuntimeException e) {
      return new Result.Again(
          About.NOTHING,
          "not a request for an SLO sync: " + e.getMessage(),
          "SLO sync: unreadable message",
          "The queue of SLO syncs holds a message that is no request: %s. Want {\"service\":\"name\"}. It is now in the dead-letter queue: find its sender, then delete it there."
              .formatted(e.getMessage()));
    }
    try {
      return result(service, sync.apply(service));
    } catch (RuntimeException e) {
      return new Result.Again(
          About.service(service),
          "SLOs of service " + service + " could not be synced: " + reasons(e),
          "SLOs of " + service + " could not be synced",
          "After %d attempts the SLOs of service %s are not as declared. %s.\nMend the cause, then move the message from the dead-letter queue of SLO syncs back to its queue."
              .formatted(attempts, service, reasons(e)));
    }
  }

  private Result result(ServiceName service, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done(var plan) ->
          new Result.Done(
              About.service(service), "SLOs of service " + service + " are as declared:\n" + plan);
      case Outcome.Removed(var plan) ->
          new Result.Done(
              About.service(service),
              "service %s is not in the configuration any more; of its SLOs:\n%s"
                  .formatted(service, plan));
      case Outcome.NotReady(var readiness) ->
          new Result.Again(
              About.service(service),
              Checklist.reason(readiness),
              "SLOs of " + service + " not created",
              Checklist.text(service, attempts, readiness));
    };
  }

  private static String reasons(RuntimeException e) {
    var reasons = new ArrayList<String>();
    reasons.add(String.valueOf(e.getMessage()));
    for (var other : e.getSuppressed()) reasons.add(String.valueOf(other.getMessage()));
    return String.join("; ", reasons);
  }

  /** The message reaches the dead-letter queue and its alarm even if nobody can be told. */
  private void tell(Result.Again failed) {
    try {
      notices.send(failed.subject(), failed.text());
    } catch (RuntimeException e) {
      log.accept(
          Line.trouble(
              failed.about(), "notification not sent", Map.of("subject", failed.subject()), e));
    }
  }
}
