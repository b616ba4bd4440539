package slipway.infra;

import java.util.List;
import java.util.Optional;
import slipway.config.Domain;
import slipway.config.Domain.Trust;
import slipway.config.Service;
import software.amazon.awscdk.services.certificatemanager.CfnCertificate;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationListener;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationProtocol;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationTargetGroup;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerAction;
import software.amazon.awscdk.services.elasticloadbalancingv2.ListenerCertificate;
import software.amazon.awscdk.services.elasticloadbalancingv2.RedirectOptions;
import software.amazon.awscdk.services.elasticloadbalancingv2.SslPolicy;
import software.amazon.awscdk.services.route53.CfnRecordSet;
import software.constructs.Construct;

/**
 * The load balancer of a service, and the name that leads to it. Apart from the service, which
 * waits for the deployer, since the deployer tells on GitHub where the service answers.
 */
final class Balancer extends Construct {
  static final int HTTP = 80;
  static final int HTTPS = 443;

  final SecurityGroup group;
  final ApplicationLoadBalancer balancer;

  /** The name of its own under which the service answers, if it has one. */
  final Optional<Domain> domain;

  private final Optional<String> certificate;

  record Inputs(Service service, Network network, AccessLogs logs) {}

  Balancer(Construct scope, Inputs inputs) {
    super(scope, "Balancer");
    domain = inputs.service().domain();
    group =
        SecurityGroup.Builder.create(this, "Group")
            .vpc(inputs.network().vpc)
            .description("Of the load balancer of " + inputs.service().name())
            .allowAllOutbound(false)
            .build();
    group.addIngressRule(Peer.anyIpv4(), Port.tcp(HTTP), "everyone");
    if (domain.isPresent()) group.addIngressRule(Peer.anyIpv4(), Port.tcp(HTTPS), "everyone");
    balancer =
        ApplicationLoadBalancer.Builder.create(this, "Balancer")
            .vpc(inputs.network().vpc)
            .internetFacing(true)
            // A VPC that is there may have several in a zone; a load balancer takes one.
            .vpcSubnets(
                SubnetSelection.builder().subnetType(SubnetType.PUBLIC).onePerAz(true).build())
            .securityGroup(group)
            .dropInvalidHeaderFields(true)
            .build();
    inputs.logs().of(balancer, inputs.service().name().value());
    Nag.keep(group, "AwsSolutions-EC23", "The service is for everyone; this is its front door.");
    certificate = domain.map(this::certificate);
  }

  /** The certificate's ARN; in a zone of ours the name is made to lead here, too. */
  private String certificate(Domain named) {
    return switch (named.trust()) {
      case Trust.Certificate(var arn) -> arn;
      case Trust.Zone(var zone) -> {
        // No AAAA record: the load balancer has IPv4 addresses only.
        CfnRecordSet.Builder.create(this, "Name")
            .name(named.name())
            .type("A")
            .hostedZoneId(zone)
            .aliasTarget(
                CfnRecordSet.AliasTargetProperty.builder()
                    .dnsName(balancer.getLoadBalancerDnsName())
                    .hostedZoneId(balancer.getLoadBalancerCanonicalHostedZoneId())
                    .evaluateTargetHealth(false)
                    .build())
            .build();
        yield CfnCertificate.Builder.create(this, "Certificate")
            .domainName(named.name())
            .validationMethod("DNS")
            .domainValidationOptions(
                List.of(
                    CfnCertificate.DomainValidationOptionProperty.builder()
                        .domainName(named.name())
                        .hostedZoneId(zone)
                        .build()))
            .build()
            .getRef();
      }
    };
  }

  /**
   * Where users come in. With a domain that is HTTPS, and plain HTTP is sent there.
   *
   * @param scope that the listeners become part of
   */
  ApplicationListener listener(Construct scope, ApplicationTargetGroup targets) {
    if (certificate.isEmpty())
      return ApplicationListener.Builder.create(scope, "Http")
          .loadBalancer(balancer)
          .port(HTTP)
          .open(false) // the group says it
          .defaultTargetGroups(List.of(targets))
          .build();
    ApplicationListener.Builder.create(scope, "Http")
        .loadBalancer(balancer)
        .port(HTTP)
        .open(false)
        .defaultAction(
            ListenerAction.redirect(
                RedirectOptions.builder()
                    .protocol("HTTPS")
                    .port(String.valueOf(HTTPS))
                    .permanent(true)
                    .build()))
        .build();
    return ApplicationListener.Builder.create(scope, "Https")
        .loadBalancer(balancer)
        .port(HTTPS)
        .open(false)
        .protocol(ApplicationProtocol.HTTPS)
        .certificates(List.of(ListenerCertificate.fromArn(certificate.get())))
        // TLS 1.3 and 1.2, forward secrecy: what AWS recommends. Without it: a policy of 2016.
        .sslPolicy(SslPolicy.TLS13_12_RES_PQ)
        .defaultTargetGroups(List.of(targets))
        .build();
  }

  /** Where the service answers: {@code http://…}, or {@code https://…} with a domain. */
  String address() {
    return domain
        .map(Domain::url)
        .map(String::valueOf)
        .orElseGet(() -> "http://" + balancer.getLoadBalancerDnsName());
  }

  /** What the user's own DNS must let the domain's name lead to; none if that is not his to do. */
  Optional<String> dnsTarget() {
    return domain
        .filter(named -> named.trust() instanceof Trust.Certificate)
        .map(_ -> balancer.getLoadBalancerDnsName());
  }
}
