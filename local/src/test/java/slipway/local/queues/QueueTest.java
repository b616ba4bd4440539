package slipway.local.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import slipway.local.cloud.AwsError;

class QueueTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration NONE = Duration.ZERO;

  private static Queue fifo(boolean contentBased, int maxReceives, Queue dead) {
    return new Queue(
        new Queue.Traits("q.fifo", true, contentBased, NONE, LONG, NONE, maxReceives, dead));
  }

  private static List<String> receive(Queue queue, Duration visibility) throws Exception {
    return queue.receive(10, NONE, visibility).stream().map(Message::body).toList();
  }

  @Test
  void aGroupWaitsWhileOneOfItsMessagesIsOutAndOthersGoOn() throws Exception {
    var queue = fifo(true, 0, null);
    queue.send(Message.Sending.inGroup("a1", "a"));
    var first = queue.receive(1, NONE, LONG).getFirst();
    queue.send(Message.Sending.inGroup("a2", "a"));
    queue.send(Message.Sending.inGroup("b1", "b"));
    assertThat(receive(queue, LONG)).containsExactly("b1");
    queue.delete(first.receiptHandle());
    assertThat(receive(queue, LONG)).containsExactly("a2");
  }

  @Test
  void aMessageThatComesBackComesBeforeThoseBehindIt() throws Exception {
    var queue = fifo(true, 0, null);
    queue.send(Message.Sending.inGroup("1", "a"));
    queue.send(Message.Sending.inGroup("2", "a"));
    assertThat(receive(queue, NONE)).containsExactly("1", "2");
    assertThat(receive(queue, LONG)).containsExactly("1", "2");
  }

  @Test
  void equalMessagesAreOne() throws Exception {
    var queue = fifo(true, 0, null);
    var first = queue.send(Message.Sending.inGroup("same", "a"));
    assertThat(queue.send(Message.Sending.inGroup("same", "a"))).isEqualTo(first);
    assertThat(receive(queue, LONG)).containsExactly("same");
  }

  @Test
  void withoutContentBasedDeduplicationAnIdIsNeeded() {
    assertThatThrownBy(() -> fifo(false, 0, null).send(Message.Sending.inGroup("x", "a")))
        .isInstanceOf(AwsError.class)
        .hasMessageContaining("ContentBasedDeduplication");
    assertThatThrownBy(() -> fifo(true, 0, null).send(Message.Sending.of("x")))
        .hasMessageContaining("MessageGroupId");
  }

  @Test
  void afterTheLastReceiptAMessageIsBuriedWithItsGroup() throws Exception {
    var dead = fifo(false, 0, null);
    var queue = fifo(true, 2, dead);
    queue.send(
        new Message.Sending(
            "bad", "a", "", Map.of("k", Map.of("DataType", "String", "StringValue", "v"))));
    assertThat(receive(queue, NONE)).containsExactly("bad");
    assertThat(receive(queue, NONE)).containsExactly("bad");
    assertThat(receive(queue, NONE)).isEmpty();
    var buried = dead.receive(1, NONE, LONG).getFirst();
    assertThat(buried.body()).isEqualTo("bad");
    assertThat(buried.attributes()).containsEntry("MessageGroupId", "a");
    assertThat(buried.messageAttributes()).containsKey("k");
  }

  @Test
  void aDelayHoldsAMessageBack() throws Exception {
    var queue = fifo(true, 0, null);
    queue.send(Message.Sending.inGroup("later", "a"), LONG);
    assertThat(receive(queue, LONG)).isEmpty();
    assertThat(queue.counts()).containsEntry("ApproximateNumberOfMessagesDelayed", "1");
  }
}
