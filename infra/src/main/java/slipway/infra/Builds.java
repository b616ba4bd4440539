package slipway.infra;

import static slipway.infra.Sorted.sorted;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.Config;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.codebuild.BuildEnvironment;
import software.amazon.awscdk.services.codebuild.BuildEnvironmentVariable;
import software.amazon.awscdk.services.codebuild.BuildSpec;
import software.amazon.awscdk.services.codebuild.CfnProject;
import software.amazon.awscdk.services.codebuild.CloudWatchLoggingOptions;
import software.amazon.awscdk.services.codebuild.ComputeType;
import software.amazon.awscdk.services.codebuild.GitHubEnterpriseSourceProps;
import software.amazon.awscdk.services.codebuild.GitHubSourceProps;
import software.amazon.awscdk.services.codebuild.ISource;
import software.amazon.awscdk.services.codebuild.LinuxArmBuildImage;
import software.amazon.awscdk.services.codebuild.LoggingOptions;
import software.amazon.awscdk.services.codebuild.Project;
import software.amazon.awscdk.services.codebuild.Source;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/** The CodeBuild project that builds and pushes images for ARM64. */
final class Builds extends Construct {
  final Project project;

  /**
   * @param token the user's secret with a GitHub token, if there is one
   * @param repositories that it pushes to
   */
  record Inputs(Config config, Optional<GitHubToken> token, List<Repository> repositories) {}

  Builds(Construct scope, Inputs inputs) {
    super(scope, "Builds");
    var name = inputs.config().stack() + "-images";
    var logs =
        LogGroup.Builder.create(this, "Logs")
            .logGroupName("/aws/codebuild/" + name)
            .retention(RetentionDays.ONE_WEEK)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    var stack = Stack.of(this);
    project =
        Project.Builder.create(this, "Project")
            .projectName(name)
            .description("Builds and pushes the images of " + inputs.config().github().repository())
            .source(source(inputs.config().github()))
            .buildSpec(BuildSpec.fromSourceFilename("buildspec.yml"))
            .environment(
                BuildEnvironment.builder()
                    .buildImage(LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0)
                    .computeType(ComputeType.SMALL)
                    .privileged(true) // docker
                    .build())
            .environmentVariables(
                sorted(
                    Map.of(
                        "REGISTRY",
                        variable(
                            stack.getAccount()
                                + ".dkr.ecr."
                                + stack.getRegion()
                                + "."
                                + stack.getUrlSuffix()),
                        "DEPLOY_TAG",
                        variable(inputs.config().github().deployTag()),
                        "BRANCH",
                        variable(inputs.config().github().branch()),
                        "OVERRIDE_MARKER",
                        variable(inputs.config().budgets().override()))))
            .timeout(Duration.minutes(30))
            .queuedTimeout(Duration.minutes(20))
            .grantReportGroupPermissions(false)
            .logging(
                LoggingOptions.builder()
                    .cloudWatch(CloudWatchLoggingOptions.builder().logGroup(logs).build())
                    .build())
            .build();
    project.addToRolePolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("ecr:GetAuthorizationToken"))
            .resources(List.of("*")) // the login is the registry's; the API takes no resource
            .build());
    project.addToRolePolicy(
        PolicyStatement.Builder.create()
            .actions(
                List.of(
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:CompleteLayerUpload",
                    "ecr:GetDownloadUrlForLayer",
                    "ecr:InitiateLayerUpload",
                    "ecr:PutImage",
                    "ecr:UploadLayerPart"))
            .resources(inputs.repositories().stream().map(Repository::getRepositoryArn).toList())
            .build());
    Nag.keepWildcard(project.getRole(), ":*", "CodeBuild names the streams of its own log.");
    Nag.keepWildcard(project.getRole(), "*", "Logging in to the registry takes no resource.");
    Nag.keep(
        project,
        "AwsSolutions-CB4",
        "It keeps no artifacts; what little it does is encrypted with AWS's key for S3.");
    inputs
        .token()
        .ifPresent(
            token -> {
              project.addToRolePolicy(token.read());
              ((CfnProject) project.getNode().getDefaultChild())
                  .addPropertyOverride(
                      "Source.Auth",
                      sorted(Map.of("Type", "SECRETS_MANAGER", "Resource", token.arn())));
            });
  }

  /** Cloned whole: a shallow clone need not hold the commit that was pushed. */
  private static ISource source(Config.GitHub github) {
    var name = github.repository().split("/");
    return github.web().toString().equals("https://github.com")
        ? Source.gitHub(
            GitHubSourceProps.builder()
                .owner(name[0])
                .repo(name[1])
                .webhook(false)
                .reportBuildStatus(false)
                .build())
        : Source.gitHubEnterprise(
            GitHubEnterpriseSourceProps.builder()
                .httpsCloneUrl(github.web() + "/" + github.repository() + ".git")
                .webhook(false)
                .reportBuildStatus(false)
                .build());
  }

  private static BuildEnvironmentVariable variable(String value) {
    return BuildEnvironmentVariable.builder().value(value).build();
  }
}
