package slipway.infra;

import static slipway.infra.Sorted.sorted;

import java.util.List;
import java.util.Map;
import slipway.config.Config;
import slipway.config.Container;
import slipway.config.Service;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.events.targets.LambdaFunctionProps;
import software.amazon.awscdk.services.events.targets.SqsQueue;
import software.amazon.awscdk.services.events.targets.SqsQueueProps;
import software.amazon.awscdk.services.lambda.eventsources.SqsEventSource;
import software.amazon.awscdk.services.lambda.eventsources.SqsEventSourceProps;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** What wakes which function. */
final class Events extends Construct {
  /**
   * @param project name of the CodeBuild project
   */
  record Inputs(Config config, Deployer deployer, Queues queues, String project) {}

  private final Queue dead;

  Events(Construct scope, Inputs inputs) {
    super(scope, "Events");
    dead = inputs.queues().deadEvents;
    var deployer = inputs.deployer();
    for (var service : inputs.config().services()) {
      pushed(service, inputs.config().github().deployTag(), inputs.queues().rollouts);
      deployed(service, inputs.config().cluster(), inputs.queues().rollouts);
    }
    built(inputs.project(), deployer.build);
    consume(inputs.queues().rollouts, deployer.rollout, 10);
    consume(inputs.queues().slos, deployer.slo, 10);
    consume(inputs.queues().audits, deployer.audit, 1);
    new Schedules(this, new Schedules.Inputs(inputs.config(), deployer, inputs.queues()));
  }

  /** A rule for each service, because the message group of a rule's target is a constant. */
  private void pushed(Service service, String deployTag, Queue rollouts) {
    Rule.Builder.create(this, service.name() + "-pushed")
        .description("An image of " + service.name() + " got the tag " + deployTag)
        .eventPattern(
            EventPattern.builder()
                .source(List.of("aws.ecr"))
                .detailType(List.of("ECR Image Action"))
                .detail(
                    sorted(
                        Map.of(
                            "action-type", List.of("PUSH"),
                            "result", List.of("SUCCESS"),
                            "repository-name",
                                service.built().stream().map(Container.Built::repository).toList(),
                            "image-tag", List.of(deployTag))))
                .build())
        .targets(List.of(look(service, rollouts)))
        .build();
  }

  private void deployed(Service service, String cluster, Queue rollouts) {
    Rule.Builder.create(this, service.name() + "-deployed")
        .description("A deployment of " + service.name() + " ended")
        .eventPattern(
            EventPattern.builder()
                .source(List.of("aws.ecs"))
                .detailType(List.of("ECS Deployment State Change"))
                .resources(
                    List.of(
                        Stack.of(this)
                            .formatArn(
                                ArnComponents.builder()
                                    .service("ecs")
                                    .resource("service")
                                    .resourceName(cluster + "/" + service.ecsName())
                                    .build())))
                .detail(
                    Map.of(
                        "eventName",
                        List.of("SERVICE_DEPLOYMENT_COMPLETED", "SERVICE_DEPLOYMENT_FAILED")))
                .build())
        .targets(List.of(look(service, rollouts)))
        .build();
  }

  /** Has a service looked at; one look at a time. */
  private SqsQueue look(Service service, Queue rollouts) {
    return new SqsQueue(
        rollouts,
        SqsQueueProps.builder()
            .messageGroupId(service.name().value())
            .deadLetterQueue(dead)
            .maxEventAge(Duration.hours(24))
            .retryAttempts(185)
            .build());
  }

  private void built(String project, LiveFunction function) {
    Rule.Builder.create(this, "Built")
        .description("A build of images moved on")
        .eventPattern(
            EventPattern.builder()
                .source(List.of("aws.codebuild"))
                .detailType(List.of("CodeBuild Build State Change"))
                .detail(Map.of("project-name", List.of(project)))
                .build())
        .targets(List.of(target(function)))
        .build();
  }

  private LambdaFunction target(LiveFunction function) {
    return new LambdaFunction(
        function.alias,
        LambdaFunctionProps.builder()
            .deadLetterQueue(dead)
            .maxEventAge(Duration.hours(24))
            .retryAttempts(185)
            .build());
  }

  /**
   * A new account has ten concurrent executions in all, so no queue may take them from the webhook.
   */
  private static void consume(Queue queue, LiveFunction function, int batch) {
    function.alias.addEventSource(
        new SqsEventSource(
            queue,
            SqsEventSourceProps.builder()
                .batchSize(batch)
                .reportBatchItemFailures(true)
                .maxConcurrency(2)
                .build()));
  }
}
