package slipway.local.topics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import slipway.json.Json;
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

  /** ARNs, with the key that each is encrypted with. */
  private final Map<String, Optional<String>> topics = new ConcurrentHashMap<>();

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
    var arn = Wire.form(call.headers(), call.body()).getOrDefault("TopicArn", "*");
    return call.operation().equals("Publish")
        ? publishing(arn, Map.of())
        : List.of(new Permission("sns:" + call.operation(), arn));
  }

  /**
   * What it takes to publish: with an encrypted topic, the use of its key, too.
   *
   * @param context condition keys
   * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html">Permissions
   *     for publishers</a>
   */
  public List<Permission> publishing(String arn, Map<String, String> context) {
    var needs = new ArrayList<Permission>();
    needs.add(new Permission("sns:Publish", arn, context));
    topics
        .getOrDefault(arn, Optional.empty())
        .ifPresent(
            key -> {
              needs.add(new Permission("kms:GenerateDataKey", key, context));
              needs.add(new Permission("kms:Decrypt", key, context));
            });
    return needs;
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
    if (!topics.containsKey(topicArn))
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
    topics.put(arn, key(properties));
    return new Made(arn, Map.of("TopicArn", arn, "TopicName", name));
  }

  private static Optional<String> key(Json properties) {
    var key = properties.at("KmsMasterKeyId");
    if (key.optionalText().filter(id -> !id.startsWith("arn:")).isPresent())
      throw key.unexpected("the ARN of a key of the stack: local plays no others");
    return key.optionalText();
  }

  /** Names, policies and delivery options show nowhere; the key does. */
  @Override
  public Made update(Change change) {
    topics.replace(change.made().ref(), key(change.properties()));
    return change.made();
  }

  @Override
  public void delete(Resource resource, Made made) {
    topics.remove(made.ref());
  }

  @Override
  public List<String> existing() {
    return List.copyOf(topics.keySet());
  }
}
