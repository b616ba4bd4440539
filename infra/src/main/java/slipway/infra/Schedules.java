package slipway.infra;

import static slipway.infra.Sorted.sorted;

import java.util.List;
import java.util.Map;
import slipway.config.Config;
import slipway.config.Service;
import slipway.json.Json;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.scheduler.CfnSchedule;
import software.amazon.awscdk.services.scheduler.CfnSchedule.DeadLetterConfigProperty;
import software.amazon.awscdk.services.scheduler.CfnSchedule.FlexibleTimeWindowProperty;
import software.amazon.awscdk.services.scheduler.CfnSchedule.RetryPolicyProperty;
import software.amazon.awscdk.services.scheduler.CfnSchedule.SqsParametersProperty;
import software.amazon.awscdk.services.scheduler.CfnSchedule.TargetProperty;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** What happens by the clock: the audit, and repairs of what no event told. */
final class Schedules {
  /**
   * Scheduler puts in when the run was due. So no two runs say the same, which a FIFO queue would
   * take for one; and a run that is delivered again does.
   */
  private static final String TIME = "<aws.scheduler.scheduled-time>";

  record Inputs(Config config, Deployer deployer, Queues queues) {}

  private final Construct scope;
  private final Queue dead;
  private final Role role;

  Schedules(Construct scope, Inputs inputs) {
    this.scope = scope;
    dead = inputs.queues().deadEvents;
    var sources = inputs.deployer().source.alias.getFunctionArn();
    var rollouts = inputs.queues().rollouts;
    role = role(List.of(sources), List.of(dead, rollouts, inputs.queues().audits));
    schedule(
        "Audit",
        "Slipway's audit of SLOs",
        inputs.config().audit().schedule(),
        inputs.config().audit().timezone(),
        audit(inputs.queues().audits));
    schedule(
        "Sources",
        "Slipway's look for pushes whose webhook was lost",
        inputs.config().repair(),
        target(sources, Map.of("sources", TIME)));
    for (var service : inputs.config().services())
      schedule(
          service.name() + "-repair",
          "Slipway's look for what no event told of " + service.name(),
          inputs.config().repair(),
          reconcile(service, rollouts));
  }

  private Role role(List<String> functions, List<Queue> queues) {
    var role =
        Role.Builder.create(scope, "ScheduleRole")
            .assumedBy(
                ServicePrincipal.Builder.create("scheduler.amazonaws.com")
                    .conditions(
                        Map.of(
                            "StringEquals",
                            Map.of("aws:SourceAccount", Stack.of(scope).getAccount())))
                    .build())
            .build();
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("lambda:InvokeFunction"))
            .resources(functions)
            .build());
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("sqs:SendMessage"))
            .resources(queues.stream().map(Queue::getQueueArn).toList())
            .build());
    return role;
  }

  private TargetProperty.Builder target(String arn, Map<String, ?> input) {
    return TargetProperty.builder()
        .arn(arn)
        .roleArn(role.getRoleArn())
        .input(Json.write(input))
        .deadLetterConfig(DeadLetterConfigProperty.builder().arn(dead.getQueueArn()).build())
        .retryPolicy(
            RetryPolicyProperty.builder()
                .maximumEventAgeInSeconds(3600)
                .maximumRetryAttempts(10)
                .build());
  }

  /** One after the other, whatever the time that one takes. */
  private TargetProperty.Builder audit(Queue audits) {
    return target(audits.getQueueArn(), sorted(Map.of("audit", "scheduled", "at", TIME)))
        .sqsParameters(SqsParametersProperty.builder().messageGroupId("audit").build());
  }

  /** In the service's own message group, so that it waits its turn. */
  private TargetProperty.Builder reconcile(Service service, Queue rollouts) {
    var name = service.name().value();
    return target(
            rollouts.getQueueArn(), sorted(Map.of("reconcile", name, "why", "schedule " + TIME)))
        .sqsParameters(SqsParametersProperty.builder().messageGroupId(name).build());
  }

  private void schedule(
      String id, String description, String expression, TargetProperty.Builder target) {
    schedule(id, description, expression, "UTC", target);
  }

  private void schedule(
      String id,
      String description,
      String expression,
      String timezone,
      TargetProperty.Builder target) {
    var schedule =
        CfnSchedule.Builder.create(scope, id)
            .description(description)
            .scheduleExpression(expression)
            .scheduleExpressionTimezone(timezone)
            .flexibleTimeWindow(FlexibleTimeWindowProperty.builder().mode("OFF").build())
            .target(target.build())
            .build();
    schedule.getNode().addDependency(role);
  }
}
