package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.infra.Synthesized.only;
import static slipway.infra.Synthesized.referredTo;
import static slipway.infra.Synthesized.resources;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.json.Json;

/** What a careful team would ask of the stack, without having asked for it. */
class SecureDefaultsTest {
  /** What is encrypted whether asked for or not, with keys of AWS. */
  private static final Set<String> ALWAYS_ENCRYPTED =
      Set.of(
          "AWS::DynamoDB::Table",
          "AWS::ECR::Repository",
          "AWS::Logs::LogGroup",
          "AWS::SecretsManager::Secret",
          "AWS::CodeBuild::Project");

  @Test
  void whatIsKeptIsEncrypted() {
    assertThat(resources("AWS::S3::Bucket"))
        .hasSize(2)
        .allSatisfy(
            bucket ->
                assertThat(
                        bucket
                            .at("BucketEncryption", "ServerSideEncryptionConfiguration")
                            .items()
                            .getFirst()
                            .at("ServerSideEncryptionByDefault")
                            .at("SSEAlgorithm")
                            .text())
                    .isEqualTo("AES256"));
    assertThat(resources("AWS::SQS::Queue"))
        .isNotEmpty()
        .allSatisfy(queue -> assertThat(queue.at("SqsManagedSseEnabled").flag()).isTrue());
    assertThat(only("AWS::SNS::Topic").text("KmsMasterKeyId"))
        .isEqualTo("${" + only("AWS::KMS::Key").id() + ".Arn}");
    assertThat(only("AWS::KMS::Key").at("EnableKeyRotation").flag()).isTrue();
  }

  @Test
  void nothingElseIsKept() {
    // Whoever adds a type that holds data says here, or above, how it is encrypted.
    var holdsData =
        Set.of(
            "AWS::S3::Bucket",
            "AWS::SQS::Queue",
            "AWS::SNS::Topic",
            "AWS::EFS::FileSystem",
            "AWS::RDS::DBInstance",
            "AWS::Kinesis::Stream",
            "AWS::SSM::Parameter",
            "AWS::KinesisFirehose::DeliveryStream",
            "AWS::ElastiCache::ReplicationGroup");
    assertThat(resources())
        .extracting(Synthesized.Resource::type)
        .filteredOn(type -> holdsData.contains(type) || ALWAYS_ENCRYPTED.contains(type))
        .containsOnly(
            Stream.concat(
                    ALWAYS_ENCRYPTED.stream(),
                    Stream.of("AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SNS::Topic"))
                .toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "AWS::S3::BucketPolicy, Bucket, AWS::S3::Bucket, s3:*",
    "AWS::SQS::QueuePolicy, Queues, AWS::SQS::Queue, sqs:*",
    "AWS::SNS::TopicPolicy, Topics, AWS::SNS::Topic, sns:Publish"
  })
  void nobodySpeaksToThemWithoutTls(String policies, String of, String type, String actions) {
    var guarded =
        resources(policies).stream()
            .filter(
                policy ->
                    policy.at("PolicyDocument", "Statement").items().stream()
                        .anyMatch(statement -> refusesPlainText(statement, actions)))
            .flatMap(policy -> texts(policy.at(of)).stream())
            .map(reference -> referredTo(reference).id())
            .toList();
    assertThat(guarded)
        .containsExactlyInAnyOrderElementsOf(
            resources(type).stream().map(Synthesized.Resource::id).toList());
  }

  private static boolean refusesPlainText(Json statement, String actions) {
    return statement.at("Effect").text().equals("Deny")
        && statement.at("Action").value().equals(actions)
        && statement
            .at("Condition")
            .value()
            .equals(Map.of("Bool", Map.of("aws:SecureTransport", "false")));
  }

  @Test
  void bucketsAreNeverPublic() {
    assertThat(resources("AWS::S3::Bucket"))
        .allSatisfy(
            bucket ->
                assertThat(bucket.at("PublicAccessBlockConfiguration").value())
                    .isEqualTo(
                        Map.of(
                            "BlockPublicAcls", true,
                            "BlockPublicPolicy", true,
                            "IgnorePublicAcls", true,
                            "RestrictPublicBuckets", true)));
  }

