package slipway.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;
import slipway.local.lambda.Outcome;
import slipway.local.queues.Message;

/** A second deployment of a stack. */
class UpdateTest {
  private static final String QUEUE =
      "{'QueueName': 'work', 'VisibilityTimeout': 60, 'DelaySeconds': %d}";
  private static final String RULE =
      """
      {'Name': 'pushed', 'EventPattern': {'source': ['%s']},
       'Targets': [{'Id': 'queue', 'Arn': {'Fn::GetAtt': ['Work', 'Arn']}}]}\
      """;

  @TempDir private Path folder;
  private final List<Progress> progress = new CopyOnWriteArrayList<>();
  private LocalStack stack;

  @AfterEach
  void close() {
    if (stack != null) stack.close();
  }

  private Assembly started(Assembly assembly) throws IOException {
    stack = assembly.start(progress::add);
    progress.clear();
    return assembly;
  }

  private Changes update(Assembly assembly) throws IOException {
    return stack.update(assembly.write());
  }

  private Assembly queueAndRule() throws IOException {
    return started(
        new Assembly(folder)
            .resource("Work", "AWS::SQS::Queue", QUEUE.formatted(0))
            .resource("Rule", "AWS::Events::Rule", RULE.formatted("a.b"))
            .resource(
                "WorkPolicy",
                "AWS::SQS::QueuePolicy",
                """
                {'Queues': [{'Ref': 'Work'}], 'PolicyDocument': {'Statement': [
                  {'Effect': 'Allow', 'Action': 'sqs:SendMessage', 'Resource': '*',
                   'Principal': {'Service': 'events.amazonaws.com'}}]}}\
                """));
  }

  @Test
  void theSameTemplateChangesNothing() throws IOException {
    var assembly = queueAndRule();

    var changes = update(assembly);

    assertThat(changes.none()).isTrue();
    assertThat(changes).hasToString("nothing");
    assertThat(progress).isEmpty();
  }

  @Test
  void whatIsChangedInPlaceKeepsWhatIsInIt() throws Exception {
    var assembly = queueAndRule();
    var queue = stack.queues().byName("work").orElseThrow();
    queue.send(new Message.Sending("kept", "", "", Map.of()));

    var changes =
        update(
            assembly
                .resource("Work", "AWS::SQS::Queue", QUEUE.formatted(1))
                .resource("Rule", "AWS::Events::Rule", RULE.formatted("c.d")));
    stack.events().put("a.b", "Old", List.of(), Map.of());
    stack.events().put("c.d", "New", List.of(), Map.of());

    assertThat(changes).hasToString("{changed=[Rule, Work]}");
    assertThat(stack.queues().byName("work")).containsSame(queue);
    assertThat(queue.awaitSize(2, Duration.ofSeconds(5))).isTrue();
    assertThat(queue.bodies().getFirst()).isEqualTo("kept");
    assertThat(queue.bodies().getLast()).contains("\"detail-type\":\"New\"");
  }

  @Test
  void whatIsNewIsMadeAndWhatIsGoneIsDeletedLast() throws IOException {
    var assembly = queueAndRule();

    var changes =
        update(
            assembly
                .without("Rule")
                .without("WorkPolicy")
                .without("Work")
                .resource("Topic", "AWS::SNS::Topic", "{'TopicName': 'news'}"));

    assertThat(changes).hasToString("{deleted=[Rule, Work, WorkPolicy], made=[Topic]}");
    assertThat(stack.queues().all()).isEmpty();
    assertThat(progress).extracting(Progress::logicalId).startsWith("Topic").endsWith("Work");
  }

