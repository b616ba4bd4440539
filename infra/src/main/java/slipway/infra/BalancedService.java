package slipway.infra;

import java.util.List;
import java.util.Map;
import slipway.config.Service;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalableTarget;
import software.amazon.awscdk.services.applicationautoscaling.CfnScalingPolicy;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ecs.CfnService;
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
    var waysIn = new WaysIn(this, new WaysIn.Inputs(declared, inputs.network(), inputs.balancer()));
    var release =
        Release.of(
            this,
            inputs.firstRelease(),
            Map.of(
                "Service", declared.name().value(),
                "TemplateArn", inputs.template().definition.getTaskDefinitionArn()),
            inputs.readiness());
    service =
        new EcsService(
                this,
                new EcsService.Inputs(
                    declared, inputs.network(), inside, waysIn, release, inputs.alarms()))
            .service;
    scale(declared, inputs.network().cluster);
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
