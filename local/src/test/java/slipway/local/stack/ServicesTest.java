package slipway.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;
import slipway.local.cloud.Credentials;
import slipway.local.metrics.Alarms;
import slipway.local.topics.Topics;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
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
import software.amazon.awssdk.services.sns.model.SnsException;
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
            .resource("Closed", "AWS::SNS::Topic", "{}")
            .resource(
                "TopicPolicy",
                "AWS::SNS::TopicPolicy",
                """
                {'Topics': [{'Ref': 'Topic'}], 'PolicyDocument': {'Statement': [
                  {'Effect': 'Allow', 'Action': 'sns:Publish', 'Resource': {'Ref': 'Topic'},
                   'Principal': {'Service': 'cloudwatch.amazonaws.com'},
                   'Condition': {'StringEquals': {'aws:SourceAccount': '123456789012'}}}]}}\
                """)
            .resource(
                "Key",
                "AWS::KMS::Key",
                """
                {'KeyPolicy': {'Statement': [
                  {'Effect': 'Allow', 'Action': 'kms:*', 'Resource': '*',
                   'Principal': {'AWS': 'arn:aws:iam::123456789012:root'}}]}}\
                """)
            .resource(
                "Encrypted",
                "AWS::SNS::Topic",
                "{'KmsMasterKeyId': {'Fn::GetAtt': ['Key', 'Arn']}}")
            .resource(
                "Publishers",
                "AWS::IAM::Role",
                """
                {'RoleName': 'PublisherRole', 'AssumeRolePolicyDocument': {'Statement': []},
                 'Policies': [{'PolicyName': 'inline', 'PolicyDocument': {'Statement': [
                   {'Effect': 'Allow', 'Action': 'sns:Publish', 'Resource': '*'}]}}]}\
                """)
            .resource(
                "KeyHolders",
                "AWS::IAM::Role",
                """
                {'RoleName': 'KeyHolderRole', 'AssumeRolePolicyDocument': {'Statement': []},
                 'Policies': [{'PolicyName': 'inline', 'PolicyDocument': {'Statement': [
                   {'Effect': 'Allow', 'Action': 'sns:Publish', 'Resource': '*'},
                   {'Effect': 'Allow', 'Action': ['kms:Decrypt', 'kms:GenerateDataKey'],
                    'Resource': {'Fn::GetAtt': ['Key', 'Arn']}}]}}]}\
                """)
            .output("Encrypted", "{'Ref': 'Encrypted'}")
            .resource("Dead", "AWS::SQS::Queue", "{'QueueName': 'dead'}")
            .resource(
                "DeadAlarm",
                "AWS::CloudWatch::Alarm",
                """
                {'Namespace': 'AWS/SQS', 'MetricName': 'ApproximateNumberOfMessagesVisible',
                 'Dimensions': [{'Name': 'QueueName', 'Value': {'Fn::GetAtt': ['Dead', 'QueueName']}}],
                 'Statistic': 'Maximum', 'Period': 60, 'EvaluationPeriods': 1, 'Threshold': 1,
                 'ComparisonOperator': 'GreaterThanOrEqualToThreshold',
                 'TreatMissingData': 'notBreaching',
                 'AlarmActions': [{'Ref': 'Topic'}, {'Ref': 'Closed'}]}\
                """)
            .output("Alarm", "{'Ref': 'DeadAlarm'}")
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
    stack
        .topics()
        .listen(
            notice -> {
              if (notice.message().equals("text")) heard.countDown();
            });
    try (var sns = Clients.of(SnsClient.builder(), stack, stack.operator())) {
      assertThat(
              sns.publish(
                      r -> r.topicArn(stack.outputs().get("Topic")).subject("Hi").message("text"))
                  .messageId())
          .isNotBlank();
    }
    assertThat(heard.await(1, TimeUnit.SECONDS)).isTrue();
    assertThat(stack.topics().notices()).extracting(Topics.Notice::message).contains("text");
  }

  @Test
  void whoPublishesToAnEncryptedTopicMustBeAllowedItsKey() {
    var topic = stack.outputs().get("Encrypted");
    try (var sns = Clients.of(SnsClient.builder(), stack, as("PublisherRole"))) {
      assertThatThrownBy(() -> sns.publish(r -> r.topicArn(topic).message("closed")))
          .isInstanceOf(SnsException.class)
          .hasMessageContaining("kms:GenerateDataKey");
    }
    try (var sns = Clients.of(SnsClient.builder(), stack, as("KeyHolderRole"))) {
      assertThat(sns.publish(r -> r.topicArn(topic).message("open")).messageId()).isNotBlank();
    }
  }

  private static Credentials.Keys as(String role) {
    return stack.surroundings().credentials().issue(role, "arn:aws:iam::123456789012:role/" + role);
  }

  @Test
  void aDeadLetterSetsItsAlarmOffWhichSpeaksToTheBusAndToTheTopicsThatLetIt() throws Exception {
    var name = stack.outputs().get("Alarm");
    assertThat(name).isEqualTo("test-DeadAlarm");
    var notices = new LinkedBlockingQueue<Topics.Notice>();
    stack.topics().listen(notices::add);
    var changes = new LinkedBlockingQueue<Alarms.Change>();
    stack.alarms().listen(changes::add);
    // A new alarm knows nothing before its first minute is over.
    while (stack.alarms().state(name) != Alarms.State.OK)
      assertThat(changes.poll(10, TimeUnit.SECONDS)).isNotNull();
    try (var sqs = Clients.of(SqsClient.builder(), stack, stack.operator())) {
      sqs.sendMessage(r -> r.queueUrl(stack.endpoint() + "/123456789012/dead").messageBody("x"));
    }

    Alarms.Change change;
    do change = changes.poll(10, TimeUnit.SECONDS);
    while (change != null && change.to() != Alarms.State.ALARM);
    assertThat(change).isNotNull();
    assertThat(stack.alarms().state(name)).isEqualTo(Alarms.State.ALARM);
    assertThat(stack.alarms().changes()).contains(change);
    var notice = notices.poll(10, TimeUnit.SECONDS);
    assertThat(notice.topicArn()).isEqualTo(stack.outputs().get("Topic"));
    assertThat(notice.subject()).isEqualTo("ALARM: \"test-DeadAlarm\" in Asia Pacific (Tokyo)");
    var message = Json.parse(notice.message());
    assertThat(message.at("NewStateValue").text()).isEqualTo("ALARM");
    assertThat(message.at("Trigger").at("MetricName").text())
        .isEqualTo("ApproximateNumberOfMessagesVisible");
    assertThat(stack.calls().all())
        .anySatisfy(
            call -> {
              assertThat(call.caller()).isEqualTo("alarm " + name);
              assertThat(call.error())
                  .contains("is not authorized to perform sns:Publish on")
                  .contains("Closed");
            });
    assertThat(stack.events().events())
        .map(Json::parse)
        .filteredOn(event -> event.at("detail-type").text().equals("CloudWatch Alarm State Change"))
        .last()
        .satisfies(
            event -> {
              assertThat(event.at("source").text()).isEqualTo("aws.cloudwatch");
              assertThat(event.at("resources").items().getFirst().text())
                  .isEqualTo("arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:" + name);
              assertThat(event.at("detail").at("alarmName").text()).isEqualTo(name);
              assertThat(event.at("detail").at("state").at("value").text()).isEqualTo("ALARM");
              assertThat(event.at("detail").at("previousState").at("value").text()).isEqualTo("OK");
            });
  }

  @Test
  void aRoleThatMayNotSeeAlarmsIsToldSo() {
    try (var cloudwatch = Clients.of(CloudWatchClient.builder(), stack, worker())) {
      assertThatThrownBy(() -> cloudwatch.describeAlarms(r -> r.alarmNames("test-DeadAlarm")))
          .isInstanceOf(CloudWatchException.class)
          .hasMessageContaining(
              "is not authorized to perform: cloudwatch:DescribeAlarms on resource:"
                  + " arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:test-DeadAlarm");
    }
    try (var cloudwatch = Clients.of(CloudWatchClient.builder(), stack, stack.operator())) {
      assertThat(cloudwatch.describeAlarms().metricAlarms())
          .extracting(alarm -> alarm.alarmName())
          .containsExactly("test-DeadAlarm");
    }
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