  @Test
  void aReplacementIsMadeBeforeItsDependentsAreChangedAndTheOldOneIsDeletedAfter()
      throws IOException {
    var table =
        """
        {'KeySchema': [{'AttributeName': '%1$s', 'KeyType': 'HASH'}],
         'AttributeDefinitions': [{'AttributeName': '%1$s', 'AttributeType': 'S'}]}\
        """;
    var assembly =
        started(
            new Assembly(folder)
                .resource("Table", "AWS::DynamoDB::Table", table.formatted("pk"))
                .resource(
                    "Named", "AWS::SNS::Topic", "{'DisplayName': {'Fn::GetAtt': ['Table', 'Arn']}}")
                .output("Table", "{'Ref': 'Table'}"));
    assertThat(stack.outputs()).containsEntry("Table", "test-Table");

    var changes = update(assembly.resource("Table", "AWS::DynamoDB::Table", table.formatted("id")));

    assertThat(changes).hasToString("{changed=[Named], deleted=[Table], replaced=[Table]}");
    assertThat(progress)
        .extracting(done -> done.action() + " " + done.logicalId())
        .containsExactly("REPLACED Table", "CHANGED Named", "DELETED Table");
    assertThat(stack.outputs()).containsEntry("Table", "test-Table-2");
  }

  @Test
  void aReplacedResourceThatIsToBeKeptIsLeft() throws IOException {
    var assembly =
        started(
            new Assembly(folder)
                .resource("Reports", "AWS::S3::Bucket", "{'BucketName': 'first'}")
                .retained("Reports"));

    var changes =
        update(
            assembly
                .resource("Reports", "AWS::S3::Bucket", "{'BucketName': 'second'}")
                .retained("Reports"));

    assertThat(changes).hasToString("{left={Reports=first}, replaced=[Reports]}");
    assertThat(stack.buckets().existing())
        .containsExactlyInAnyOrder("arn:aws:s3:::first", "arn:aws:s3:::second");
  }

  @Test
  void whatHasANameOfTheTemplatesCannotBeReplacedUnderIt() throws IOException {
    var assembly = started(new Assembly(folder).resource("Work", "AWS::SQS::Queue", "{}"));
    update(
        assembly.resource("Work", "AWS::SQS::Queue", "{'QueueName': 'a.fifo', 'FifoQueue': true}"));

    assertThatThrownBy(
            () -> update(assembly.resource("Work", "AWS::SQS::Queue", "{'QueueName': 'a.fifo'}")))
        .isInstanceOf(StackFailure.class)
        .hasMessage(
            "cannot change Work (AWS::SQS::Queue): CloudFormation cannot update a stack when a"
                + " custom-named resource requires replacing. Rename a.fifo and update the stack"
                + " again.");
  }

  @Test
  void aFunctionIsPublishedAnewAndItsAliasMovesOn() throws IOException {
    var version = "{'FunctionName': {'Ref': 'Worker'}}";
    var alias =
        """
        {'FunctionName': {'Ref': 'Worker'}, 'Name': 'live',
         'FunctionVersion': {'Fn::GetAtt': ['%s', 'Version']}}\
        """;
    var snapStart = ", 'SnapStart': {'ApplyOn': 'PublishedVersions'}";
    var assembly =
        started(
            new Assembly(folder)
                .function("Worker", "[]", "{'WORD': 'one'}", snapStart)
                .resource("First", "AWS::Lambda::Version", version)
                .resource("Live", "AWS::Lambda::Alias", alias.formatted("First")));
    assertThat(word()).isEqualTo("one");

    var changes =
        update(
            assembly
                .function("Worker", "[]", "{'WORD': 'two'}", snapStart)
                .without("First")
                .resource("Second", "AWS::Lambda::Version", version, "Worker")
                .resource("Live", "AWS::Lambda::Alias", alias.formatted("Second")));

    assertThat(changes).hasToString("{changed=[Live, Worker], deleted=[First], made=[Second]}");
    assertThat(word()).isEqualTo("two");
    assertThatThrownBy(() -> stack.functions().arn("Worker:1"))
        .hasMessageContaining("Function not found");
  }

  private String word() {
    var outcome =
        (Outcome.Returned)
            stack.functions().invoke("Worker:live", "{\"do\":\"environment\"}".getBytes());
    return Json.parse(outcome.text()).at("WORD").text();
  }

  private Assembly custom(Path notes, String properties) {
    return new Assembly(folder)
        .function("Maker", "[]", "{'NOTES': '" + notes + "'}", "")
        .resource("Thing", "Custom::Thing", thing(properties));
  }

