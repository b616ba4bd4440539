package slipway.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** The topic that people subscribe to, and the alarms that speak through it. */
final class Alerts extends Construct {
  final Topic topic;

  /** Encrypts what the topic holds. Our own, as CloudWatch may not use the one of AWS for SNS. */
  final Key key;

  Alerts(Construct scope) {
    super(scope, "Alerts");
    key =
        Key.Builder.create(this, "Key")
            .description("Of notifications and alarms of " + Stack.of(this).getStackName())
            .enableKeyRotation(true)
            .pendingWindow(Duration.days(7))
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    // Without conditions, as AWS documents it: what a service passes on to KMS is not said.
    key.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid("AlarmsPublish")
            .principals(List.of(new ServicePrincipal("cloudwatch.amazonaws.com")))
            .actions(List.of("kms:Decrypt", "kms:GenerateDataKey"))
            .resources(List.of("*")) // this key
            .build());
    topic =
        Topic.Builder.create(this, "Topic")
            .displayName("Slipway")
            .enforceSsl(true)
            .masterKey(key)
            .build();
    var statement =
        PolicyStatement.Builder.create()
            .sid("AlarmsPublish")
            .principals(List.of(new ServicePrincipal("cloudwatch.amazonaws.com")))
            .actions(List.of("sns:Publish"))
            .resources(List.of(topic.getTopicArn()))
            .conditions(
                Map.of("StringEquals", Map.of("aws:SourceAccount", Stack.of(this).getAccount())))
            .build();
    topic.addToResourcePolicy(statement);
  }

  /** Tells as soon as a message lies in one of these queues. */
  void watch(List<Queue> deadLetterQueues) {
    for (var queue : deadLetterQueues) {
      var alarm =
          Alarm.Builder.create(this, queue.getNode().getId())
              .alarmDescription(
                  "Slipway could not handle a message: look into the queue and the function's log,"
                      + " then send it back with SQS's redrive")
              .metric(
                  queue.metricApproximateNumberOfMessagesVisible(
                      MetricOptions.builder()
                          .period(Duration.minutes(1))
                          .statistic("Maximum")
                          .build()))
              .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
              .threshold(1)
              .evaluationPeriods(1)
              .treatMissingData(TreatMissingData.NOT_BREACHING)
              .build();
      alarm.addAlarmAction(new SnsAction(topic));
    }
  }
}
