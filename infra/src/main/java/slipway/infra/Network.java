package slipway.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ec2.CfnFlowLog;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
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

  /**
   * @param clusterName also the first part of its services' ARNs
   */
  record Inputs(String clusterName) {}

  Network(Construct scope, Inputs inputs) {
    super(scope, "Network");
    vpc =
        Vpc.Builder.create(this, "Vpc")
            .maxAzs(2)
            .natGateways(1)
            // Closing the default group takes a hidden function of the CDK; nothing here uses it.
            .restrictDefaultSecurityGroup(false)
            .subnetConfiguration(
                List.of(
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
            .containerInsightsV2(ContainerInsights.ENABLED)
            .build();
    cluster.applyRemovalPolicy(RemovalPolicy.DESTROY);
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
