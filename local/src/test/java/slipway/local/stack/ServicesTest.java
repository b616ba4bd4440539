package slipway.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.local.cloud.Credentials;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The services that keep things, through the front door with real SDK clients. */
class ServicesTest {
  @TempDir private static Path folder;
  private static LocalStack stack;

  @BeforeAll
  static void start() throws IOException {
    stack =
        new Assembly(folder)
            .resource(
                "Table",
                "AWS::DynamoDB::Table",
                """
                {'TableName': 'things', 'KeySchema': [{'AttributeName': 'pk', 'KeyType': 'HASH'}],
                 'AttributeDefinitions': [{'AttributeName': 'pk', 'AttributeType': 'S'}],
                 'TimeToLiveSpecification': {'AttributeName': 'expires', 'Enabled': true}}\
                """)
            .resource(
                "Role",
                "AWS::IAM::Role",
                """
                {'RoleName': 'WorkerRole', 'AssumeRolePolicyDocument': {'Statement': []},
                 'Policies': [{'PolicyName': 'inline', 'PolicyDocument': {'Statement': [
                   {'Effect': 'Allow', 'Action': ['dynamodb:PutItem', 'dynamodb:GetItem'], 'Resource': {'Fn::GetAtt': ['Table', 'Arn']}},
                   {'Effect': 'Deny', 'Action': 's3:*', 'Resource': '*'}]}}]}\
                """)
            .resource("Reports", "AWS::S3::Bucket", "{}")
            .resource("Topic", "AWS::SNS::Topic", "{}")
            .resource(
                "Secret",
                "AWS::SecretsManager::Secret",
                "{'GenerateSecretString': {'PasswordLength': 40, 'ExcludePunctuation': true}}")
            .output("Topic", "{'Ref': 'Topic'}")
            .output("Bucket", "{'Ref': 'Reports'}")
            .output("Secret", "{'Ref': 'Secret'}")
            .start();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Credentials.Keys worker() {
    return stack
        .surroundings()
        .credentials()
        .issue("Worker", "arn:aws:iam::123456789012:role/WorkerRole");
  }

  @Test
  void aConditionalPutSucceedsOnceAndThenSaysWhyNot() {
    try (var dynamo = Clients.of(DynamoDbClient.builder(), stack, worker())) {
      var item = Map.of("pk", AttributeValue.fromS("one"));
      dynamo.putItem(
          r -> r.tableName("things").item(item).conditionExpression("attribute_not_exists(pk)"));
      assertThatThrownBy(
              () ->
                  dynamo.putItem(
                      r ->
                          r.tableName("things")
                              .item(item)
                              .conditionExpression("attribute_not_exists(pk)")))
          .isInstanceOf(ConditionalCheckFailedException.class);
    }
  }

  @Test
  void aRoleMayDoWhatItsPolicySaysAndNothingElse() {
    try (var dynamo = Clients.of(DynamoDbClient.builder(), stack, worker())) {
      assertThatThrownBy(
              () ->
                  dynamo.deleteItem(
                      r -> r.tableName("things").key(Map.of("pk", AttributeValue.fromS("x")))))
          .isInstanceOf(DynamoDbException.class)
          .hasMessageContaining(
              "User: arn:aws:sts::123456789012:assumed-role/WorkerRole/Worker is not authorized to"
                  + " perform: dynamodb:DeleteItem on resource:"
                  + " arn:aws:dynamodb:ap-northeast-1:123456789012:table/things because no"
                  + " identity-based policy allows the dynamodb:DeleteItem action");
    }
    assertThat(stack.calls().all())
        .anySatisfy(
            call -> {
              assertThat(call.caller()).isEqualTo("Worker");
              assertThat(call.operation()).isEqualTo("DeleteItem");
              assertThat(call.status()).isEqualTo(400);
            });
  }

  @Test
  void aTransactionNeedsWhatEachOfItsItemsNeeds() {
    try (var dynamo = Clients.of(DynamoDbClient.builder(), stack, worker())) {
      var key = Map.of("pk", AttributeValue.fromS("two"));
      dynamo.transactWriteItems(
          r ->
              r.transactItems(
                  TransactWriteItem.builder().put(p -> p.tableName("things").item(key)).build()));
      assertThatThrownBy(
              () ->
                  dynamo.transactWriteItems(
                      r ->
                          r.transactItems(
                              TransactWriteItem.builder()
                                  .delete(d -> d.tableName("things").key(key))
                                  .build())))
          .hasMessageContaining("dynamodb:DeleteItem");
    }
  }

  @Test
  void aServiceThatIsNotPlayedIsNamed() {
    try (var ecs = Clients.of(EcsClient.builder(), stack, stack.operator())) {
      assertThatThrownBy(() -> ecs.listClusters())
          .isInstanceOf(EcsException.class)
          .hasMessageContaining("ecs:ListClusters: local does not play this service");
    }
  }

  @Test
  void aKeyThatNobodyHandedOutIsRefused() {
    var stranger =
        new Credentials.Keys(
            new slipway.local.cloud.Caller("AKIASTRANGER", "", ""), "secret", "token");
    try (var sqs = Clients.of(SqsClient.builder(), stack, stranger)) {
      assertThatThrownBy(() -> sqs.listQueues())
          .isInstanceOf(SqsException.class)
          .hasMessageContaining("security token included in the request is invalid");
    }
  }

  @Test
  void objectsAreKeptByKey() {
    var bucket = stack.outputs().get("Bucket");
    try (var s3 = Clients.of(S3Client.builder(), stack, stack.operator())) {
      s3.putObject(
          r -> r.bucket(bucket).key("a/report.json").contentType("application/json"),
          RequestBody.fromString("{\"é\":1}"));
      assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key("a/report.json")).asUtf8String())
          .isEqualTo("{\"é\":1}");
      assertThat(s3.listObjectsV2(r -> r.bucket(bucket).prefix("a/")).contents())
          .singleElement()
          .satisfies(o -> assertThat(o.key()).isEqualTo("a/report.json"));
      assertThatThrownBy(() -> s3.getObjectAsBytes(r -> r.bucket(bucket).key("none")))
          .isInstanceOf(NoSuchKeyException.class);
    }
    try (var s3 = Clients.of(S3Client.builder(), stack, worker())) {
      assertThatThrownBy(() -> s3.getObjectAsBytes(r -> r.bucket(bucket).key("none")))
          .hasMessageContaining("with an explicit deny in policy inline");
    }
  }

  @Test
  void aNoticeReachesItsListener() throws Exception {
    var heard = new CountDownLatch(1);
    stack.topics().listen(_ -> heard.countDown());
    try (var sns = Clients.of(SnsClient.builder(), stack, stack.operator())) {
      assertThat(
              sns.publish(
                      r -> r.topicArn(stack.outputs().get("Topic")).subject("Hi").message("text"))
                  .messageId())
          .isNotBlank();
    }
    assertThat(heard.await(1, TimeUnit.SECONDS)).isTrue();
    assertThat(stack.topics().notices().getLast().message()).isEqualTo("text");
  }

  @Test
  void secretsAreGeneratedAndTheUsersOwnAreFoundByName() {
    try (var secrets = Clients.of(SecretsManagerClient.builder(), stack, stack.operator())) {
      assertThat(
              secrets.getSecretValue(r -> r.secretId(stack.outputs().get("Secret"))).secretString())
          .matches("[A-Za-z0-9]{40}");
      assertThat(secrets.getSecretValue(r -> r.secretId("given")).secretString())
          .isEqualTo("by the user");
    }
  }
}
