package slipway.infra;

import java.util.List;
import java.util.Map;
import slipway.config.Config;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ec2.CfnFlowLog;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.SelectedSubnets;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerInsights;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/** Where services run: a VPC over two zones, and the cluster. */
final class Network extends Construct {
  final Vpc vpc;
  final Cluster cluster;

  /** Whether tasks have public addresses, for want of another way out. */
  final boolean publicTasks;

  /**
   * @param clusterName also the first part of its services' ARNs
   * @param natGateways none: there are only public subnets
   */
  record Inputs(String clusterName, int natGateways, Config.Insights insights) {}

  Network(Construct scope, Inputs inputs) {
    super(scope, "Network");
    publicTasks = inputs.natGateways() == 0;
    vpc =
        Vpc.Builder.create(this, "Vpc")
            .maxAzs(Config.ZONES)
            .natGateways(inputs.natGateways())
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
    logRefusals();
    cluster =
        Cluster.Builder.create(this, "Cluster")
            .clusterName(inputs.clusterName())
            .vpc(vpc)
            .containerInsightsV2(insights(inputs.insights()))
            .build();
    cluster.applyRemovalPolicy(RemovalPolicy.DESTROY);
    if (inputs.insights() == Config.Insights.NONE)
      Nag.keep(cluster, "AwsSolutions-ECS4", "The configuration says so, as insights cost.");
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
  private void logRefusals() {
    var logs =
        LogGroup.Builder.create(this, "Refusals")
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
        .resourceId(vpc.getVpcId())
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
