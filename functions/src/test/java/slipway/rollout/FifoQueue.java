package slipway.rollout;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The rollouts queue as SQS and Lambda's event source play it: a group's messages in their order
 * and never handed out while another of the group is out; equal bodies within five minutes are one;
 * what is not deleted comes again, and after too many times is dead. The numbers are infra's.
 */
final class FifoQueue {
  private static final Duration DELAY = Duration.ofSeconds(5);
  private static final Duration VISIBILITY = Duration.ofSeconds(180);
  private static final Duration DEDUPLICATION = Duration.ofMinutes(5);
  private static final int ATTEMPTS = 20;
  private static final int BATCH = 10;

  private static final class Message {
    final String id;
    final String group;
    final String body;
    final Instant from;
    int received;
    boolean out;

    Message(String id, String group, String body, Instant from) {
      this.id = id;
      this.group = group;
      this.body = body;
      this.from = from;
    }
  }

  private final Scene scene;
  private final Broken broken;
  private final List<Message> messages = new ArrayList<>();
  private final List<String> dead = new ArrayList<>();
  private final Map<String, Instant> bodies = new HashMap<>();
  private Consumer<SQSEvent> consumer = _ -> {};
  private int sent;

  FifoQueue(Scene scene, Broken broken) {
    this.scene = scene;
    this.broken = broken;
  }

  /** Who is called with each batch; it tells {@link #done} what of it is done. */
  void consumer(Consumer<SQSEvent> invoked) {
    consumer = invoked;
  }

  boolean empty() {
    return messages.isEmpty();
  }

  /** What nobody could handle. */
  List<String> dead() {
    return dead;
  }

  void send(String group, String body) {
    var before = bodies.get(body);
    if (before != null && scene.now().isBefore(before.plus(DEDUPLICATION))) return;
    bodies.put(body, scene.now());
    var message = new Message("message-" + ++sent, group, body, scene.now().plus(DELAY));
    messages.add(message);
    scene.tell("queue", () -> "%s for %s: %s".formatted(message.id, group, body));
    scene.agenda().in(DELAY, this::look);
  }

  /** These need not come again. */
  void done(Set<String> ids) {
    messages.removeIf(message -> ids.contains(message.id));
    look();
  }

  /** Hands out what can be handed out, in as many batches as it takes. */
  private void look() {
    for (var batch = batch(); !batch.isEmpty(); batch = batch()) {
      var event = new SQSEvent();
      event.setRecords(batch.stream().map(FifoQueue::record).toList());
      var handed = List.copyOf(batch);
      scene.agenda().in(VISIBILITY, () -> again(handed));
      consumer.accept(event);
    }
  }

  private List<Message> batch() {
    var batch = new ArrayList<Message>();
    var shut = new HashSet<String>();
    if (!broken.parallel()) for (var message : messages) if (message.out) shut.add(message.group);
    var most = broken.parallel() ? 1 : scene.chance().between(1, BATCH);
    for (Iterator<Message> all = messages.iterator(); all.hasNext() && batch.size() < most; ) {
      var message = all.next();
      if (message.out || shut.contains(message.group)) continue;
      if (message.from.isAfter(scene.now())) shut.add(message.group);
      else if (message.received == ATTEMPTS) {
        all.remove();
        dead.add(message.body);
        scene.tell("queue", () -> message.id + " is dead");
      } else {
        message.received++;
        message.out = true;
        if (message.received > 1) scene.count(Happening.REDELIVERED);
        batch.add(message);
      }
    }
    return batch;
  }

  private void again(List<Message> handed) {
    for (var message : handed) message.out = false;
    look();
  }

  private static SQSMessage record(Message message) {
    var record = new SQSMessage();
    record.setMessageId(message.id);
    record.setBody(message.body);
    record.setAttributes(
        Map.of(
            "MessageGroupId",
            message.group,
            "ApproximateReceiveCount",
            String.valueOf(message.received)));
    return record;
  }
}
