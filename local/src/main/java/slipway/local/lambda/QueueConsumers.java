package slipway.local.lambda;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import slipway.json.Json;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.CallLog;
import slipway.local.cloud.Place;
import slipway.local.queues.Message;
import slipway.local.queues.Queue;
import slipway.local.queues.Queues;
import slipway.local.stack.Change;
import slipway.local.stack.Properties;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;
import slipway.local.stack.Surroundings;

/**
 * Event source mappings from SQS: batches are received, given to the function, and deleted, but for
 * those that the function reports as failed.
 */
public final class QueueConsumers implements AutoCloseable {
  /** How many batches AWS starts with when no maximum is set. */
  private static final int CONCURRENCY = 5;

  /**
   * On AWS a message must stay out longer than the function may run; here it stays out while it
   * runs.
   */
  private static final Duration OUT = Duration.ofDays(1);

  private final Functions functions;
  private final Queues queues;
  private final Surroundings surroundings;
  private final Map<String, Workers> mappings = new ConcurrentHashMap<>();

  /**
   * @param function ARN with its alias, which may point at another version by the next batch
   */
  private record Mapping(Queue queue, String function, int batch, boolean reportsFailures) {}

  public QueueConsumers(Functions functions, Queues queues, Surroundings surroundings) {
    this.functions = functions;
    this.queues = queues;
    this.surroundings = surroundings;
  }

  Provisioner.Made make(Resource resource) {
    var id = UUID.randomUUID().toString();
    mappings.put(id, workers(resource.properties()));
    return new Provisioner.Made(id, Map.of("Id", id, "EventSourceMappingArn", arn(id)));
  }

  /** What the old ones have taken they bring to its end. */
  Provisioner.Made update(Change change) {
    var id = change.made().ref();
    var before = mappings.put(id, workers(change.properties()));
    if (before != null) before.close();
    return change.made();
  }

  void delete(Provisioner.Made made) {
    var before = mappings.remove(made.ref());
    if (before != null) before.close();
  }

  List<String> arns() {
    return mappings.keySet().stream().map(QueueConsumers::arn).toList();
  }

  private static String arn(String id) {
    return Place.arn("lambda", "event-source-mapping:" + id);
  }

  private Workers workers(Json properties) {
    if (!properties.at("FilterCriteria").missing())
      throw properties.at("FilterCriteria").unexpected("none: local does not play filters");
    var arn = properties.at("EventSourceArn").text();
    var queue =
        queues
            .byArn(arn)
            .orElseThrow(() -> properties.at("EventSourceArn").unexpected("a queue of this stack"));
    var target = functions.target(properties.at("FunctionName").text(), Optional.empty());
    for (var action : List.of("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"))
      surroundings
          .iam()
          .roleMayNot(target.spec().roleArn(), new Permission("sqs:" + action, arn))
          .ifPresent(
              why -> {
                throw new IllegalArgumentException(
                    "The function execution role does not have permissions to call %s on SQS %s"
                        .formatted(action, why));
              });
    var batch = Properties.integer(properties.at("BatchSize"), 10);
    if (queue.fifo() && batch > 10)
      throw properties.at("BatchSize").unexpected("at most 10 for a FIFO queue");
    var visibility = queues.visibilityAtAws(queue);
    if (visibility.compareTo(target.spec().timeout()) < 0)
      throw new IllegalArgumentException(
          "Queue visibility timeout: %d seconds is less than Function timeout: %d seconds"
              .formatted(visibility.toSeconds(), target.spec().timeout().toSeconds()));
    var mapping =
        new Mapping(
            queue,
            target.arn(),
            Math.min(batch, 10),
            properties.at("FunctionResponseTypes").items().stream()
                .anyMatch(type -> type.text().equals("ReportBatchItemFailures")));
    var workers =
        Math.min(
            CONCURRENCY,
            Properties.integer(
                properties.at("ScalingConfig").at("MaximumConcurrency"), CONCURRENCY));
    return Workers.start(
        "consumer of " + queue.name(),
        Properties.flag(properties.at("Enabled"), true) ? workers : 0,
        () -> queue.receive(mapping.batch(), Duration.ofSeconds(20), OUT),
        messages -> process(mapping, messages));
  }

  private void process(Mapping mapping, List<Message> messages) throws InterruptedException {
    var start = Instant.now();
    // Until the function has answered, nothing counts as done.
    var failed = ids(messages);
    var note = "";
    try {
      var outcome = functions.invokeWhenFree(mapping.function(), event(mapping.queue(), messages));
      switch (outcome) {
        case Outcome.Returned returned -> {
          failed = mapping.reportsFailures() ? failures(returned, messages) : new HashSet<>();
          if (!failed.isEmpty()) note = failed.size() + " of " + messages.size() + " come again";
        }
        case Outcome.Failed failure -> note = failure.reason();
        case Outcome.Throttled _ -> note = "throttled";
      }
    } finally {
      for (var message : messages)
        if (failed.contains(message.id()))
          mapping.queue().visibility(message.receiptHandle(), rest(mapping, start));
        else mapping.queue().delete(message.receiptHandle());
    }
    surroundings
        .calls()
        .add(
            new CallLog.Entry(
                start,
                "queue " + mapping.queue().name(),
                "lambda",
                "Invoke " + functions.target(mapping.function(), Optional.empty()).spec().title(),
                failed.isEmpty() ? 200 : 500,
                Duration.between(start, Instant.now()),
                note));
  }

  private static Duration rest(Mapping mapping, Instant start) {
    var rest = mapping.queue().visibility().minus(Duration.between(start, Instant.now()));
    return rest.isNegative() ? Duration.ZERO : rest;
  }

  private static Set<String> ids(List<Message> messages) {
    Set<String> ids = new HashSet<>();
    messages.forEach(message -> ids.add(message.id()));
    return ids;
  }

  /** Source: "Reporting batch item failures": what is unclear fails the whole batch. */
  private static Set<String> failures(Outcome.Returned returned, List<Message> messages) {
    Set<String> ids = new HashSet<>();
    var all = ids(messages);
    var json = Json.parse(returned.text());
    if (!(json.value() instanceof Map)) return json.missing() ? ids : all;
    for (var failure : json.at("batchItemFailures").items()) {
      var id = failure.at("itemIdentifier").value();
      if (!(id instanceof String text) || !all.contains(text)) return all;
      ids.add(text);
    }
    return ids;
  }

  private static byte[] event(Queue queue, List<Message> messages) {
    var records = new ArrayList<Object>();
    for (var message : messages) {
      var attributes = new LinkedHashMap<String, Object>();
      message
          .messageAttributes()
          .forEach(
              (name, attribute) ->
                  attributes.put(
                      name,
                      Map.of(
                          "dataType", attribute.get("DataType"),
                          "stringValue", attribute.getOrDefault("StringValue", ""),
                          "stringListValues", List.of(),
                          "binaryListValues", List.of())));
      var entry = new LinkedHashMap<String, Object>();
      entry.put("messageId", message.id());
      entry.put("receiptHandle", message.receiptHandle());
      entry.put("body", message.body());
      entry.put("attributes", message.attributes());
      entry.put("messageAttributes", attributes);
      entry.put("md5OfBody", Queues.md5(message.body()));
      entry.put("eventSource", "aws:sqs");
      entry.put("eventSourceARN", queue.arn());
      entry.put("awsRegion", Place.REGION);
      records.add(entry);
    }
    return Json.write(Map.of("Records", records)).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    mappings.values().forEach(Workers::stop);
  }
}
