package slipway.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import slipway.config.Adoption;
import slipway.config.Container;
import slipway.config.Service;
import slipway.config.Strategy;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * What each function may do, and on what. {@code *} only where the API takes no resource. Source:
 * AWS service authorization reference.
 *
 * @param cluster name of the ECS cluster
 * @param taskRoles ARNs of the roles that tasks run with, and are started with; of services that
 *     the stack makes
 */
record Permissions(
    Stack stack,
    String cluster,
    List<Service> services,
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
    return Stream.of(
            readToken(),
            List.of(
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
                    .resources(
                        List.of("*")) // its resource is a container instance; Fargate has none
                    .conditions(Map.of("ArnEquals", Map.of("ecs:cluster", ecs("cluster", cluster))))
                    .build(),
                allow(List.of(ecs("task", cluster + "/*")), "ecs:DescribeTasks"),
                // None of them takes a resource.
                allow(
                    List.of("*"),
                    "ecs:DescribeTaskDefinition",
                    "ecs:RegisterTaskDefinition",
                    "ecs:DeregisterTaskDefinition"),
                allow(families(), "ecs:TagResource")),
            takeBack(),
            passRoles(Stream.concat(taskRoles.stream(), adoptedRoles()).distinct().toList()),
            List.of(
                allow(repositories, "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
                allow(List.of(sloQueue), "sqs:SendMessage")))
        .flatMap(List::stream)
        .toList();
  }

  List<PolicyStatement> firstRelease() {
    return with(
        Stream.concat(adopt().stream(), askAboutGivenRepositories().stream()).toList(),
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
  private List<PolicyStatement> takeBack() {
    var shifting =
        services.stream()
            .filter(service -> service.strategy() instanceof Strategy.Shifting)
            .toList();
    return shifting.isEmpty()
        ? List.of()
        : List.of(allow(deployments(shifting), "ecs:StopServiceDeployment"));
  }

  private List<String> deployments(List<Service> some) {
    return some.stream()
        .map(service -> ecs("service-deployment", cluster + "/" + service.ecsName() + "/*"))
        .toList();
  }

  private List<String> ecsServices() {
    return services.stream().map(this::ecsService).toList();
  }

  private String ecsService(Service service) {
    return ecs("service", cluster + "/" + service.ecsName());
  }

  /** To register what an adopted service runs as its template. */
  private List<PolicyStatement> adopt() {
    var adopted = services.stream().filter(service -> service.adoption().isPresent()).toList();
    if (adopted.isEmpty()) return List.of();
    return with(
        passRoles(adoptedRoles().distinct().toList()),
        allow(adopted.stream().map(this::ecsService).toList(), "ecs:DescribeServices"),
        // Neither takes a resource.
        allow(List.of("*"), "ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"),
        allow(
            adopted.stream()
                .map(service -> ecs("task-definition", service.name().templateFamily() + ":*"))
                .toList(),
            "ecs:TagResource"));
  }

  private Stream<String> adoptedRoles() {
    return services.stream()
        .flatMap(service -> service.adoption().stream())
        .map(Adoption::roles)
        .flatMap(List::stream);
  }

  private static List<PolicyStatement> passRoles(List<String> roles) {
    if (roles.isEmpty()) return List.of();
    return List.of(
        PolicyStatement.Builder.create()
            .actions(List.of("iam:PassRole"))
            .resources(roles)
            .conditions(
                Map.of("StringEquals", Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com")))
            .build());
  }

  private List<PolicyStatement> askAboutGivenRepositories() {
    var given =
        services.stream()
            .flatMap(service -> service.built().stream())
            .filter(Container.Built::given)
            .map(
                container ->
                    stack.formatArn(
                        ArnComponents.builder()
                            .service("ecr")
                            .resource("repository")
                            .resourceName(container.repository())
                            .build()))
            .toList();
    return given.isEmpty() ? List.of() : List.of(allow(given, "ecr:DescribeRepositories"));
  }

  private List<String> families() {
    return services.stream()
        .map(service -> ecs("task-definition", service.name().family() + ":*"))
        .toList();
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
