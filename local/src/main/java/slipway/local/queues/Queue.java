package slipway.local.queues;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.Place;

/**
 * One queue. FIFO: in order in each message group, a group waits while one of its messages is out;
 * equal messages of five minutes are one. A message that was received as often as the redrive
 * policy says goes to the dead-letter queue instead of out again.
 */
public final class Queue {
  private static final AtomicLong SEQUENCE = new AtomicLong(1_000_000);
  private static final Duration DEDUPLICATION = Duration.ofMinutes(5);
  private volatile Traits traits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Message.Stored> messages = new ArrayList<>();
  private final Map<String, Sent> seen = new HashMap<>();
  private boolean closed;

  private record Sent(String messageId, String sequence, long at) {}

  /**
   * What a queue is, with times as local keeps them.
   *
   * @param contentBased whether equal bodies are equal messages
   * @param deadLetters where messages go after {@code maxReceives}; null: nowhere
   */
  record Traits(
      String name,
      boolean fifo,
      boolean contentBased,
      Duration delay,
      Duration visibility,
      Duration longPoll,
      int maxReceives,
      Queue deadLetters) {}

  /** What a sender is told. */
  public record Receipt(String messageId, String sequence) {}

  Queue(Traits traits) {
    this.traits = traits;
  }

  public String name() {
    return traits.name();
  }

  public String arn() {
    return Place.arn("sqs", traits.name());
  }

  public boolean fifo() {
    return traits.fifo();
  }

  Traits traits() {
    return traits;
  }

  /** SetQueueAttributes: what is in it stays. */
  void become(Traits changed) {
    traits = changed;
  }

  /** How long a message stays out, as local keeps it. */
  public Duration visibility() {
    return traits.visibility();
  }

  /** Takes a message; {@code MissingParameter} and {@code InvalidParameterValue} as SQS says. */
  public Receipt send(Message.Sending sending, Duration delay) {
    var deduplication = deduplication(sending);
    lock.lock();
    try {
      var now = System.nanoTime();
      if (traits.fifo()) {
        seen.values().removeIf(sent -> now - sent.at() > DEDUPLICATION.toNanos());
        var before = seen.get(deduplication);
        if (before != null) return new Receipt(before.messageId(), before.sequence());
      }
      var stored =
          new Message.Stored(
              UUID.randomUUID().toString(),
              sending,
              deduplication,
              SEQUENCE.incrementAndGet(),
              Instant.now(),
              now + delay.toNanos());
      if (traits.fifo()) seen.put(deduplication, new Sent(stored.id, stored.sequence, now));
      messages.add(stored);
      changed.signalAll();
      return new Receipt(stored.id, stored.sequence);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a message with the queue's own delay. */
  public Receipt send(Message.Sending sending) {
    return send(sending, traits.delay());
  }

  private String deduplication(Message.Sending sending) {
    if (!traits.fifo()) return "";
    if (sending.group().isEmpty())
      throw new AwsError(
          400, "MissingParameter", "The request must contain the parameter MessageGroupId.");
    if (!sending.deduplication().isEmpty()) return sending.deduplication();
    if (!traits.contentBased())
      throw new AwsError(
          400,
          "InvalidParameterValue",
          "The queue should either have ContentBasedDeduplication enabled or"
              + " MessageDeduplicationId provided explicitly");
    return Digests.sha256(sending.body());
  }

  /**
   * Takes up to {@code max} messages out, waiting for the first.
   *
   * @param visibility how long they stay out, as local keeps it
   */
  public List<Message> receive(int max, Duration wait, Duration visibility)
      throws InterruptedException {
    var end = System.nanoTime() + wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        var taken = take(max, visibility);
        var left = end - System.nanoTime();
        if (!taken.isEmpty() || left <= 0 || closed) return taken;
        changed.awaitNanos(Math.min(left, untilNext()));
      }
    } finally {
      lock.unlock();
    }
  }

  private List<Message> take(int max, Duration visibility) {
    var now = System.nanoTime();
    var taken = new ArrayList<Message>();
    var blocked = new HashSet<String>();
    for (var message : List.copyOf(messages)) {
      if (taken.size() == max) break;
      if (message.inFlight && message.visibleAt - now <= 0) message.inFlight = false;
      if (traits.fifo() && blocked.contains(message.group)) continue;
      if (message.visibleAt - now > 0) {
        if (traits.fifo()) blocked.add(message.group);
        continue;
      }
      if (traits.deadLetters() != null && message.receives >= traits.maxReceives()) {
        messages.remove(message);
        bury(message);
        continue;
      }
      message.receives++;
      if (message.firstReceived == null) message.firstReceived = Instant.now();
      message.receipt = message.id + "#" + message.receives;
      message.inFlight = true;
      message.visibleAt = now + visibility.toNanos();
      taken.add(message.received(traits.fifo()));
    }
    return taken;
  }

  private void bury(Message.Stored message) {
    traits
        .deadLetters()
        .send(
            new Message.Sending(
                message.body,
                message.group,
                // Two messages of one body are two dead letters.
                message.deduplication.isEmpty() ? "" : message.deduplication + message.sequence,
                message.messageAttributes,
                message.trace),
            Duration.ZERO);
  }

  private long untilNext() {
    var now = System.nanoTime();
    return messages.stream()
        .mapToLong(message -> Math.max(message.visibleAt - now, TimeUnit.MILLISECONDS.toNanos(1)))
        .min()
        .orElse(TimeUnit.SECONDS.toNanos(20));
  }

  /** Removes a message that is out; an old receipt is ignored, as SQS does. */
  public void delete(String receiptHandle) {
    lock.lock();
    try {
      messages.removeIf(message -> receiptHandle.equals(message.receipt));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets a message that is out come back after the time. */
  public void visibility(String receiptHandle, Duration visibility) {
    lock.lock();
    try {
      for (var message : messages)
        if (receiptHandle.equals(message.receipt)) {
          message.visibleAt = System.nanoTime() + visibility.toNanos();
        }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The bodies of all messages, in or out, oldest first: for looking into a dead-letter queue. */
  public List<String> bodies() {
    lock.lock();
    try {
      return messages.stream().map(message -> message.body).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the queue holds at least so many messages; false after the time. */
  public boolean awaitSize(int size, Duration wait) throws InterruptedException {
    var end = System.nanoTime() + wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (messages.size() < size) {
        var left = end - System.nanoTime();
        if (left <= 0) return false;
        changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How many messages wait to be received. */
  public int visible() {
    return Integer.parseInt(counts().get("ApproximateNumberOfMessages"));
  }

  Map<String, String> counts() {
    lock.lock();
    try {
      var now = System.nanoTime();
      var out = messages.stream().filter(m -> m.inFlight && m.visibleAt - now > 0).count();
      var delayed = messages.stream().filter(m -> !m.inFlight && m.visibleAt - now > 0).count();
      return Map.of(
          "ApproximateNumberOfMessages", String.valueOf(messages.size() - out - delayed),
          "ApproximateNumberOfMessagesNotVisible", String.valueOf(out),
          "ApproximateNumberOfMessagesDelayed", String.valueOf(delayed));
    } finally {
      lock.unlock();
    }
  }

  void purge() {
    lock.lock();
    try {
      messages.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends every wait. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
