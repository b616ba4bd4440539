package slipway.infra;

import java.util.List;
import java.util.Optional;
import slipway.config.Service;
import slipway.config.Strategy;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.ecs.CfnService;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListenerRule;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.HealthCheck;
import software.amazon.awscdk.services.elasticloadbalancingv2.IApplicationListener;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerAction;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCondition;
import software.amazon.awscdk.services.elasticloadbalancingv2.TargetType;
import software.amazon.awscdk.services.elasticloadbalancingv2.WeightedTargetGroup;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;
import software.constructs.IDependable;

/**
 * How requests come from the load balancer to the tasks: one target group, or two and a rule whose
 * weights ECS shifts between them.
 */
final class WaysIn {
  private final Construct scope;
  private final Inputs inputs;
  private final ApplicationTargetGroup targets;
  private final IApplicationListener listener;
  private final Optional<Shift> shift;

  /** What ECS shifts requests with, and as whom. */
  private record Shift(ApplicationTargetGroup others, ApplicationListenerRule rule, Role role) {}

  record Inputs(Service service, Network network, Balancer balancer) {}

  /**
   * @param scope that all of it becomes part of
   */
  WaysIn(Construct scope, Inputs inputs) {
    this.scope = scope;
    this.inputs = inputs;
    targets = targets("Targets");
    listener = inputs.balancer().listener(scope, targets);
    shift =
        switch (inputs.service().strategy()) {
          case Strategy.Rolling _ -> Optional.empty();
          case Strategy.Shifting _ -> Optional.of(shift());
        };
  }

  private ApplicationTargetGroup targets(String id) {
    return ApplicationTargetGroup.Builder.create(scope, id)
        .vpc(inputs.network().vpc)
        .targetType(TargetType.IP)
        .protocol(ApplicationProtocol.HTTP)
        .port(port())
        .deregistrationDelay(Duration.seconds(30))
        .healthCheck(
            HealthCheck.builder()
                .path(inputs.service().health())
                .healthyHttpCodes("200")
                .interval(Duration.seconds(10))
                .timeout(Duration.seconds(5))
                .healthyThresholdCount(2)
                .unhealthyThresholdCount(3)
                .build())
        .build();
  }

  private int port() {
    return inputs.service().front().port().orElseThrow();
  }

  /**
   * The second target group, and the rule. From the first deployment on its weights are ECS's: with
   * each one the groups change roles. CloudFormation compares a template with the one before, not
   * with what is there, so it leaves the weights alone as long as the rule stays the same to the
   * letter; and so nothing that people may change goes into it. The listener itself keeps to the
   * first group, which no request takes, as the rule matches all: so a service that becomes a
   * canary keeps its listener.
   */
  private Shift shift() {
    var others = targets("OtherTargets");
    var rule =
        ApplicationListenerRule.Builder.create(scope, "Production")
            .listener(listener)
            .priority(1)
            .conditions(List.of(ListenerCondition.pathPatterns(List.of("/*"))))
            .action(
                ListenerAction.weightedForward(List.of(weighted(targets, 1), weighted(others, 0))))
            .build();
    return new Shift(others, rule, role(others, rule));
  }

  private static WeightedTargetGroup weighted(ApplicationTargetGroup group, int weight) {
    return WeightedTargetGroup.builder().targetGroup(group).weight(weight).build();
  }

  /**
   * As whom ECS works on the load balancer. What AWS's policy for it has
   * (AmazonECSInfrastructureRolePolicyForLoadBalancers), on what is the service's own; but for
   * ModifyListener, which only a default rule, or a network load balancer, would need.
   */
  private Role role(ApplicationTargetGroup others, ApplicationListenerRule rule) {
    var role =
        Role.Builder.create(scope, "ShiftRole")
            .description("ECS shifts the requests to " + inputs.service().name() + " as this")
            .assumedBy(new ServicePrincipal("ecs.amazonaws.com"))
            .build();
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .actions(
                List.of(
                    "elasticloadbalancing:DescribeListeners",
                    "elasticloadbalancing:DescribeRules",
                    "elasticloadbalancing:DescribeTargetGroups",
                    "elasticloadbalancing:DescribeTargetHealth"))
            .resources(List.of("*")) // none of them takes a resource
            .build());
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .actions(
                List.of(
                    "elasticloadbalancing:RegisterTargets",
                    "elasticloadbalancing:DeregisterTargets"))
            .resources(List.of(targets.getTargetGroupArn(), others.getTargetGroupArn()))
            .build());
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("elasticloadbalancing:ModifyRule"))
            .resources(List.of(rule.getListenerRuleArn()))
            .build());
    Nag.keepWildcard(role, "*", "Only for actions that take no resource.");
    return role;
  }

  /** The same as ECS is told it. */
  CfnService.LoadBalancerProperty loadBalancer() {
    var property =
        CfnService.LoadBalancerProperty.builder()
            .containerName(inputs.service().front().name())
            .containerPort(port())
            .targetGroupArn(targets.getTargetGroupArn());
    shift.ifPresent(
        its ->
            property.advancedConfiguration(
                CfnService.AdvancedConfigurationProperty.builder()
                    .alternateTargetGroupArn(its.others().getTargetGroupArn())
                    .productionListenerRule(its.rule().getListenerRuleArn())
                    .roleArn(its.role().getRoleArn())
                    .build()));
    return property.build();
  }

  /**
   * What must stand before the service, and go after it: ECS wants target groups that have a load
   * balancer, and takes its tasks out of them as the role.
   */
  List<IDependable> standsBefore() {
    return shift
        .map(its -> List.<IDependable>of(listener, its.rule(), its.role()))
        .orElseGet(() -> List.of(listener));
  }
}