  private static String thing(String properties) {
    return "{'ServiceToken': {'Fn::GetAtt': ['Maker', 'Arn']}, 'Noted': 'yes', %s}"
        .formatted(properties);
  }

  @Test
  void aCustomResourceIsToldWhatItWasAndAnotherPhysicalIdEndsTheOldOne() throws IOException {
    var notes = folder.resolve("notes.txt");
    var assembly = started(custom(notes, "'Id': 'one', 'Size': 1"));

    update(assembly.resource("Thing", "Custom::Thing", thing("'Id': 'one', 'Size': 2")));
    var changes =
        update(assembly.resource("Thing", "Custom::Thing", thing("'Id': 'two', 'Size': 2")));
    stack.destroy();

    assertThat(changes).hasToString("{deleted=[Thing], replaced=[Thing]}");
    assertThat(Files.readAllLines(notes))
        .containsExactly(
            "Create - null one",
            "Update one one one",
            "Update one one two",
            "Delete one null one",
            "Delete two null two");
  }

  @Test
  void aFailureIsToldWithItsReasonAndWhatWasChangedIsPutBack() throws IOException {
    var notes = folder.resolve("notes.txt");
    var assembly =
        started(
            custom(notes, "'Id': 'one'")
                .resource("Work", "AWS::SQS::Queue", QUEUE.formatted(0))
                .resource("Topic", "AWS::SNS::Topic", "{'TopicName': 'old'}"));
    var before = stack.resources();

    assertThatThrownBy(
            () ->
                update(
                    assembly
                        .resource("Work", "AWS::SQS::Queue", QUEUE.formatted(30))
                        .resource("Topic", "AWS::SNS::Topic", "{'TopicName': 'new'}")
                        .resource("More", "AWS::SNS::Topic", "{'TopicName': 'more'}")
                        .resource(
                            "Thing",
                            "Custom::Thing",
                            thing("'Id': 'one', 'Refuse': 'no room'"),
                            "Work",
                            "Topic",
                            "More")))
        .isInstanceOf(StackFailure.class)
        .hasMessage("cannot change Thing (Custom::Thing): no room")
        .hasNoSuppressedExceptions();

    assertThat(stack.resources()).isEqualTo(before);
    assertThat(stack.topics().existing())
        .containsExactly("arn:aws:sns:ap-northeast-1:123456789012:old");
    assertThat(progress)
        .extracting(done -> done.action() + " " + done.logicalId())
        .contains("PUT_BACK Work", "PUT_BACK Thing", "DELETED Topic", "DELETED More");
    assertThat(
            update(
                    assembly
                        .without("More")
                        .without("Thing")
                        .without("Topic")
                        .without("Work")
                        .resource("Work", "AWS::SQS::Queue", QUEUE.formatted(0))
                        .resource("Topic", "AWS::SNS::Topic", "{'TopicName': 'old'}")
                        .resource("Thing", "Custom::Thing", thing("'Id': 'one'")))
                .none())
        .isTrue();
  }

  @Test
  void aChangeThatIsNotPlayedIsNamed() throws IOException {
    var url = "{'AuthType': 'NONE', 'TargetFunctionArn': {'Ref': 'Worker'}%s}";
    var assembly =
        started(
            new Assembly(folder)
                .function("Worker", "[]", "{}", "")
                .resource("Url", "AWS::Lambda::Url", url.formatted("")));

    assertThatThrownBy(
            () ->
                update(
                    assembly.resource(
                        "Url", "AWS::Lambda::Url", url.formatted(", 'InvokeMode': 'BUFFERED'"))))
        .hasMessage(
            "cannot change Url (AWS::Lambda::Url): local does not play a change of"
                + " AWS::Lambda::Url");
  }

  @Test
  void aResourceKeepsItsType() throws IOException {
    var assembly = started(new Assembly(folder).resource("A", "AWS::SQS::Queue", "{}"));

    assertThatThrownBy(() -> update(assembly.resource("A", "AWS::SNS::Topic", "{}")))
        .hasMessage(
            "cannot change A (AWS::SNS::Topic): Update of resource type is not permitted: it is a"
                + " AWS::SQS::Queue");
  }
}
