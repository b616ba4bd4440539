package slipway.local.iam;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.json.Json;

/**
 * AWS's own managed policies that templates attach, cut to what matters here. Source: AWS managed
 * policy reference.
 */
final class ManagedPolicies {
  private static final Map<String, List<String>> ACTIONS =
      Map.of(
          "service-role/AWSLambdaBasicExecutionRole",
          List.of("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
          "service-role/AWSLambdaVPCAccessExecutionRole",
          List.of(
              "logs:CreateLogGroup",
              "logs:CreateLogStream",
              "logs:PutLogEvents",
              "ec2:CreateNetworkInterface",
              "ec2:DescribeNetworkInterfaces",
              "ec2:DeleteNetworkInterface"),
          "service-role/AmazonECSTaskExecutionRolePolicy",
          List.of(
              "ecr:GetAuthorizationToken",
              "ecr:BatchCheckLayerAvailability",
              "ecr:GetDownloadUrlForLayer",
              "ecr:BatchGetImage",
              "logs:CreateLogStream",
              "logs:PutLogEvents"),
          "CloudWatchAgentServerPolicy",
          List.of(
              "cloudwatch:PutMetricData",
              "ec2:DescribeVolumes",
              "ec2:DescribeTags",
              "logs:PutLogEvents",
              "logs:PutRetentionPolicy",
              "logs:DescribeLogStreams",
              "logs:DescribeLogGroups",
              "logs:CreateLogStream",
              "logs:CreateLogGroup",
              "xray:PutTraceSegments",
              "xray:PutTelemetryRecords",
              "xray:GetSamplingRules",
              "xray:GetSamplingTargets",
              "xray:GetSamplingStatisticSummaries"),
          "AWSXRayDaemonWriteAccess",
          List.of(
              "xray:PutTraceSegments",
              "xray:PutTelemetryRecords",
              "xray:GetSamplingRules",
              "xray:GetSamplingTargets",
              "xray:GetSamplingStatisticSummaries"),
          "CloudWatchLambdaInsightsExecutionRolePolicy",
          List.of("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"));

  private ManagedPolicies() {}

  static Optional<Policy> find(String arn) {
    var name = arn.substring(arn.indexOf(":policy/") + ":policy/".length());
    return Optional.ofNullable(ACTIONS.get(name))
        .map(
            actions ->
                Policy.parse(
                    name,
                    Json.of(
                        Map.of(
                            "Statement",
                            List.of(
                                Map.of("Effect", "Allow", "Action", actions, "Resource", "*"))))));
  }
}
