package slipway.local.stack;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads when a stack cannot be made. */
class StackFailureTest {
  @TempDir private Path folder;

  @Test
  void aCustomResourceThatFailsGivesItsReason() {
    assertThatThrownBy(
            () ->
                new Assembly(folder)
                    .function("Maker", "[]", "{}", "")
                    .resource(
                        "Thing",
                        "Custom::Thing",
                        "{'ServiceToken': {'Fn::GetAtt': ['Maker', 'Arn']}, 'Refuse': 'no room'}")
                    .start())
        .isInstanceOf(StackFailure.class)
        .hasMessage("cannot make Thing (Custom::Thing): no room");
  }

  @Test
  void everyUnknownTypeIsNamedBeforeAnythingIsMade() {
    assertThatThrownBy(
            () ->
                new Assembly(folder)
                    .resource("A", "AWS::Moon::Base", "{}")
                    .resource("B", "AWS::Mars::Base", "{}")
                    .start())
        .hasMessage(
            "local plays no resource of these types: A (AWS::Moon::Base), B (AWS::Mars::Base)");
  }

  @Test
  void aPatternThatEventBridgeWouldRefuseFails() {
    assertThatThrownBy(
            () ->
                new Assembly(folder)
                    .resource(
                        "Rule", "AWS::Events::Rule", "{'EventPattern': {'source': 'aws.ecr'}}")
                    .start())
        .hasMessageContaining("cannot make Rule (AWS::Events::Rule)")
        .hasMessageContaining("EventBridge would refuse the pattern");
  }

  @Test
  void anEventSourceWithoutPermissionsFails() {
    assertThatThrownBy(
            () ->
                new Assembly(folder)
                    .resource("Work", "AWS::SQS::Queue", "{'VisibilityTimeout': 60}")
                    .function("Worker", "[]", "{}", "")
                    .resource(
                        "Mapping",
                        "AWS::Lambda::EventSourceMapping",
                        """
                        {'EventSourceArn': {'Fn::GetAtt': ['Work', 'Arn']}, 'FunctionName': {'Ref': 'Worker'}}\
                        """)
                    .start())
        .hasMessageContaining(
            "The function execution role does not have permissions to call ReceiveMessage on SQS");
  }
}
