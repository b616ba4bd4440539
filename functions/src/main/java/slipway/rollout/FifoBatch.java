package slipway.rollout;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.notice.About;
import slipway.notice.Log;

/**
 * A batch of a FIFO queue whose messages all mean: look at this service. So those of one group are
 * done or undone together, which keeps their order, and groups go side by side.
 */
final class FifoBatch {
  private static final String DEPLOYMENT = "ECS Deployment State Change";

  private FifoBatch() {}

  /** What is done for each service. */
  @FunctionalInterface
  interface Work {
    /** Does it; throws if the messages must come again. */
    void on(ServiceName service, Hints hints);
  }

  /** Does the work once per message group; answers with the messages of groups that failed. */
  static SQSBatchResponse each(SQSEvent event, Work work) {
    var groups = new LinkedHashMap<String, List<SQSMessage>>();
    for (var message : event.getRecords())
      groups.computeIfAbsent(group(message), _ -> new ArrayList<>()).add(message);
    var failures = new ArrayList<BatchItemFailure>();
    try (var side = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new LinkedHashMap<String, Future<?>>();
      groups.forEach(
          (group, messages) ->
              running.put(
                  group,
                  side.submit(
                      Log.carried(() -> work.on(new ServiceName(group), hints(messages))))));
      running.forEach(
          (group, future) -> {
            if (failed(group, future))
              groups
                  .get(group)
                  .forEach(message -> failures.add(new BatchItemFailure(message.getMessageId())));
          });
    }
    return new SQSBatchResponse(failures);
  }

  private static Hints hints(List<SQSMessage> messages) {
    return new Hints(
        messages.stream().anyMatch(FifoBatch::again),
        messages.stream().flatMap(message -> deployment(message).stream()).toList());
  }

  /**
   * What a message says of a deployment. One that cannot be read is a hint to look all the same.
   */
  private static Optional<DeploymentEvent> deployment(SQSMessage message) {
    try {
      var event = Json.parse(message.getBody());
      return DEPLOYMENT.equals(event.at("detail-type").optionalText().orElse(""))
          ? Optional.of(
              DeploymentEvent.of(
                  event.at("resources").items().stream().map(Json::text).toList(),
                  event.at("detail")))
          : Optional.empty();
    } catch (Malformed e) {
      Log.trouble(
          About.service(group(message)),
          "message not understood: looks all the same",
          Map.of("message", message.getMessageId()),
          e);
      return Optional.empty();
    }
  }

  private static boolean failed(String group, Future<?> future) {
    try {
      future.get();
      return false;
    } catch (ExecutionException e) {
      Log.trouble(About.service(group), "comes again", Map.of(), e.getCause());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Log.trouble(About.service(group), "comes again", Map.of(), e);
      return true;
    }
  }

  /** A message without a group has an empty one: it is no service's name, so it fails. */
  private static String group(SQSMessage message) {
    return attribute(message, "MessageGroupId");
  }

  private static boolean again(SQSMessage message) {
    return !attribute(message, "ApproximateReceiveCount").equals("1");
  }

  private static String attribute(SQSMessage message, String name) {
    var attributes = message.getAttributes();
    return attributes == null ? "" : attributes.getOrDefault(name, "");
  }
}
