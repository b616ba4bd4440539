package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.infra.Synthesized.resources;

import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import slipway.json.Json;

/** That nobody may do more than needed. */
class LeastPrivilegeTest {

  @Test
  void noActionIsAWildcard() {
    assertThat(statements().flatMap(statement -> actions(statement).stream()))
        .isNotEmpty()
        .noneMatch(action -> action.contains("*"));
  }

  @Test
  void everyResourceIsAWildcardOnlyForActionsThatTakeNone() {
    var wide = new TreeSet<String>();
    statements()
        .filter(statement -> texts(statement.at("Resource")).contains("*"))
        .forEach(statement -> wide.addAll(actions(statement)));
    // Source: AWS service authorization reference, actions without a resource type.
    assertThat(wide)
        .containsExactly(
            "application-signals:CreateServiceLevelObjective",
            "application-signals:ListServiceDependencies",
            "application-signals:ListServiceLevelObjectives",
            "application-signals:ListServiceOperations",
            "application-signals:ListServices",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetMetricData",
            "cloudwatch:ListMetrics",
            "cloudwatch:PutMetricData", // of the canary, for its own namespace only
            "ecr:GetAuthorizationToken",
            "ecs:DeregisterTaskDefinition",
            "ecs:DescribeTaskDefinition",
            "ecs:ListTasks", // for the one cluster only
            "ecs:RegisterTaskDefinition",
            "s3:ListAllMyBuckets", // of the canary
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments");
  }

  @Test
  void rolesArePassedToTasksOnly() {
    assertThat(statements().filter(statement -> actions(statement).contains("iam:PassRole")))
        .singleElement()
        .satisfies(
            statement -> {
              assertThat(
                      statement.at("Condition").at("StringEquals").at("iam:PassedToService").text())
                  .isEqualTo("ecs-tasks.amazonaws.com");
              assertThat(texts(statement.at("Resource"))).hasSize(2).noneMatch("*"::equals);
            });
  }

  @Test
  void onlyTheFunctionsThatSpeakToGitHubReadItsToken() {
    var readers = new TreeMap<String, List<String>>();
    for (var policy : resources("AWS::IAM::Policy")) {
      var secrets =
          policy.at("PolicyDocument", "Statement").items().stream()
              .filter(statement -> actions(statement).contains("secretsmanager:GetSecretValue"))
              .flatMap(statement -> texts(statement.at("Resource")).stream())
              .toList();
      if (!secrets.isEmpty())
        readers.put(policy.id().replaceAll("(RoleDefaultPolicy|Role).*", ""), secrets);
    }
    var token =
        List.of(
            "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:slipway/github-token-??????");
    assertThat(readers)
        .containsOnlyKeys(
            "BuildsProject",
            "DeployerBuildFunction",
            "DeployerRolloutFunction",
            "DeployerSourceFunction",
            "DeployerWebhookFunction")
        .containsEntry("DeployerRolloutFunction", token)
        .containsEntry("BuildsProject", token);
    assertThat(readers.get("DeployerWebhookFunction"))
        .singleElement()
        .asString()
        .startsWith("${StateWebhookSecret");
  }

  @Test
  void anOperatorsRequestReadsAndWritesStateAndAsksForRolloutsOnly() {
    var policy =
        resources("AWS::IAM::Policy").stream()
            .filter(it -> it.id().startsWith("DeployerOperatorFunction"))
            .findFirst()
            .orElseThrow();
    var actions = new TreeSet<String>();
    for (var statement : policy.at("PolicyDocument", "Statement").items())
      actions.addAll(actions(statement));
    assertThat(actions)
        .containsExactly(
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "sqs:SendMessage",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments");
  }

  @Test
  void anAuditReadsReportsAndAsksOthersToAct() {
    var policy =
        resources("AWS::IAM::Policy").stream()
            .filter(it -> it.id().startsWith("DeployerAuditFunction"))
            .findFirst()
            .orElseThrow();
    var actions = new TreeSet<String>();
    for (var statement : policy.at("PolicyDocument", "Statement").items())
      actions.addAll(actions(statement));
    assertThat(actions)
        .containsExactly(
            "application-signals:BatchGetServiceLevelObjectiveBudgetReport",
            "application-signals:ListServiceDependencies",
            "application-signals:ListServiceLevelObjectives",
            "application-signals:ListServiceOperations",
            "application-signals:ListServices",
            "application-signals:ListTagsForResource",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetMetricData",
            "cloudwatch:ListMetrics",
            "dynamodb:BatchGetItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "kms:Decrypt",
            "kms:GenerateDataKey",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "s3:GetObject",
            "s3:ListBucket",
            "s3:PutObject",
            "sns:Publish",
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments");
  }

  @Test
  void whoMayGiveOrdersIsTheAccountsToSay() {
    assertThat(resources("AWS::Lambda::Permission"))
        .isNotEmpty()
        .noneMatch(permission -> permission.text("FunctionName").contains("OperatorFunction"));
    assertThat(statements())
        .noneMatch(
            statement ->
                actions(statement).contains("lambda:InvokeFunction")
                    && texts(statement.at("Resource")).stream()
                        .anyMatch(arn -> arn.contains("OperatorFunction")));
  }

  @Test
  void onlyTheAgentsRoleHasAPolicyOfAws() {
    var roles =
        resources("AWS::IAM::Role").stream()
            .filter(role -> !role.at("ManagedPolicyArns").missing())
            .toList();
    assertThat(roles)
        .singleElement()
        .satisfies(
            role ->
                assertThat(texts(role.at("ManagedPolicyArns")))
                    .containsExactly("arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"));
  }

  private static Stream<Json> statements() {
    return resources("AWS::IAM::Policy").stream()
        .flatMap(policy -> policy.at("PolicyDocument", "Statement").items().stream());
  }

  private static List<String> actions(Json statement) {
    return texts(statement.at("Action"));
  }

  private static List<String> texts(Json oneOrMore) {
    return oneOrMore.value() instanceof String one
        ? List.of(one)
        : oneOrMore.items().stream().map(Json::text).toList();
  }
}
