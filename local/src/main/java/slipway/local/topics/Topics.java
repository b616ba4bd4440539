package slipway.local.topics;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.FrontDoor;
import slipway.local.cloud.Place;
import slipway.local.cloud.Wire;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/** SNS. What is published is kept and told to listeners; subscribers are only noted. */
public final class Topics implements AwsService, Provisioner {
  private final String stack;
  private final Set<String> topics = ConcurrentHashMap.newKeySet();
  private final List<Notice> notices = new CopyOnWriteArrayList<>();
  private final List<Consumer<Notice>> listeners = new CopyOnWriteArrayList<>();

  /** A published message. */
  public record Notice(Instant at, String topicArn, String subject, String message) {}

  public Topics(String stack) {
    this.stack = stack;
  }

  @Override
  public String name() {
    return "sns";
  }

  /** Every message so far, oldest first. */
  public List<Notice> notices() {
    return List.copyOf(notices);
  }

  public void listen(Consumer<Notice> listener) {
    listeners.add(listener);
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    return List.of(
        new Permission(
            "sns:" + call.operation(),
            Wire.form(call.headers(), call.body()).getOrDefault("TopicArn", "*")));
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    if (!call.operation().equals("Publish")) throw FrontDoor.notPlayed(call);
    var form = Wire.form(call.headers(), call.body());
    var id =
        publish(
            form.getOrDefault("TopicArn", ""),
            form.getOrDefault("Subject", ""),
            form.getOrDefault("Message", ""));
    return AwsAnswer.xml(
        "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>%s</MessageId></PublishResult><ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></PublishResponse>"
            .formatted(id, UUID.randomUUID()));
  }

  /** Publishes; {@code NotFound} if there is no such topic. Returns the message's id. */
  public String publish(String topicArn, String subject, String message) {
    if (!topics.contains(topicArn))
      throw new AwsError(404, "NotFound", "Topic does not exist: " + topicArn);
    if (message.isEmpty())
      throw new AwsError(400, "InvalidParameter", "Invalid parameter: Empty message");
    // Source: SNS Publish: ASCII, at most 100 characters, no control characters.
    if (subject.length() > 100 || !subject.matches("[\\x20-\\x7e]*"))
      throw new AwsError(400, "InvalidParameter", "Invalid parameter: Subject");
    var notice = new Notice(Instant.now(), topicArn, subject, message);
    notices.add(notice);
    listeners.forEach(listener -> listener.accept(notice));
    return UUID.randomUUID().toString();
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::SNS::Topic", "AWS::SNS::Subscription");
  }

  @Override
  public Made make(Resource resource) {
    var properties = resource.properties();
    if (resource.type().equals("AWS::SNS::Subscription")) {
      var arn = properties.at("TopicArn").text() + ":" + UUID.randomUUID();
      return new Made(arn, Map.of("Arn", arn));
    }
    var name = properties.at("TopicName").optionalText().orElse(resource.generatedName(stack));
    var arn = Place.arn("sns", name);
    topics.add(arn);
    return new Made(arn, Map.of("TopicArn", arn, "TopicName", name));
  }

  /** Names, policies and delivery options: nothing that shows here. */
  @Override
  public Made update(Change change) {
    return change.made();
  }

  @Override
  public void delete(Resource resource, Made made) {
    topics.remove(made.ref());
  }

  @Override
  public List<String> existing() {
    return List.copyOf(topics);
  }
}
