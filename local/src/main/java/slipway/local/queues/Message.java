package slipway.local.queues;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message as a receiver gets it.
 *
 * @param receiptHandle of this receipt
 * @param attributes SQS's own, such as {@code ApproximateReceiveCount}; all values are text
 * @param messageAttributes the sender's, each with {@code DataType} and {@code StringValue}
 */
public record Message(
    String id,
    String receiptHandle,
    String body,
    Map<String, String> attributes,
    Map<String, Map<String, String>> messageAttributes) {

  /** A message in a queue. Guarded by the queue's lock. */
  static final class Stored {
    final String id;
    final String body;
    final String group;
    final String deduplication;
    final String sequence;
    final Map<String, Map<String, String>> messageAttributes;
    final String trace;
    final Instant sent;
    Instant firstReceived;
    long visibleAt;
    int receives;
    String receipt;
    boolean inFlight;

    Stored(
        String id,
        Sending sending,
        String deduplication,
        long sequence,
        Instant sent,
        long visibleAt) {
      this.id = id;
      this.body = sending.body();
      this.group = sending.group();
      this.deduplication = deduplication;
      this.sequence = "%020d".formatted(sequence);
      this.messageAttributes = sending.messageAttributes();
      this.trace = sending.trace();
      this.sent = sent;
      this.visibleAt = visibleAt;
    }

    Message received(boolean fifo) {
      var attributes = new LinkedHashMap<String, String>();
      attributes.put("ApproximateReceiveCount", String.valueOf(receives));
      attributes.put("SentTimestamp", String.valueOf(sent.toEpochMilli()));
      attributes.put("SenderId", "AIDALOCALLOCALLOCALL0");
      attributes.put(
          "ApproximateFirstReceiveTimestamp", String.valueOf(firstReceived.toEpochMilli()));
      if (!trace.isEmpty()) attributes.put("AWSTraceHeader", trace);
      if (fifo) {
        attributes.put("SequenceNumber", sequence);
        attributes.put("MessageGroupId", group);
        attributes.put("MessageDeduplicationId", deduplication);
      }
      return new Message(id, receipt, body, attributes, messageAttributes);
    }
  }

  /**
   * What a sender gives.
   *
   * @param group message group; empty on a standard queue
   * @param deduplication empty: of the content, if the queue does that
   * @param trace that the sender is part of; empty if none
   */
  public record Sending(
      String body,
      String group,
      String deduplication,
      Map<String, Map<String, String>> messageAttributes,
      String trace) {

    public Sending(
        String body,
        String group,
        String deduplication,
        Map<String, Map<String, String>> messageAttributes) {
      this(body, group, deduplication, messageAttributes, "");
    }

    public static Sending of(String body) {
      return new Sending(body, "", "", Map.of());
    }

    public static Sending inGroup(String body, String group) {
      return new Sending(body, group, "", Map.of());
    }
  }
}
