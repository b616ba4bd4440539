package slipway.infra;

import java.util.List;
import java.util.Map;
import slipway.config.Config;
import slipway.json.Malformed;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.CfnFlowLog;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SelectedSubnets;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcLookupOptions;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerInsights;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/** Where services run: a VPC over two zones, and the cluster; or those that are there already. */
final class Network extends Construct {
  final IVpc vpc;

  /** Whether tasks have public addresses, for want of another way out. */
  final boolean publicTasks;

  /** Name of the cluster. */
  final String cluster;

  record Inputs(Config config) {}

  Network(Construct scope, Inputs inputs) {
    super(scope, "Network");
    var config = inputs.config();
    publicTasks = config.makesVpc() && config.natGateways() == 0;
    vpc = config.existing().vpcId().map(this::existing).orElseGet(() -> own(config.natGateways()));
    cluster = config.existing().cluster().orElseGet(() -> cluster(config));
  }

  /** The one of that id, as AWS describes it; the CDK keeps that in cdk.context.json. */
  private IVpc existing(String id) {
    var found = Vpc.fromLookup(this, "Vpc", VpcLookupOptions.builder().vpcId(id).build());
    if (found.getPrivateSubnets().isEmpty())
      throw new Malformed(
          "vpcId",
          "is '%s', which has no private subnet with a way out: want one for the tasks, with a route to a NAT gateway"
              .formatted(id));
    if (zones(found.getPublicSubnets()) < Config.ZONES)
      throw new Malformed(
          "vpcId",
          "is '%s', which has public subnets in %d zones: want two zones at least, for the load balancers"
              .formatted(id, zones(found.getPublicSubnets())));
    return found;
  }

  private static long zones(List<ISubnet> subnets) {
    return subnets.stream().map(ISubnet::getAvailabilityZone).distinct().count();
  }

  /**
   * @param natGateways none: there are only public subnets
   */
  private IVpc own(int natGateways) {
    var own =
        Vpc.Builder.create(this, "Vpc")
            .maxAzs(Config.ZONES)
            .natGateways(natGateways)
            // Closing the default group takes a hidden function of the CDK; nothing here uses it.
            .restrictDefaultSecurityGroup(false)
            .subnetConfiguration(
                publicTasks
                    ? List.of(subnets("Public", SubnetType.PUBLIC))
                    : List.of(
                        subnets("Public", SubnetType.PUBLIC),
                        subnets("Private", SubnetType.PRIVATE_WITH_EGRESS)))
            // Image layers come from S3: free this way, and not through the NAT gateway.
            .gatewayEndpoints(
                Map.of(
                    "S3",
                    GatewayVpcEndpointOptions.builder()
                        .service(GatewayVpcEndpointAwsService.S3)
                        .build()))
            .build();
    logRefusals(own);
    return own;
  }

  /** Its name is also the first part of its services' ARNs. */
  private String cluster(Config config) {
    var own =
        Cluster.Builder.create(this, "Cluster")
            .clusterName(config.cluster())
            .vpc(vpc)
            .containerInsightsV2(insights(config.insights()))
            .build();
    own.applyRemovalPolicy(RemovalPolicy.DESTROY);
    if (config.insights() == Config.Insights.NONE)
      Nag.keep(own, "AwsSolutions-ECS4", "The configuration says so, as insights cost.");
    return own.getClusterName();
  }

  /** Where tasks run. */
  SelectedSubnets tasks() {
    return vpc.selectSubnets(
        SubnetSelection.builder()
            .subnetType(publicTasks ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS)
            .build());
  }

  private static ContainerInsights insights(Config.Insights insights) {
    return switch (insights) {
      case ENHANCED -> ContainerInsights.ENHANCED;
      case STANDARD -> ContainerInsights.ENABLED;
      case NONE -> ContainerInsights.DISABLED;
    };
  }

  /** What was refused, kept a week: who knocked, and what of ours was not let out. */
  private void logRefusals(Vpc own) {
    var logs =
        LogGroup.Builder.create(this, "Refusals")
            .logGroupName("/aws/vpc/" + Stack.of(this).getStackName())
            .retention(RetentionDays.ONE_WEEK)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    var role =
        Role.Builder.create(this, "RefusalsRole")
            .assumedBy(new ServicePrincipal("vpc-flow-logs.amazonaws.com"))
            .build();
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .actions(
                List.of("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"))
            .resources(List.of(logs.getLogGroupArn()))
            .build());
    CfnFlowLog.Builder.create(this, "FlowLog")
        .resourceType("VPC")
        .resourceId(own.getVpcId())
        .trafficType("REJECT")
        .logDestinationType("cloud-watch-logs")
        .logGroupName(logs.getLogGroupName())
        .deliverLogsPermissionArn(role.getRoleArn())
        .build();
  }

  private static SubnetConfiguration subnets(String name, SubnetType type) {
    return SubnetConfiguration.builder().name(name).subnetType(type).cidrMask(20).build();
  }
}
