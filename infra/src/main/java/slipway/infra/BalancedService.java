package slipway.infra;

import java.util.List;
import java.util.Map;
import slipway.config.Service;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalableTarget;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ecs.CfnService;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListener;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.HealthCheck;
import software.amazon.awscdk.services.elasticloadbalancingv2.TargetType;
import software.constructs.Construct;
import software.constructs.IDependable;

/** A service behind its load balancer, from the first release on. */
final class BalancedService extends Construct {
  final CfnService service;

  /**
   * @param alarms names of those that end a rollout
   * @param readiness what must stand before a first release can come about
   */
  record Inputs(
      Service service,
      Network network,
      Template template,
      Balancer balancer,
      LiveFunction firstRelease,
      List<String> alarms,
      List<? extends IDependable> readiness) {}

  BalancedService(Construct scope, Inputs inputs) {
    super(scope, "Service");
    var declared = inputs.service();
    int port = declared.front().port().orElseThrow();
    var outside = inputs.balancer().group;
    var inside =
        SecurityGroup.Builder.create(this, "ServiceGroup")
            .vpc(inputs.network().vpc)
            .description("Of the tasks of " + declared.name())
            .allowAllOutbound(false)
            .build();
    outside.addEgressRule(inside, Port.tcp(port), "to the tasks");
    inside.addIngressRule(outside, Port.tcp(port), "from the load balancer");
    inside.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "to the APIs of AWS and of others");
    // Their load balancers have public addresses, also when they are called from here.
    if (inputs.template().callsOverHttp)
      inside.addEgressRule(Peer.anyIpv4(), Port.tcp(Balancer.HTTP), "to the other services");
    var targets =
        ApplicationTargetGroup.Builder.create(this, "Targets")
            .vpc(inputs.network().vpc)
            .targetType(TargetType.IP)
            .protocol(ApplicationProtocol.HTTP)
            .port(port)
            .deregistrationDelay(Duration.seconds(30))
            .healthCheck(
                HealthCheck.builder()
                    .path(declared.health())
                    .healthyHttpCodes("200")
                    .interval(Duration.seconds(10))
                    .timeout(Duration.seconds(5))
                    .healthyThresholdCount(2)
                    .unhealthyThresholdCount(3)
                    .build())
            .build();
    var listener = inputs.balancer().listener(this, targets);
    var release =
        Release.of(
            this,
            inputs.firstRelease(),
            Map.of(
                "Service", declared.name().value(),
                "TemplateArn", inputs.template().definition.getTaskDefinitionArn()),
            inputs.readiness());
    service = service(inputs, inside, targets, port, listener, release);
    scale(declared, inputs.network().cluster);
  }

  private CfnService service(
      Inputs inputs,
      SecurityGroup group,
      ApplicationTargetGroup targets,
      int port,
      ApplicationListener listener,
      CustomResource release) {
    var declared = inputs.service();
    var subnets = inputs.network().tasks();
    var service =
        CfnService.Builder.create(this, "Ecs")
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
            .deploymentConfiguration(
                CfnService.DeploymentConfigurationProperty.builder()
                    .minimumHealthyPercent(100)
                    .maximumPercent(200)
                    .deploymentCircuitBreaker(
                        CfnService.DeploymentCircuitBreakerProperty.builder()
                            .enable(true)
                            .rollback(true)
                            .build())
                    .alarms(watch(inputs.alarms()))
                    .build())
            .networkConfiguration(
                CfnService.NetworkConfigurationProperty.builder()
                    .awsvpcConfiguration(
                        CfnService.AwsVpcConfigurationProperty.builder()
                            .assignPublicIp(inputs.network().publicTasks ? "ENABLED" : "DISABLED")
                            .securityGroups(List.of(group.getSecurityGroupId()))
                            .subnets(subnets.getSubnetIds())
                            .build())
                    .build())
            .loadBalancers(
                List.of(
                    CfnService.LoadBalancerProperty.builder()
                        .containerName(declared.front().name())
                        .containerPort(port)
                        .targetGroupArn(targets.getTargetGroupArn())
                        .build()))
            .build();
    service.getNode().addDependency(release);
    service.getNode().addDependency(listener); // ECS wants a target group that has a load balancer
    // Tasks that start before the way out, or the way in, is open fail, and the breaker counts
    // them.
    service.getNode().addDependency(subnets.getInternetConnectivityEstablished());
    service.getNode().addDependency(inputs.network().vpc.getInternetConnectivityEstablished());
    service.getNode().addDependency(group);
    return service;
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

  private void scale(Service declared, String cluster) {
    var target =
        CfnScalableTarget.Builder.create(this, "Tasks")
            .serviceNamespace("ecs")
            .scalableDimension("ecs:service:DesiredCount")
            .resourceId("service/" + cluster + "/" + declared.name())
            .minCapacity(declared.tasks().min())
            .maxCapacity(declared.tasks().max())
            .build();
    target.getNode().addDependency(service);
    CfnScalingPolicy.Builder.create(this, "Cpu")
        .policyName(declared.name() + "-cpu")
        .policyType("TargetTrackingScaling")
        .scalingTargetId(target.getRef())
        .targetTrackingScalingPolicyConfiguration(
            CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty.builder()
                .targetValue(declared.tasks().cpuPercent())
                .predefinedMetricSpecification(
                    CfnScalingPolicy.PredefinedMetricSpecificationProperty.builder()
                        .predefinedMetricType("ECSServiceAverageCPUUtilization")
                        .build())
                .scaleOutCooldown(60)
                .scaleInCooldown(300)
                .build())
        .build();
  }
}
