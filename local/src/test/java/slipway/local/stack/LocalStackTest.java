package slipway.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;
import slipway.local.cloud.Credentials;
import slipway.local.lambda.Outcome;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
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

/** The core of the local AWS, through the front door with real SDK clients and real child JVMs. */
class LocalStackTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  @TempDir private static Path folder;
  private static LocalStack stack;
  private static Path notes;

  @BeforeAll
  static void start() throws IOException {
    notes = folder.resolve("notes.txt");
    var queueStatement =
        """
        [{'Effect': 'Allow', 'Action': ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          'Resource': {'Fn::GetAtt': ['Work', 'Arn']}},
         {'Effect': 'Allow', 'Action': 'sqs:SendMessage', 'Resource': {'Fn::GetAtt': ['Failed', 'Arn']}},
         {'Effect': 'Allow', 'Action': ['dynamodb:PutItem', 'dynamodb:GetItem'], 'Resource': {'Fn::GetAtt': ['Table', 'Arn']}},
         {'Effect': 'Deny', 'Action': 's3:*', 'Resource': '*'}]\
        """;
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
            .resource("Failed", "AWS::SQS::Queue", "{'QueueName': 'failed'}")
            .resource(
                "DeadWork", "AWS::SQS::Queue", "{'QueueName': 'dead.fifo', 'FifoQueue': true}")
            .resource(
                "Work",
                "AWS::SQS::Queue",
                """
                {'QueueName': 'work.fifo', 'FifoQueue': true, 'ContentBasedDeduplication': true,
                 'VisibilityTimeout': 180, 'DelaySeconds': 5,
                 'RedrivePolicy': {'deadLetterTargetArn': {'Fn::GetAtt': ['DeadWork', 'Arn']}, 'maxReceiveCount': 2}}\
                """)
            .resource(
                "Layer",
                "AWS::Lambda::LayerVersion",
                "{'Content': {'S3Bucket': 'b', 'S3Key': 'layer.zip'}}")
            .function(
                "Worker",
                queueStatement,
                "{'NOTES': '" + notes + "', 'LAYER': '/opt/note.txt', 'TABLE': {'Ref': 'Table'}}",
                """
                , 'Layers': [{'Ref': 'Layer'}], 'SnapStart': {'ApplyOn': 'PublishedVersions'},
                  'DeadLetterConfig': {'TargetArn': {'Fn::GetAtt': ['Failed', 'Arn']}}\
                """)
            .resource("Version", "AWS::Lambda::Version", "{'FunctionName': {'Ref': 'Worker'}}")
            .resource(
                "Live",
                "AWS::Lambda::Alias",
                """
                {'FunctionName': {'Ref': 'Worker'}, 'Name': 'live',
                 'FunctionVersion': {'Fn::GetAtt': ['Version', 'Version']}}\
                """)
            .resource(
                "Mapping",
                "AWS::Lambda::EventSourceMapping",
                """
                {'EventSourceArn': {'Fn::GetAtt': ['Work', 'Arn']}, 'FunctionName': {'Ref': 'Live'}, 'BatchSize': 10,
                 'FunctionResponseTypes': ['ReportBatchItemFailures'], 'ScalingConfig': {'MaximumConcurrency': 2}}\
                """)
            .resource(
                "Rule",
                "AWS::Events::Rule",
                """
                {'Name': 'pushed', 'EventPattern': {'source': ['aws.ecr'], 'detail': {'image-tag': ['live']}},
                 'Targets': [{'Id': 'queue', 'Arn': {'Fn::GetAtt': ['Work', 'Arn']}, 'SqsParameters': {'MessageGroupId': 'dice'}}]}\
                """)
            .resource(
                "WorkPolicy",
                "AWS::SQS::QueuePolicy",
                """
                {'Queues': [{'Ref': 'Work'}], 'PolicyDocument': {'Statement': [
                  {'Effect': 'Allow', 'Action': 'sqs:SendMessage', 'Resource': {'Fn::GetAtt': ['Work', 'Arn']},
                   'Principal': {'Service': 'events.amazonaws.com'},
                   'Condition': {'ArnEquals': {'aws:SourceArn': {'Fn::GetAtt': ['Rule', 'Arn']}}}}]}}\
                """)
            .resource(
                "Url",
                "AWS::Lambda::Url",
                "{'AuthType': 'NONE', 'TargetFunctionArn': {'Ref': 'Worker'}, 'Qualifier': 'live'}",
                "Live")
            .resource(
                "UrlAllowed",
                "AWS::Lambda::Permission",
                """
                {'FunctionName': {'Ref': 'Live'}, 'Principal': '*', 'Action': 'lambda:InvokeFunctionUrl',
                 'FunctionUrlAuthType': 'NONE'}\
                """)
            .resource(
                "UrlAllowedToo",
                "AWS::Lambda::Permission",
                """
                {'FunctionName': {'Ref': 'Live'}, 'Principal': '*', 'Action': 'lambda:InvokeFunction',
                 'InvokedViaFunctionUrl': true}\
                """)
            .resource(
                "ClosedUrl",
                "AWS::Lambda::Url",
                "{'AuthType': 'NONE', 'TargetFunctionArn': {'Ref': 'Worker'}}")
            .resource("Custom", "Custom::Thing", "{'ServiceToken': {'Ref': 'Live'}, 'Size': 3}")
            .function("Slow", "[]", "{}", ", 'Timeout': 1")
            .resource(
                "ScheduleRole",
                "AWS::IAM::Role",
                """
                {'AssumeRolePolicyDocument': {'Statement': [
                   {'Effect': 'Allow', 'Action': 'sts:AssumeRole', 'Principal': {'Service': 'scheduler.amazonaws.com'}}]},
                 'Policies': [{'PolicyName': 'inline', 'PolicyDocument': {'Statement': [
                   {'Effect': 'Allow', 'Action': 'lambda:InvokeFunction', 'Resource': {'Ref': 'Live'}}]}}]}\
                """)
            .resource(
                "Hourly",
                "AWS::Scheduler::Schedule",
                """
                {'Name': 'hourly', 'ScheduleExpression': 'rate(10 days)', 'FlexibleTimeWindow': {'Mode': 'OFF'},
                 'Target': {'Arn': {'Ref': 'Live'}, 'RoleArn': {'Fn::GetAtt': ['ScheduleRole', 'Arn']},
                            'Input': '{\\'do\\': \\'note\\', \\'text\\': \\'scheduled\\'}'}}\
                """)
            .resource(
                "Unallowed",
                "AWS::Scheduler::Schedule",
                """
                {'Name': 'unallowed', 'ScheduleExpression': 'cron(0 3 * * ? *)', 'FlexibleTimeWindow': {'Mode': 'OFF'},
                 'Target': {'Arn': {'Fn::GetAtt': ['Slow', 'Arn']}, 'RoleArn': {'Fn::GetAtt': ['ScheduleRole', 'Arn']}}}\
                """)
            .resource("Reports", "AWS::S3::Bucket", "{}")
            .resource("Topic", "AWS::SNS::Topic", "{}")
            .resource(
                "Secret",
                "AWS::SecretsManager::Secret",
                "{'GenerateSecretString': {'PasswordLength': 40, 'ExcludePunctuation': true}}")
            .output("Answer", "{'Fn::GetAtt': ['Custom', 'Answer']}")
            .output("Url", "{'Fn::GetAtt': ['Url', 'FunctionUrl']}")
            .output("ClosedUrl", "{'Fn::GetAtt': ['ClosedUrl', 'FunctionUrl']}")
            .output("Topic", "{'Ref': 'Topic'}")
            .output("Bucket", "{'Ref': 'Reports'}")
            .output("Secret", "{'Ref': 'Secret'}")
            .output("Queue", "{'Ref': 'Work'}")
            .start();
  }

  @AfterAll
  static void stop() {
    var work = stack.logs().getParent();
    var children = ProcessHandle.current().children().toList();
    stack.close();
    assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    assertThat(work).doesNotExist();
  }

  private static Credentials.Keys worker() {
    return stack
        .surroundings()
        .credentials()
        .issue("Worker", "arn:aws:iam::123456789012:role/WorkerRole");
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
      B builder, Credentials.Keys keys) {
    return builder
        .endpointOverride(stack.endpoint())
        .region(Region.AP_NORTHEAST_1)
        .httpClient(UrlConnectionHttpClient.create())
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsSessionCredentials.create(
                    keys.caller().accessKey(), keys.secret(), keys.token())))
        .build();
  }

  @Test
  void aConditionalPutSucceedsOnceAndThenSaysWhyNot() {
    try (var dynamo = client(DynamoDbClient.builder(), worker())) {
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
    try (var dynamo = client(DynamoDbClient.builder(), worker())) {
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
    try (var dynamo = client(DynamoDbClient.builder(), worker())) {
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
    try (var ecs = client(EcsClient.builder(), stack.operator())) {
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
    try (var sqs = client(SqsClient.builder(), stranger)) {
      assertThatThrownBy(() -> sqs.listQueues())
          .isInstanceOf(SqsException.class)
          .hasMessageContaining("security token included in the request is invalid");
    }
  }

  @Test
  void aFifoQueueFeedsItsFunctionInOrderAndBuriesWhatFailsTwice() throws Exception {
    var dead = stack.queues().byName("dead.fifo").orElseThrow();
    try (var sqs = client(SqsClient.builder(), stack.operator())) {
      for (var body : List.of("first", "second", "poison"))
        sqs.sendMessage(
            r -> r.queueUrl(stack.outputs().get("Queue")).messageBody(body).messageGroupId("a"));
      assertThat(dead.awaitSize(1, LONG)).isTrue();
      assertThat(dead.bodies()).containsExactly("poison");
      sqs.sendMessage(
          r -> r.queueUrl(stack.outputs().get("Queue")).messageBody("fourth").messageGroupId("a"));
    }
    awaitNote("a fourth");
    var lines = Files.readAllLines(notes).stream().filter(l -> l.startsWith("a ")).toList();
    assertThat(lines)
        .containsExactly("a first", "a second", "a poison failed", "a poison failed", "a fourth");
  }

  @Test
  void anEventGoesThroughTheRuleToTheQueueToTheFunctionWithItsGroup() throws Exception {
    stack
        .events()
        .put(
            "aws.ecr", "ECR Image Action", List.of(), Map.of("image-tag", "other", "n", "skipped"));
    stack
        .events()
        .put("aws.ecr", "ECR Image Action", List.of(), Map.of("image-tag", "live", "n", "taken"));
    var note = awaitNote("dice {");
    var event = Json.parse(note.substring(note.indexOf('{')));
    assertThat(event.at("detail").at("n").text()).isEqualTo("taken");
    assertThat(event.at("detail-type").text()).isEqualTo("ECR Image Action");
    assertThat(event.at("account").text()).isEqualTo("123456789012");
  }

  /** A note that starts so; waits for the calls that make notes. */
  private static String awaitNote(String start) throws Exception {
    var more = new java.util.concurrent.Semaphore(0);
    stack.calls().listen(_ -> more.release());
    while (true) {
      if (Files.exists(notes))
        for (var line : Files.readAllLines(notes)) if (line.startsWith(start)) return line;
      assertThat(more.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)).as(start).isTrue();
    }
  }

  @Test
  void aSynchronousInvocationReturnsWhatTheFunctionReturns() {
    assertThat(stack.functions().invoke("Worker:live", "{\"x\":1}".getBytes()))
        .isInstanceOfSatisfying(
            Outcome.Returned.class, r -> assertThat(r.text()).isEqualTo("{\"x\":1}"));
    assertThat(stack.functions().invoke("Worker:live", "{\"do\":\"fail\"}".getBytes()))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            f -> assertThat(f.reason()).isEqualTo("java.lang.IllegalStateException: told to fail"));
  }

  @Test
  void aProcessThatDiesIsAFailureAndTheNextInvocationGetsANewOne() {
    assertThat(stack.functions().invoke("Worker:live", "{\"do\":\"exit\"}".getBytes()))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, f -> assertThat(f.reason()).contains("exited with code 3"));
    assertThat(stack.functions().invoke("Worker:live", "{}".getBytes()))
        .isInstanceOf(Outcome.Returned.class);
  }

  @Test
  void aFunctionThatRunsTooLongIsKilled() {
    assertThat(stack.functions().invoke("Slow", "{\"do\":\"hang\"}".getBytes()))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            f -> assertThat(f.reason()).contains("Task timed out after 1.00 seconds"));
  }

  @Test
  void aScheduleInvokesItsTargetWithItsInput() throws Exception {
    stack.schedules().fireNow("hourly");
    assertThat(awaitNote("noted ")).isEqualTo("noted scheduled");
  }

  @Test
  void aScheduleWhoseRoleMayNotInvokeSaysSo() {
    stack.schedules().fireNow("unallowed");
    assertThat(stack.calls().all())
        .anySatisfy(
            call -> {
              assertThat(call.caller()).isEqualTo("schedule unallowed");
              assertThat(call.error())
                  .contains("is not authorized to perform lambda:InvokeFunction");
            });
  }

  @Test
  void aFunctionSeesItsVariablesItsRoleAndItsLayer() {
    var outcome =
        (Outcome.Returned)
            stack.functions().invoke("Worker:live", "{\"do\":\"environment\"}".getBytes());
    var environment = Json.parse(outcome.text());
    assertThat(environment.at("TABLE").text()).isEqualTo("things");
    assertThat(environment.at("AWS_ENDPOINT_URL").text()).isEqualTo(stack.endpoint().toString());
    assertThat(environment.at("AWS_LAMBDA_INITIALIZATION_TYPE").text()).isEqualTo("snap-start");
    assertThat(
            stack
                .surroundings()
                .credentials()
                .find(environment.at("AWS_ACCESS_KEY_ID").text())
                .orElseThrow()
                .roleArn())
        .isEqualTo("arn:aws:iam::123456789012:role/WorkerRole");
    assertThat(environment.at("HOME").missing()).isTrue();
    assertThat(
            ((Outcome.Returned)
                    stack.functions().invoke("Worker:live", "{\"do\":\"layer\"}".getBytes()))
                .text())
        .isEqualTo("\"a layer\"");
  }

  @Test
  void anAsynchronousInvocationThatFailsThreeTimesEndsInTheDeadLetterQueue() throws Exception {
    var failed = stack.queues().byName("failed").orElseThrow();
    send(
        HttpRequest.newBuilder(
                URI.create(
                    stack.endpoint() + "/2015-03-31/functions/Worker/invocations?Qualifier=live"))
            .header("X-Amz-Invocation-Type", "Event")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential="
                    + stack.operator().caller().accessKey()
                    + "/20260101/ap-northeast-1/lambda/aws4_request, Signature=0")
            .POST(HttpRequest.BodyPublishers.ofString("{\"do\":\"fail\"}")));
    assertThat(failed.awaitSize(1, LONG)).isTrue();
    assertThat(failed.bodies()).containsExactly("{\"do\":\"fail\"}");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void aFunctionUrlPassesTheRequestAndTheReply() throws Exception {
    var url = stack.outputs().get("Url");
    var answer =
        send(
            HttpRequest.newBuilder(URI.create(url + "hook"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("X-Seen")).contains("yes");
    assertThat(answer.body()).isEqualTo("/hook {} false");
    var failure =
        send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("fail")));
    assertThat(failure.statusCode()).isEqualTo(502);
    var large =
        send(
            HttpRequest.newBuilder(URI.create(url))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[6 * 1024 * 1024 + 1])));
    assertThat(large.statusCode()).isEqualTo(413);
  }

  @Test
  void aFunctionUrlWithoutPermissionsIsForbidden() throws Exception {
    var answer = send(HttpRequest.newBuilder(URI.create(stack.outputs().get("ClosedUrl"))));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("lambda:InvokeFunctionUrl");
  }

  @Test
  void aCustomResourceGivesItsAttributes() {
    assertThat(stack.outputs()).containsEntry("Answer", "42");
  }

  @Test
  void objectsAreKeptByKey() {
    var bucket = stack.outputs().get("Bucket");
    try (var s3 = client(S3Client.builder(), stack.operator())) {
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
    try (var s3 = client(S3Client.builder(), worker())) {
      assertThatThrownBy(() -> s3.getObjectAsBytes(r -> r.bucket(bucket).key("none")))
          .hasMessageContaining("with an explicit deny in policy inline");
    }
  }

  @Test
  void aNoticeReachesItsListener() throws Exception {
    var heard = new CountDownLatch(1);
    stack.topics().listen(_ -> heard.countDown());
    try (var sns = client(SnsClient.builder(), stack.operator())) {
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
    try (var secrets = client(SecretsManagerClient.builder(), stack.operator())) {
      assertThat(
              secrets.getSecretValue(r -> r.secretId(stack.outputs().get("Secret"))).secretString())
          .matches("[A-Za-z0-9]{40}");
      assertThat(secrets.getSecretValue(r -> r.secretId("given")).secretString())
          .isEqualTo("by the user");
    }
  }
}
