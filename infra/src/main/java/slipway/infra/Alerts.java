package slipway.infra;

import static slipway.infra.Sorted.sorted;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import slipway.config.Service;
import slipway.notice.Measure;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.codebuild.Project;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** The topic that people subscribe to, and the alarms that speak through it. */
final class Alerts extends Construct {
  private static final Duration MINUTE = Duration.minutes(1);
  private static final Duration FIVE_MINUTES = Duration.minutes(5);

  final Topic topic;

  /** Encrypts what the topic holds. Our own, as CloudWatch may not use the one of AWS for SNS. */
  final Key key;

  private final String stack;
  private final List<Alarm> alarms = new ArrayList<>();

  /**
   * @param stack first part of names
   */
  record Inputs(String stack) {}

  Alerts(Construct scope, Inputs inputs) {
    super(scope, "Alerts");
    stack = inputs.stack();
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

  /** Those that watch the deployer and what it does, in the order in which they were made. */
  List<Alarm> alarms() {
    return List.copyOf(alarms);
  }

  /** Tells as soon as a message lies in one of these queues. */
  void watch(List<Queue> deadLetterQueues) {
    for (var queue : deadLetterQueues)
      tells(
          Alarm.Builder.create(this, queue.getNode().getId())
              .alarmDescription(
                  "Slipway could not handle a message: look into the queue and the function's log,"
                      + " then send it back with SQS's redrive")
              .metric(
                  queue.metricApproximateNumberOfMessagesVisible(
                      MetricOptions.builder().period(MINUTE).statistic("Maximum").build()))
              .threshold(1)
              .evaluationPeriods(1)
              .treatMissingData(TreatMissingData.NOT_BREACHING));
  }

  /** Tells of errors of each function. */
  void watch(Deployer deployer) {
    for (var function : deployer.all())
      if (function == deployer.webhook)
        watchEach(
            function,
            "The repair schedule finds a push that was lost; to have it sooner, redeliver it in the"
                + " webhook's settings at GitHub.");
      else if (function == deployer.operator)
        watchEach(function, "Ask again: what was done already is not done twice.");
      else watchOn(function);
  }

  /**
   * Tells of the first error or throttle: GitHub sends a push once, and a person waits for an
   * answer.
   */
  private void watchEach(LiveFunction function, String next) {
    tells(
        failing(
                function,
                "%s of stack %s failed, or Lambda throttled it, and nobody tries again. Look into the log %s, for level ERROR. %s"
                    .formatted(function.title(), stack, function.log, next))
            .metric(
                MathExpression.Builder.create()
                    .expression("FILL(errors, 0) + FILL(throttles, 0)")
                    .usingMetrics(
                        sorted(
                            Map.of(
                                "errors", function.metric("Errors", FIVE_MINUTES),
                                "throttles", function.metric("Throttles", FIVE_MINUTES))))
                    .label("errors and throttles")
                    .period(FIVE_MINUTES)
                    .build())
            .evaluationPeriods(1));
  }

  /**
   * Tells when errors go on, although Lambda or a queue tries again: what a retry heals is no news,
   * and what none heals is told by the alarm of the dead-letter queue in which it ends. Throttled
   * calls are kept and come later.
   */
  private void watchOn(LiveFunction function) {
    tells(
        failing(
                function,
                "%s of stack %s keeps failing, although what it could not do comes again. Look into the log %s, for level ERROR. What cannot be done in the end lies in a dead-letter queue, whose alarm tells it."
                    .formatted(function.title(), stack, function.log))
            .metric(function.metric("Errors", FIVE_MINUTES))
            .evaluationPeriods(3)
            .datapointsToAlarm(2));
  }

  private Alarm.Builder failing(LiveFunction function, String description) {
    return Alarm.Builder.create(this, function.title())
        .alarmName("%s %s fails".formatted(stack, function.title()))
        .alarmDescription(description)
        .threshold(1)
        .treatMissingData(TreatMissingData.NOT_BREACHING);
  }

  /** Tells that a build failed, also where BuildFunction does not hear of it. */
  void watch(Project project) {
    tells(
        Alarm.Builder.create(this, "Builds")
            .alarmName(stack + " builds fail")
            .alarmDescription(
                "A build of images failed or timed out, and what runs is unchanged. The commit's status slipway/build and a notification of its own tell phase, message and log; all builds are in CodeBuild's project %s. Fix the cause and push, or start the build again there."
                    .formatted(project.getProjectName()))
            .metric(
                project.metricFailedBuilds(
                    MetricOptions.builder().period(FIVE_MINUTES).statistic("Sum").build()))
            .threshold(1)
            .evaluationPeriods(1)
            .treatMissingData(TreatMissingData.NOT_BREACHING));
  }

  /**
   * Is on from a failed rollout of the service until a healthy one. Each failure is told by the
   * deployer, with the reason; this tells once that what was rolled out last does not run, says
   * nothing of further failures, and shows it until it is mended: a minute with no rollout in it
   * changes nothing. So it looks at single minutes: in a longer time, a failure would hide what
   * mended it.
   */
  void watch(Service service) {
    tells(
        Alarm.Builder.create(this, service.name() + "-rollouts")
            .alarmName("%s %s rollout failed".formatted(stack, service.name()))
            .alarmDescription(
                "The last rollout of service %1$s failed, and ECS went back to what ran before. A notification of its own and the commit's status slipway/%1$s tell the reason, and so does: aws lambda invoke --function-name %2$s-operator:live --cli-binary-format raw-in-base64-out --payload '{\"service\":\"%1$s\",\"history\":true}' /dev/stdout. The same content is not tried again: push a fix. The next healthy rollout ends this alarm; until then further failures are told by notifications only."
                    .formatted(service.name(), stack))
            .metric(
                Metric.Builder.create()
                    .namespace(Measure.NAMESPACE)
                    .metricName(Measure.ROLLOUTS_FAILED.title())
                    .dimensionsMap(
                        sorted(
                            Map.of(Measure.STACK, stack, Measure.SERVICE, service.name().value())))
                    .statistic("Maximum")
                    .period(MINUTE)
                    .build())
            .threshold(1)
            .evaluationPeriods(1)
            .treatMissingData(TreatMissingData.IGNORE));
  }

  private void tells(Alarm.Builder alarm) {
    var made =
        alarm.comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD).build();
    made.addAlarmAction(new SnsAction(topic));
    alarms.add(made);
  }
}
