package slipway.local.events;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.CallLog;
import slipway.local.iam.Iam;
import slipway.local.lambda.Deliveries;
import slipway.local.lambda.Functions;
import slipway.local.queues.Message;
import slipway.local.queues.Queues;
import slipway.local.topics.Topics;

/** Gives events to functions, queues and topics, if the sender is allowed to. */
final class Targets {
  private final Functions functions;
  private final Deliveries deliveries;
  private final Queues queues;
  private final Topics topics;
  private final Iam iam;
  private final CallLog calls;

  /**
   * A delivery.
   *
   * @param from for people, such as {@code rule dice-pushed}
   * @param sourceArn of the rule or schedule
   * @param group message group, for a FIFO queue
   * @param deadLetters ARN of the queue for what cannot be delivered
   */
  record Delivery(
      String from,
      String sourceArn,
      String targetArn,
      String text,
      String group,
      Optional<String> deadLetters) {}

  Targets(
      Functions functions,
      Deliveries deliveries,
      Queues queues,
      Topics topics,
      Iam iam,
      CallLog calls) {
    this.functions = functions;
    this.deliveries = deliveries;
    this.queues = queues;
    this.topics = topics;
    this.iam = iam;
    this.calls = calls;
  }

  /**
   * Delivers; what is not allowed or not there goes to the dead-letter queue at once, as
   * EventBridge does not retry it.
   *
   * @param refusal why a permission is not given, if not
   */
  void deliver(Delivery delivery, Function<Permission, Optional<String>> refusal) {
    var start = Instant.now();
    var error = "";
    try {
      send(delivery, refusal);
    } catch (RuntimeException e) {
      error = String.valueOf(e.getMessage());
    }
    // A function's invocation notes itself when it has ended.
    if (!error.isEmpty() || !delivery.targetArn().startsWith("arn:aws:lambda:"))
      calls.add(
          new CallLog.Entry(
              start,
              delivery.from(),
              "events",
              "deliver to "
                  + delivery.targetArn().substring(delivery.targetArn().lastIndexOf(':') + 1),
              error.isEmpty() ? 200 : 400,
              Duration.between(start, Instant.now()),
              error));
    if (!error.isEmpty()) bury(delivery, error);
  }

  private void send(Delivery delivery, Function<Permission, Optional<String>> refusal) {
    var arn = delivery.targetArn();
    var service = arn.split(":")[2];
    var context = Map.of("aws:SourceArn", delivery.sourceArn());
    var needs =
        switch (service) {
          case "lambda" ->
              List.of(new Permission("lambda:InvokeFunction", functions.arn(arn), context));
          case "sqs" -> List.of(new Permission("sqs:SendMessage", arn, context));
          case "sns" -> topics.publishing(arn, context);
          default ->
              throw new IllegalArgumentException("local does not play targets of " + service);
        };
    for (var need : needs)
      refusal
          .apply(need)
          .ifPresent(
              why -> {
                throw new IllegalStateException(
                    delivery.from()
                        + " is not authorized to perform "
                        + need.action()
                        + " on "
                        + need.resource()
                        + " "
                        + why);
              });
    switch (service) {
      case "lambda" -> deliveries.invoke(delivery.from(), arn, delivery.text());
      case "sqs" ->
          queues
              .byArn(arn)
              .orElseThrow(() -> new IllegalStateException("queue " + arn + " does not exist"))
              .send(Message.Sending.inGroup(delivery.text(), delivery.group()));
      default -> topics.publish(arn, "", delivery.text());
    }
  }

  private void bury(Delivery delivery, String error) {
    var queue = delivery.deadLetters().flatMap(queues::byArn);
    if (queue.isEmpty()) {
      System.getLogger(Targets.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "an event of "
                  + delivery.from()
                  + " is lost, there is no dead-letter queue: "
                  + error);
      return;
    }
    var attributes = new LinkedHashMap<String, Map<String, String>>();
    Map.of(
            "ERROR_CODE",
            "NO_PERMISSIONS",
            "ERROR_MESSAGE",
            error,
            "RULE_ARN",
            delivery.sourceArn(),
            "TARGET_ARN",
            delivery.targetArn())
        .forEach(
            (name, text) ->
                attributes.put(name, Map.of("DataType", "String", "StringValue", text)));
    iam.serviceMayNot(
            delivery.sourceArn().contains(":scheduler:")
                ? "scheduler.amazonaws.com"
                : "events.amazonaws.com",
            new Permission(
                "sqs:SendMessage",
                queue.get().arn(),
                Map.of("aws:SourceArn", delivery.sourceArn())))
        .ifPresentOrElse(
            why ->
                System.getLogger(Targets.class.getName())
                    .log(
                        System.Logger.Level.WARNING,
                        "an event of " + delivery.from() + " is lost: " + error + "; and " + why),
            () ->
                queue
                    .get()
                    .send(new Message.Sending(delivery.text(), delivery.group(), "", attributes)));
  }
}
