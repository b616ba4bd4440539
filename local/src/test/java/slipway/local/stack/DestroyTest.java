package slipway.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The end of a stack. */
@Isolated // whatever process runs is its own
class DestroyTest {
  @TempDir private Path folder;

  @Test
  void everythingThatAStackOfFunctionsMadeIsGone() throws IOException {
    try (var stack = FunctionsStack.in(folder, folder.resolve("notes.txt")).start()) {
      var left = stack.destroy();

      assertThat(left.kept()).isEmpty();
      // What the user made beside the stack.
      assertThat(left.existing())
          .singleElement()
          .asString()
          .startsWith("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:given-");
      assertThat(stack.resources()).isEmpty();
      assertThat(stack.outputs()).isEmpty();
      // The one that answered CloudFormation may still be returning from it.
      for (var process : ProcessHandle.current().children().toList())
        assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  @Test
  void whatIsToBeKeptIsLeftAndTold() throws IOException {
    var assembly =
        new Assembly(folder)
            .resource("Reports", "AWS::S3::Bucket", "{'BucketName': 'reports'}")
            .retained("Reports")
            .resource(
                "ReportsPolicy",
                "AWS::S3::BucketPolicy",
                "{'Bucket': {'Ref': 'Reports'}, 'PolicyDocument': {'Statement': []}}");
    try (var stack = assembly.start()) {
      Files.writeString(stack.buckets().folder("reports").resolve("latest.json"), "{}");

      var left = stack.destroy();

      assertThat(left.kept()).containsOnly(Map.entry("Reports", "reports"));
      assertThat(left.existing()).contains("arn:aws:s3:::reports").hasSize(2);
    }
  }

  @Test
  void aBucketThatIsNotEmptyStandsWithAllThatItNeedsAndCanBeDeletedLater() throws IOException {
    var assembly =
        new Assembly(folder)
            .resource(
                "Key",
                "AWS::KMS::Key",
                """
                {'KeyPolicy': {'Statement': [{'Effect': 'Allow', 'Action': 'kms:*', 'Resource': '*',
                  'Principal': {'AWS': 'arn:aws:iam::123456789012:root'}}]}}\
                """)
            .resource(
                "Reports",
                "AWS::S3::Bucket",
                "{'BucketName': 'reports', 'BucketEncryption': {'Ref': 'Key'}}")
            .resource("Topic", "AWS::SNS::Topic", "{}");
    try (var stack = assembly.start()) {
      var report = stack.buckets().folder("reports").resolve("latest.json");
      Files.writeString(report, "{}");

      assertThatThrownBy(stack::destroy)
          .isInstanceOf(StackFailure.class)
          .hasMessage(
              "cannot delete the stack: Key (AWS::KMS::Key): something that could not be deleted"
                  + " depends on it; Reports (AWS::S3::Bucket): The bucket you tried to delete is"
                  + " not empty");
      assertThat(stack.resources()).containsOnlyKeys("Key", "Reports");
      assertThat(stack.topics().existing()).isEmpty();

      Files.delete(report);
      assertThat(stack.destroy().kept()).isEqualTo(Map.of());
      assertThat(stack.buckets().existing()).isEqualTo(List.of());
    }
  }
}
