package slipway.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * What each function may do, and on what. {@code *} only where the API takes no resource. Source:
 * AWS service authorization reference.
 *
 * @param cluster name of the ECS cluster
 * @param services names of the ECS services, which are their task definition families too
 * @param shifting names of those whose deployments shift requests
 * @param taskRoles ARNs of the roles that tasks run with, and are started with
 */
record Permissions(
    Stack stack,
    String cluster,
    List<String> services,
    List<String> shifting,
    List<String> taskRoles,
    String table,
    String topic,
    String topicKey,
    String project,
    String webhookSecret,
    String reports,
    String rolloutQueue,
    String sloQueue,
    List<String> repositories,
    Optional<GitHubToken> token) {

  /** What resources begin with that stand for several, and why none narrower will do. */
  private static final Map<String, String> WIDE =
      Map.of(
          "*", "Only for actions that take no resource.",
          ":service-deployment/", "ECS makes the ids of a service's deployments.",
          ":task/", "ECS makes the ids of tasks; of the one cluster only.",
          ":task-definition/", "ECS counts the revisions of a family.",
          ":slo/", "SLOs have the user's names; what is not the stack's by its tags is left alone.",
          "/*", "The objects of the one bucket.");

  /**
   * Why a resource stands for several, if it may.
   *
   * @param resource of a statement, with a {@code *} in it
   */
  static String reason(String resource) {
    var name = Nag.readable(resource);
    return WIDE.entrySet().stream()
        .filter(
            entry ->
                name.equals("*") ? entry.getKey().equals("*") : name.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException(resource + " is wide: want a reason in Permissions"));
  }

  List<PolicyStatement> webhook() {
    return List.of(
        state("GetItem", "PutItem"),
        allow(List.of(project), "codebuild:StartBuild"),
        allow(List.of(webhookSecret), "secretsmanager:GetSecretValue"));
  }

  List<PolicyStatement> source() {
    return with(
        readToken(),
        state("BatchGetItem", "PutItem"),
        allow(
            List.of(project),
            "codebuild:BatchGetBuilds",
            "codebuild:ListBuildsForProject",
            "codebuild:StartBuild"));
  }

  List<PolicyStatement> build() {
    return with(
        readToken(),
        state("GetItem", "DeleteItem"),
        publish(),
        encrypt(),
        allow(List.of(project), "codebuild:BatchGetBuilds"));
  }

  List<PolicyStatement> rollout() {
    return with(
        Stream.concat(readToken().stream(), takeBack()).toList(),
        state("BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"),
        publish(),
        encrypt(),
        allow(
            ecsServices(),
            "ecs:DescribeServices",
            "ecs:ListServiceDeployments",
            "ecs:UpdateService"),
        allow(deployments(services), "ecs:DescribeServiceDeployments"),
        PolicyStatement.Builder.create()
            .actions(List.of("ecs:ListTasks"))
            .resources(List.of("*")) // its resource is a container instance; Fargate has none
            .conditions(Map.of("ArnEquals", Map.of("ecs:cluster", ecs("cluster", cluster))))
            .build(),
        allow(List.of(ecs("task", cluster + "/*")), "ecs:DescribeTasks"),
        // None of them takes a resource.
        allow(
            List.of("*"),
            "ecs:DescribeTaskDefinition",
            "ecs:RegisterTaskDefinition",
            "ecs:DeregisterTaskDefinition"),
        allow(families(), "ecs:TagResource"),
        PolicyStatement.Builder.create()
            .actions(List.of("iam:PassRole"))
            .resources(taskRoles)
            .conditions(
                Map.of("StringEquals", Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com")))
            .build(),
        allow(repositories, "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        allow(List.of(sloQueue), "sqs:SendMessage"));
  }

  List<PolicyStatement> firstRelease() {
    return List.of(
        state("PutItem"),
        allow(List.of(project), "codebuild:StartBuild"),
        allow(repositories, "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        allow(List.of(rolloutQueue), "sqs:SendMessage"));
  }

  List<PolicyStatement> operator() {
    return List.of(
        state("BatchGetItem", "GetItem", "Query", "PutItem", "UpdateItem"),
        allow(List.of(rolloutQueue), "sqs:SendMessage"));
  }

  List<PolicyStatement> slo() {
    return List.of(
        publish(),
        encrypt(),
        listSignals(),
        allow(List.of("*"), "application-signals:CreateServiceLevelObjective"), // takes no resource
        allow(
            List.of(slos()),
            "application-signals:GetServiceLevelObjective",
            "application-signals:UpdateServiceLevelObjective",
            "application-signals:DeleteServiceLevelObjective",
            "application-signals:ListServiceLevelObjectiveExclusionWindows",
            "application-signals:BatchUpdateExclusionWindows",
            "application-signals:ListTagsForResource",
            "application-signals:TagResource",
            "application-signals:UntagResource",
            // AWS's guide names this one for tags at creation, the API's model the one above.
            "cloudwatch:TagResource"),
        PolicyStatement.Builder.create()
            .actions(List.of("iam:CreateServiceLinkedRole"))
            .resources(
                List.of(
                    stack.formatArn(
                        ArnComponents.builder()
                            .service("iam")
                            .region("")
                            .resource("role")
                            .resourceName(
                                "aws-service-role/application-signals.cloudwatch.amazonaws.com/AWSServiceRoleForCloudWatchApplicationSignals")
                            .build())))
            .conditions(
                Map.of(
                    "StringEquals",
                    Map.of("iam:AWSServiceName", "application-signals.cloudwatch.amazonaws.com")))
            .build());
  }

  List<PolicyStatement> audit() {
    return List.of(
        publish(),
        encrypt(),
        listSignals(),
        allow(
            List.of(slos()),
            "application-signals:BatchGetServiceLevelObjectiveBudgetReport",
            "application-signals:ListTagsForResource"),
        // Metrics are no resources, and alarms are asked for by what their names begin with.
        allow(
            List.of("*"),
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetMetricData",
            "cloudwatch:ListMetrics"),
        state("BatchGetItem", "GetItem", "Query", "PutItem"),
        allow(List.of(sloQueue, rolloutQueue), "sqs:SendMessage"),
        allow(List.of(reports + "/*"), "s3:GetObject", "s3:PutObject"),
        // Without it S3 answers 403 instead of 404 for a report that is not there yet.
        allow(List.of(reports), "s3:ListBucket"));
  }

  private PolicyStatement listSignals() {
    // None of them takes a resource.
    return allow(
        List.of("*"),
        "application-signals:ListServices",
        "application-signals:ListServiceDependencies",
        "application-signals:ListServiceOperations",
        "application-signals:ListServiceLevelObjectives");
  }

  /** Transactions need the permissions of what is in them. */
  private PolicyStatement state(String... operations) {
    return allow(
        List.of(table), Stream.of(operations).map("dynamodb:"::concat).toArray(String[]::new));
  }

  private PolicyStatement publish() {
    return allow(List.of(topic), "sns:Publish");
  }

  /** What SNS asks of whoever publishes to an encrypted topic. */
  private PolicyStatement encrypt() {
    return allow(List.of(topicKey), "kms:Decrypt", "kms:GenerateDataKey");
  }

  private List<PolicyStatement> readToken() {
    return token.map(GitHubToken::read).stream().toList();
  }

  /** Only what shifts requests can be taken back at once; a rolling deployment is replaced. */
  private Stream<PolicyStatement> takeBack() {
    return shifting.isEmpty()
        ? Stream.empty()
        : Stream.of(allow(deployments(shifting), "ecs:StopServiceDeployment"));
  }

  private List<String> deployments(List<String> names) {
    return names.stream()
        .map(name -> ecs("service-deployment", cluster + "/" + name + "/*"))
        .toList();
  }

  private List<String> ecsServices() {
    return services.stream().map(name -> ecs("service", cluster + "/" + name)).toList();
  }

  private List<String> families() {
    return services.stream().map(name -> ecs("task-definition", name + ":*")).toList();
  }

  private String ecs(String resource, String name) {
    return stack.formatArn(
        ArnComponents.builder().service("ecs").resource(resource).resourceName(name).build());
  }

  private String slos() {
    return stack.formatArn(
        ArnComponents.builder()
            .service("application-signals")
            .resource("slo")
            .resourceName("*")
            .arnFormat(ArnFormat.SLASH_RESOURCE_NAME)
            .build());
  }

  private static PolicyStatement allow(List<String> resources, String... actions) {
    return PolicyStatement.Builder.create().actions(List.of(actions)).resources(resources).build();
  }

  private static List<PolicyStatement> with(List<PolicyStatement> some, PolicyStatement... others) {
    return Stream.concat(some.stream(), Stream.of(others)).toList();
  }
}
