package slipway.local.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import slipway.json.Json;
import slipway.local.cloud.CallLog;
import slipway.local.events.EventBus;
import slipway.local.iam.Iam;
import slipway.local.topics.Topics;

/** Where an alarm's change goes: the event bus, and its actions' topics, if they let it. */
public record AlarmOutlets(EventBus events, Topics topics, Iam iam, CallLog calls) {
  private static final String SERVICE = "cloudwatch.amazonaws.com";

  void tell(Alarms.Told told) {
    events.put(
        "aws.cloudwatch",
        "CloudWatch Alarm State Change",
        List.of(told.alarm().arn()),
        AlarmNews.event(told));
    var alarm = told.alarm();
    if (!alarm.actionsEnabled()) return;
    for (var action : alarm.actions().getOrDefault(told.after().state(), List.of()))
      act(action, told);
  }

  private void act(String arn, Alarms.Told told) {
    var start = Instant.now();
    var error = "";
    try {
      if (!arn.startsWith("arn:aws:sns:"))
        throw new IllegalArgumentException(
            "local does not play alarm actions of " + arn + ", only topics");
      for (var need : topics.publishing(arn, Map.of("aws:SourceArn", told.alarm().arn())))
        iam.serviceMayNot(SERVICE, need)
            .ifPresent(
                why -> {
                  throw new IllegalStateException(
                      "CloudWatch Alarms is not authorized to perform "
                          + need.action()
                          + " on "
                          + need.resource()
                          + " "
                          + why);
                });
      topics.publish(arn, AlarmNews.subject(told), Json.write(AlarmNews.message(told)));
    } catch (RuntimeException e) {
      error = String.valueOf(e.getMessage());
    }
    calls.add(
        new CallLog.Entry(
            start,
            "alarm " + told.alarm().name(),
            "monitoring",
            "publish to " + arn.substring(arn.lastIndexOf(':') + 1),
            error.isEmpty() ? 200 : 400,
            Duration.between(start, Instant.now()),
            error));
  }
}
