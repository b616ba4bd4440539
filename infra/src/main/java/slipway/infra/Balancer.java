package slipway.infra;

import slipway.config.Service;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.constructs.Construct;

/**
 * The load balancer of a service. Apart from the service, which waits for the deployer, since the
 * deployer tells on GitHub where the service answers.
 */
final class Balancer extends Construct {
  static final int HTTP = 80;

  final SecurityGroup group;
  final ApplicationLoadBalancer balancer;

  record Inputs(Service service, Network network, AccessLogs logs) {}

  Balancer(Construct scope, Inputs inputs) {
    super(scope, "Balancer");
    group =
        SecurityGroup.Builder.create(this, "Group")
            .vpc(inputs.network().vpc)
            .description("Of the load balancer of " + inputs.service().name())
            .allowAllOutbound(false)
            .build();
    group.addIngressRule(Peer.anyIpv4(), Port.tcp(HTTP), "everyone");
    balancer =
        ApplicationLoadBalancer.Builder.create(this, "Balancer")
            .vpc(inputs.network().vpc)
            .internetFacing(true)
            .securityGroup(group)
            .dropInvalidHeaderFields(true)
            .build();
    inputs.logs().of(balancer, inputs.service().name().value());
    Nag.keep(group, "AwsSolutions-EC23", "The service is for everyone; this is its front door.");
  }

  /** Where the service answers: {@code http://…}. */
  String address() {
    return "http://" + balancer.getLoadBalancerDnsName();
  }
}
