package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import slipway.RecordingServer;
import slipway.RecordingServer.Reply;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class ReportsTest {
  private final ArrayDeque<Reply> replies = new ArrayDeque<>();
  private final RecordingServer server = new RecordingServer(_ -> replies.pop());
  private final Reports reports =
      new Reports(
          Reports.client(
              S3Client.builder()
                  .region(Region.AP_NORTHEAST_1)
                  .credentialsProvider(
                      StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")))
                  .endpointOverride(server.uri())),
          "reports");

  @AfterEach
  void stop() {
    server.close();
  }

  private void answers(int status, String xml) {
    replies.add(new Reply(status, xml));
  }

  private List<String> targets() {
    return server.calls().stream().map(call -> call.method() + " " + call.path()).toList();
  }

  @Test
  void aReportIsPutUnderItsKey() {
    answers(200, "");
    reports.write("audits/latest.md", "text/markdown; charset=utf-8", "# Größe\n");
    assertThat(targets()).containsExactly("PUT /reports/audits/latest.md");
    assertThat(server.calls().getFirst().body()).isEqualTo("# Größe\n");
  }

  @Test
  void aReportIsReadBack() {
    answers(200, "{}");
    assertThat(reports.read("audits/latest.json")).contains("{}");
    assertThat(targets()).containsExactly("GET /reports/audits/latest.json");
  }

  @Test
  void beforeTheFirstReportThereIsNone() {
    answers(404, "<Error><Code>NoSuchKey</Code><Message>no</Message></Error>");
    assertThat(reports.read("audits/latest.json")).isEmpty();
  }

  @Test
  void aMissingPermissionSaysWhichOne() {
    answers(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");
    assertThatThrownBy(() -> reports.read("audits/latest.json"))
        .hasMessageContaining("s3://reports/audits/latest.json")
        .hasMessageContaining("s3:ListBucket");
  }
}
