package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class ReportsTest {
  private Wire wire;
  private Reports reports;

  @BeforeEach
  void start() throws IOException {
    wire = new Wire();
    reports =
        new Reports(
            Reports.client(
                S3Client.builder()
                    .region(Region.AP_NORTHEAST_1)
                    .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")))
                    .endpointOverride(wire.uri())),
            "reports");
  }

  @AfterEach
  void stop() {
    wire.close();
  }

  @Test
  void aReportIsPutUnderItsKey() {
    wire.answersXml(200, "");
    reports.write("audits/latest.md", "text/markdown; charset=utf-8", "# Größe\n");
    assertThat(wire.targets()).containsExactly("PUT /reports/audits/latest.md");
    assertThat(wire.requests.getFirst().body()).isEqualTo("# Größe\n");
  }

  @Test
  void aReportIsReadBack() {
    wire.answersXml(200, "{}");
    assertThat(reports.read("audits/latest.json")).contains("{}");
    assertThat(wire.targets()).containsExactly("GET /reports/audits/latest.json");
  }

  @Test
  void beforeTheFirstReportThereIsNone() {
    wire.answersXml(404, "<Error><Code>NoSuchKey</Code><Message>no</Message></Error>");
    assertThat(reports.read("audits/latest.json")).isEmpty();
  }

  @Test
  void aMissingPermissionSaysWhichOne() {
    wire.answersXml(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");
    assertThatThrownBy(() -> reports.read("audits/latest.json"))
        .hasMessageContaining("s3://reports/audits/latest.json")
        .hasMessageContaining("s3:ListBucket");
  }
}
