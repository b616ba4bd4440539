package slipway.local.queues;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import slipway.json.Json;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.FrontDoor;
import slipway.local.cloud.Place;
import slipway.local.stack.Properties;

/** SQS's API, JSON protocol. */
public final class SqsService implements AwsService {
  private final Queues queues;

  public SqsService(Queues queues) {
    this.queues = queues;
  }

  @Override
  public String name() {
    return "sqs";
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    var action =
        switch (call.operation()) {
          // Source: SQS's service authorization reference; a batch needs what one needs.
          case "SendMessageBatch" -> "SendMessage";
          case "DeleteMessageBatch" -> "DeleteMessage";
          case "ChangeMessageVisibilityBatch" -> "ChangeMessageVisibility";
          default -> call.operation();
        };
    var json = call.json();
    var name = json.at("QueueName").optionalText();
    if (name.isEmpty())
      name = json.at("QueueUrl").optionalText().map(url -> url.substring(url.lastIndexOf('/') + 1));
    return List.of(new Permission("sqs:" + action, name.map(n -> Place.arn("sqs", n)).orElse("*")));
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    var json = call.json();
    return switch (call.operation()) {
      case "GetQueueUrl" ->
          AwsAnswer.json(Map.of("QueueUrl", queues.url(queues.byUrl(json.at("QueueName")))));
      case "ListQueues" ->
          AwsAnswer.json(
              Map.of("QueueUrls", queues.all().stream().map(queues::url).sorted().toList()));
      case "GetQueueAttributes" -> attributes(queues.byUrl(json.at("QueueUrl")));
      case "SendMessage" ->
          AwsAnswer.json(send(queues.byUrl(json.at("QueueUrl")), json, trace(call)));
      case "SendMessageBatch" -> sendBatch(queues.byUrl(json.at("QueueUrl")), json, trace(call));
      case "ReceiveMessage" -> receive(queues.byUrl(json.at("QueueUrl")), json);
      case "DeleteMessage" -> {
        queues.byUrl(json.at("QueueUrl")).delete(json.at("ReceiptHandle").text());
        yield AwsAnswer.json(Map.of());
      }
      case "DeleteMessageBatch" ->
          batch(
              json,
              entry -> queues.byUrl(json.at("QueueUrl")).delete(entry.at("ReceiptHandle").text()));
      case "ChangeMessageVisibility" -> {
        changeVisibility(queues.byUrl(json.at("QueueUrl")), json);
        yield AwsAnswer.json(Map.of());
      }
      case "ChangeMessageVisibilityBatch" ->
          batch(json, entry -> changeVisibility(queues.byUrl(json.at("QueueUrl")), entry));
      case "PurgeQueue" -> {
        queues.byUrl(json.at("QueueUrl")).purge();
        yield AwsAnswer.json(Map.of());
      }
      default -> throw FrontDoor.notPlayed(call);
    };
  }

  private void changeVisibility(Queue queue, Json json) {
    queue.visibility(
        json.at("ReceiptHandle").text(), queues.paced(json.at("VisibilityTimeout"), Duration.ZERO));
  }

  /** Of the request, for all its messages. Source: X-Ray developer guide, "Amazon SQS". */
  private static String trace(AwsCall call) {
    return call.headers().getOrDefault("x-amzn-trace-id", "");
  }

  /**
   * @param trace of the request; a message may have its own
   */
  private Map<String, Object> send(Queue queue, Json json, String trace) {
    var attributes = new LinkedHashMap<String, Map<String, String>>();
    json.at("MessageAttributes")
        .members()
        .forEach(
            (name, value) ->
                attributes.put(
                    name,
                    Map.of(
                        "DataType", value.at("DataType").text(),
                        "StringValue", value.at("StringValue").optionalText().orElse(""))));
    if (queue.fifo() && Properties.integer(json.at("DelaySeconds"), 0) > 0)
      throw new AwsError(
          400,
          "InvalidParameterValue",
          "Value for parameter DelaySeconds is invalid. Reason: The request include parameter that"
              + " is not valid for this queue type.");
    var body = json.at("MessageBody").text();
    var receipt =
        queue.send(
            new Message.Sending(
                body,
                json.at("MessageGroupId").optionalText().orElse(""),
                json.at("MessageDeduplicationId").optionalText().orElse(""),
                attributes,
                json.at("MessageSystemAttributes")
                    .at("AWSTraceHeader")
                    .at("StringValue")
                    .optionalText()
                    .orElse(trace)),
            queues.paced(json.at("DelaySeconds"), queue.traits().delay()));
    var answer = new LinkedHashMap<String, Object>();
    answer.put("MessageId", receipt.messageId());
    answer.put("MD5OfMessageBody", Digests.md5(body));
    if (!attributes.isEmpty()) answer.put("MD5OfMessageAttributes", Digests.md5(attributes));
    if (queue.fifo()) answer.put("SequenceNumber", receipt.sequence());
    return answer;
  }

  private AwsAnswer sendBatch(Queue queue, Json json, String trace) {
    var done = new ArrayList<Object>();
    for (var entry : json.at("Entries").items()) {
      var answer = send(queue, entry, trace);
      answer.put("Id", entry.at("Id").text());
      done.add(answer);
    }
    return AwsAnswer.json(Map.of("Successful", done, "Failed", List.of()));
  }

  private static AwsAnswer batch(Json json, Consumer<Json> each) {
    var done = new ArrayList<Object>();
    for (var entry : json.at("Entries").items()) {
      each.accept(entry);
      done.add(Map.of("Id", entry.at("Id").text()));
    }
    return AwsAnswer.json(Map.of("Successful", done, "Failed", List.of()));
  }

  private AwsAnswer receive(Queue queue, Json json) {
    var wait =
        Properties.seconds(json.at("WaitTimeSeconds"), queue.traits().longPoll().toSeconds());
    try {
      var messages =
          queue.receive(
              Properties.integer(json.at("MaxNumberOfMessages"), 1),
              wait,
              queues.paced(json.at("VisibilityTimeout"), queue.traits().visibility()));
      var answer = new ArrayList<Object>();
      for (var message : messages) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("MessageId", message.id());
        tree.put("ReceiptHandle", message.receiptHandle());
        tree.put("Body", message.body());
        tree.put("MD5OfBody", Digests.md5(message.body()));
        tree.put("Attributes", message.attributes());
        if (!message.messageAttributes().isEmpty()) {
          tree.put("MessageAttributes", message.messageAttributes());
          tree.put("MD5OfMessageAttributes", Digests.md5(message.messageAttributes()));
        }
        answer.add(tree);
      }
      return AwsAnswer.json(answer.isEmpty() ? Map.of() : Map.of("Messages", answer));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new AwsError(503, "ServiceUnavailable", "local is shutting down");
    }
  }

  private AwsAnswer attributes(Queue queue) {
    var attributes = new LinkedHashMap<>(queue.counts());
    attributes.put("QueueArn", queue.arn());
    attributes.put("VisibilityTimeout", String.valueOf(queue.traits().visibility().toSeconds()));
    if (queue.fifo()) attributes.put("FifoQueue", "true");
    return AwsAnswer.json(Map.of("Attributes", attributes));
  }
}
