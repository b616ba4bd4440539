package slipway.rollout;

import java.util.Map;
import slipway.config.ServiceName;
import slipway.json.Json;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The FIFO queue of rollouts, one message group a service. */
final class SqsRollouts implements RolloutQueue {
  private final SqsClient sqs;
  private final String queue;

  /**
   * @param queue URL
   */
  SqsRollouts(SqsClient sqs, String queue) {
    this.sqs = sqs;
    this.queue = queue;
  }

  @Override
  public void reconcile(ServiceName service, String why) {
    sqs.sendMessage(
        message ->
            message
                .queueUrl(queue)
                .messageGroupId(service.value())
                .messageBody(Json.write(Map.of("reconcile", service.value(), "why", why))));
  }
}
