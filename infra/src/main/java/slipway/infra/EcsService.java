package slipway.infra;

import java.util.List;
import slipway.config.Service;
import slipway.config.Strategy;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ecs.CfnService;
import software.constructs.Construct;

/** The ECS service itself, and how it gets from one version to the next. */
final class EcsService {
  final CfnService service;

  /**
   * @param group of its tasks
   * @param release that makes its first revision
   * @param alarms names of those that end a rollout
   */
  record Inputs(
      Service service,
      Network network,
      SecurityGroup group,
      WaysIn waysIn,
      CustomResource release,
      List<String> alarms) {}

  EcsService(Construct scope, Inputs inputs) {
    var declared = inputs.service();
    var subnets = inputs.network().tasks();
    service =
        CfnService.Builder.create(scope, "Ecs")
            .cluster(inputs.network().cluster)
            .serviceName(declared.name().value())
            // The family, not a revision: it means the newest that may run, so that deploying the
            // stack never takes back what the deployer rolled out. No desired count for the same
            // reason: it is the autoscaling's.
            .taskDefinition(declared.name().family())
            .launchType("FARGATE")
            .availabilityZoneRebalancing("ENABLED")
            .enableEcsManagedTags(true)
            .propagateTags("SERVICE")
            .healthCheckGracePeriodSeconds(120)
            .deploymentConfiguration(deployment(declared.strategy(), inputs.alarms()))
            .networkConfiguration(
                CfnService.NetworkConfigurationProperty.builder()
                    .awsvpcConfiguration(
                        CfnService.AwsVpcConfigurationProperty.builder()
                            .assignPublicIp(inputs.network().publicTasks ? "ENABLED" : "DISABLED")
                            .securityGroups(List.of(inputs.group().getSecurityGroupId()))
                            .subnets(subnets.getSubnetIds())
                            .build())
                    .build())
            .loadBalancers(List.of(inputs.waysIn().loadBalancer()))
            .build();
    service.getNode().addDependency(inputs.release());
    inputs.waysIn().standsBefore().forEach(service.getNode()::addDependency);
    // Tasks that start before the way out, or the way in, is open fail, and the breaker counts
    // them.
    service.getNode().addDependency(subnets.getInternetConnectivityEstablished());
    service.getNode().addDependency(inputs.network().vpc.getInternetConnectivityEstablished());
    service.getNode().addDependency(inputs.group());
  }

  /**
   * The circuit breaker is on whatever the strategy. ECS's API reference has it for rolling updates
   * only, its developer guide for blue/green, too; services that shift requests are rolled back by
   * it (hashicorp/terraform-provider-aws,
   * TestAccECSService_BlueGreenDeployment_circuitBreakerRollback), and without it tasks that cannot
   * start would be started anew for a day.
   */
  private static CfnService.DeploymentConfigurationProperty deployment(
      Strategy strategy, List<String> alarms) {
    var deployment =
        CfnService.DeploymentConfigurationProperty.builder()
            .minimumHealthyPercent(100)
            .maximumPercent(200)
            .deploymentCircuitBreaker(
                CfnService.DeploymentCircuitBreakerProperty.builder()
                    .enable(true)
                    .rollback(true)
                    .build())
            .alarms(watch(alarms));
    switch (strategy) {
      case Strategy.Rolling _ -> {
        return deployment.build();
      }
      case Strategy.BlueGreen _ -> deployment.strategy("BLUE_GREEN");
      case Strategy.Canary(var percent, var step, _) ->
          deployment
              .strategy("CANARY")
              .canaryConfiguration(
                  CfnService.CanaryConfigurationProperty.builder()
                      .canaryPercent(percent)
                      .canaryBakeTimeInMinutes(step.toMinutes())
                      .build());
      case Strategy.Linear(var percent, var step, _) ->
          deployment
              .strategy("LINEAR")
              .linearConfiguration(
                  CfnService.LinearConfigurationProperty.builder()
                      .stepPercent(percent)
                      .stepBakeTimeInMinutes(step.toMinutes())
                      .build());
    }
    if (strategy instanceof Strategy.Shifting shifting)
      deployment.bakeTimeInMinutes(shifting.bake().toMinutes());
    return deployment.build();
  }

  /**
   * What takes a rollout back that burns an error budget too fast. Without alarms it is said, too:
   * ECS would go on with those that it was told of before.
   */
  private static CfnService.DeploymentAlarmsProperty watch(List<String> alarms) {
    return CfnService.DeploymentAlarmsProperty.builder()
        .alarmNames(alarms)
        .enable(!alarms.isEmpty())
        .rollback(!alarms.isEmpty())
        .build();
  }
}
