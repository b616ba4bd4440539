package slipway.local.queues;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import slipway.json.Json;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.Pace;
import slipway.local.cloud.Place;
import slipway.local.stack.Change;
import slipway.local.stack.Properties;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/** The queues of the stack. */
public final class Queues implements Provisioner, AutoCloseable {
  private final Map<String, Queue> queues = new ConcurrentHashMap<>();
  private final String stack;
  private final Pace pace;
  private final URI endpoint;

  public Queues(String stack, Pace pace, URI endpoint) {
    this.stack = stack;
    this.pace = pace;
    this.endpoint = endpoint;
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::SQS::Queue");
  }

  @Override
  public Made make(Resource resource) {
    var queue = new Queue(traits(resource));
    if (queues.putIfAbsent(queue.name(), queue) != null)
      throw new IllegalArgumentException("queue '%s' exists already".formatted(queue.name()));
    return made(queue);
  }

  @Override
  public Made update(Change change) {
    var traits = traits(change.after());
    var queue = queues.get(traits.name());
    queue.become(traits);
    return made(queue);
  }

  /** With all that is in it, as on AWS. */
  @Override
  public void delete(Resource resource, Made made) {
    var queue = queues.remove(made.attributes().get("QueueName"));
    if (queue != null) queue.close();
  }

  @Override
  public List<String> existing() {
    return queues.values().stream().map(Queue::arn).toList();
  }

  private Queue.Traits traits(Resource resource) {
    var properties = resource.properties();
    var fifo = Properties.flag(properties.at("FifoQueue"), false);
    var name =
        properties
            .at("QueueName")
            .optionalText()
            .orElse(resource.generatedName(stack) + (fifo ? ".fifo" : ""));
    if (fifo != name.endsWith(".fifo"))
      throw new IllegalArgumentException(
          "queue '%s': the name of a FIFO queue, and of no other, ends in .fifo".formatted(name));
    var redrive = properties.at("RedrivePolicy");
    var traits =
        new Queue.Traits(
            name,
            fifo,
            Properties.flag(properties.at("ContentBasedDeduplication"), false),
            pace.of(Properties.seconds(properties.at("DelaySeconds"), 0)),
            pace.of(Properties.seconds(properties.at("VisibilityTimeout"), 30)),
            Properties.seconds(properties.at("ReceiveMessageWaitTimeSeconds"), 0),
            Properties.integer(redrive.at("maxReceiveCount"), 0),
            redrive.at("deadLetterTargetArn").optionalText().map(this::deadLetters).orElse(null));
    if (traits.deadLetters() != null && traits.deadLetters().fifo() != fifo)
      throw new IllegalArgumentException(
          "queue '%s': the dead-letter queue of a FIFO queue is FIFO, of a standard one standard"
              .formatted(name));
    return traits;
  }

  private Made made(Queue queue) {
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("Arn", queue.arn());
    attributes.put("QueueName", queue.name());
    attributes.put("QueueUrl", url(queue));
    return new Made(url(queue), attributes);
  }

  private Queue deadLetters(String arn) {
    return byArn(arn)
        .orElseThrow(
            () -> new IllegalArgumentException("dead-letter queue " + arn + " does not exist"));
  }

  public String url(Queue queue) {
    return endpoint + "/" + Place.ACCOUNT + "/" + queue.name();
  }

  public Optional<Queue> byArn(String arn) {
    return Optional.ofNullable(queues.get(arn.substring(arn.lastIndexOf(':') + 1)));
  }

  public Optional<Queue> byName(String name) {
    return Optional.ofNullable(queues.get(name));
  }

  public List<Queue> all() {
    return List.copyOf(queues.values());
  }

  /** By URL, in any form that ends in the name. */
  Queue byUrl(Json url) {
    var text = url.text();
    return byName(text.substring(text.lastIndexOf('/') + 1))
        .orElseThrow(
            () ->
                new AwsError(
                    400,
                    "AWS.SimpleQueueService.NonExistentQueue",
                    "The specified queue does not exist: " + text));
  }

  /** The queue's visibility timeout as its template says. */
  public Duration visibilityAtAws(Queue queue) {
    return Duration.ofNanos((long) (queue.traits().visibility().toNanos() * pace.factor()))
        .plusMillis(1);
  }

  /** As SQS and Lambda tell it with each message. */
  public static String md5(String body) {
    return Digests.md5(body);
  }

  Duration paced(Json seconds, Duration otherwise) {
    return seconds.missing()
        ? otherwise
        : pace.of(Duration.ofSeconds(Properties.integer(seconds, 0)));
  }

  @Override
  public void close() {
    queues.values().forEach(Queue::close);
  }
}