  @Test
  void theOnlyWaysInAreTheLoadBalancerAndTheWebhook() {
    var open =
        resources("AWS::EC2::SecurityGroup").stream()
            .filter(
                group ->
                    group.at("SecurityGroupIngress").items().stream()
                        .anyMatch(rule -> !rule.at("CidrIp").missing()))
            .map(Synthesized.Resource::id)
            .toList();
    assertThat(only("AWS::ElasticLoadBalancingV2::LoadBalancer").at("SecurityGroups").items())
        .extracting(group -> referredTo(group.text()).id())
        .containsExactlyElementsOf(open);
    assertThat(resources("AWS::EC2::SecurityGroupIngress"))
        .allSatisfy(rule -> assertThat(rule.at("CidrIp").missing()).isTrue());
    assertThat(resources("AWS::Lambda::Url"))
        .singleElement()
        .satisfies(
            url ->
                assertThat(referredTo(url.text("TargetFunctionArn")).id())
                    .startsWith("DeployerWebhookFunction"));
    assertThat(resources("AWS::Lambda::Permission"))
        .filteredOn(permission -> permission.text("Principal").equals("*"))
        .isNotEmpty()
        .allSatisfy(
            permission ->
                assertThat(permission.text("FunctionName")).contains("DeployerWebhookFunction"));
  }

  @Test
  void tasksHaveNoAddressOfTheInternet() {
    var network = only("AWS::ECS::Service").at("NetworkConfiguration", "AwsvpcConfiguration");
    assertThat(network.at("AssignPublicIp").text()).isEqualTo("DISABLED");
    assertThat(network.at("Subnets").items())
        .isNotEmpty()
        .allSatisfy(
            subnet ->
                assertThat(referredTo(subnet.text()).at("MapPublicIpOnLaunch").flag()).isFalse());
  }

  @Test
  void noPullRequestReachesABuild() {
    // GitHub's pushes come through the webhook function, which takes pushes to the branch alone:
    // a fork's push is an event of the fork, and a pull request is no push.
    var project = only("AWS::CodeBuild::Project");
    assertThat(project.at("Triggers", "Webhook").value()).isIn(null, false);
    assertThat(project.at("Triggers", "BuildType").missing()).isTrue();
  }

  @Test
  void whatABuildMayIsPushImagesAndLog() {
    var role = referredTo(only("AWS::CodeBuild::Project").text("ServiceRole")).id();
    var actions =
        resources("AWS::IAM::Policy").stream()
            .filter(policy -> texts(policy.at("Roles")).contains("${" + role + "}"))
            .flatMap(policy -> policy.at("PolicyDocument", "Statement").items().stream())
            .flatMap(statement -> texts(statement.at("Action")).stream())
            .distinct();
    assertThat(actions)
        .containsExactlyInAnyOrder(
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:GetAuthorizationToken",
            "ecr:GetDownloadUrlForLayer",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "secretsmanager:GetSecretValue");
  }

  @Test
  void noSecretIsInAVariable() {
    var told =
        Stream.of(
                resources("AWS::Lambda::Function").stream()
                    .map(function -> function.at("Environment", "Variables")),
                resources("AWS::CodeBuild::Project").stream()
                    .map(project -> project.at("Environment", "EnvironmentVariables")),
                resources("AWS::ECS::TaskDefinition").stream()
                    .map(task -> task.at("ContainerDefinitions")))
            .flatMap(variables -> variables)
            .map(variables -> String.valueOf(variables.value()))
            .toList();
    assertThat(told).isNotEmpty().noneMatch(text -> text.contains("{{resolve:"));
    assertThat(resources("AWS::SecretsManager::Secret"))
        .allSatisfy(
            secret -> {
              assertThat(secret.at("SecretString").missing()).isTrue();
              assertThat(secret.at("GenerateSecretString", "PasswordLength").integer(1, 4096))
                  .isGreaterThanOrEqualTo(32);
            });
  }

  @Test
  void whoCalledIsKept() {
    var attributes =
        only("AWS::ElasticLoadBalancingV2::LoadBalancer").at("LoadBalancerAttributes").items();
    assertThat(attributes)
        .anySatisfy(
            attribute ->
                assertThat(attribute.value())
                    .isEqualTo(Map.of("Key", "access_logs.s3.enabled", "Value", "true")));
    assertThat(resources("AWS::EC2::FlowLog"))
        .singleElement()
        .satisfies(log -> assertThat(log.text("TrafficType")).isEqualTo("REJECT"));
  }

  private static List<String> texts(Json oneOrMore) {
    return oneOrMore.value() instanceof String one
        ? List.of(one)
        : oneOrMore.items().stream().map(Json::text).toList();
  }
}
