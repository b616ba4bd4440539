package slipway.infra;

import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/** The queues between the functions, and where a message ends that nobody could handle. */
final class Queues extends Construct {
  /**
   * How often a rollout's message is handed out before it is dead: with its visibility timeout an
   * hour, as trouble of AWS's own is mostly over by then. All that wait behind it mean the same.
   */
  static final int ROLLOUT_ATTEMPTS = 20;

  /**
   * How often a request to sync SLOs is; with its visibility timeout, how long discovery may take.
   */
  static final int SLO_ATTEMPTS = 30;

  /**
   * How often an audit is tried: with its visibility timeout two hours, or as many minutes as the
   * tags of 20,000 SLOs take the first time.
   */
  static final int AUDIT_ATTEMPTS = 20;

  final Queue rollouts;
  final Queue deadRollouts;
  final Queue slos;
  final Queue deadSlos;

  /** One at a time; what one invocation is too short for goes on at the next delivery. */
  final Queue audits;

  final Queue deadAudits;

  /** For events and asynchronous calls, which come without a queue of their own. */
  final Queue deadEvents;

  /**
   * @param stack first part of the queues' names
   */
  record Inputs(String stack) {}

  Queues(Construct scope, Inputs inputs) {
    super(scope, "Queues");
    deadRollouts =
        dead("DeadRollouts").queueName(inputs.stack() + "-rollouts-dead.fifo").fifo(true).build();
    rollouts =
        queue("Rollouts")
            .queueName(inputs.stack() + "-rollouts.fifo")
            .fifo(true)
            .contentBasedDeduplication(true)
            // Images pushed together make one revision.
            .deliveryDelay(Duration.seconds(5))
            .visibilityTimeout(Duration.seconds(180))
            .deadLetterQueue(to(deadRollouts, ROLLOUT_ATTEMPTS))
            .build();
    deadSlos = dead("DeadSlos").queueName(inputs.stack() + "-slos-dead").build();
    slos =
        queue("Slos")
            .queueName(inputs.stack() + "-slos")
            .visibilityTimeout(Duration.seconds(60))
            .deadLetterQueue(to(deadSlos, SLO_ATTEMPTS))
            .build();
    deadAudits =
        dead("DeadAudits").queueName(inputs.stack() + "-audits-dead.fifo").fifo(true).build();
    audits =
        queue("Audits")
            .queueName(inputs.stack() + "-audits.fifo")
            .fifo(true)
            .contentBasedDeduplication(true)
            // Just longer than the function may run: what is unfinished waits for it to end.
            .visibilityTimeout(Duration.minutes(6))
            .deadLetterQueue(to(deadAudits, AUDIT_ATTEMPTS))
            .build();
    deadEvents = dead("DeadEvents").queueName(inputs.stack() + "-events-dead").build();
    Nag.keep(
        deadEvents,
        "AwsSolutions-SQS3",
        "It is one, of rules, schedules and functions instead of queues.");
  }

  List<Queue> dead() {
    return List.of(deadRollouts, deadSlos, deadAudits, deadEvents);
  }

  private Queue.Builder queue(String id) {
    return Queue.Builder.create(this, id).encryption(QueueEncryption.SQS_MANAGED).enforceSsl(true);
  }

  private Queue.Builder dead(String id) {
    return queue(id).retentionPeriod(Duration.days(14));
  }

  private static DeadLetterQueue to(Queue queue, int attempts) {
    return DeadLetterQueue.builder().queue(queue).maxReceiveCount(attempts).build();
  }
}
