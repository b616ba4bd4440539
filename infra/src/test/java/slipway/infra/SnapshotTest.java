package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import slipway.json.Json;

/** What a change does to the template, for the reviewer's eyes. */
class SnapshotTest {
  private static final Path SNAPSHOT = Path.of("src/test/resources/template.snapshot.json");

  @Test
  void theTemplateIsWhatWasReviewed() throws IOException {
    var now =
        JSON.std
                .with(JSON.Feature.PRETTY_PRINT_OUTPUT)
                .asString(withoutMetadata(Synthesized.template()))
                // Hashes of code, and names made of them.
                .replaceAll("[0-9a-f]{64}\\.zip", "<hash>.zip")
                .replaceAll("(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}", "$1<hash>")
            + "\n";
    if ("update".equals(System.getProperty("snapshot"))) Files.writeString(SNAPSHOT, now);
    assertThat(now)
        .as("if this change is meant: mvn -pl infra -am verify -Dsnapshot=update, and commit")
        .isEqualTo(Files.readString(SNAPSHOT));
  }

  /** Without the excuses for cdk-nag, which stand in the code, once instead of on each part. */
  private static Map<String, Object> withoutMetadata(Map<String, Object> template) {
    var resources = new LinkedHashMap<String, Object>();
    Json.of(template)
        .at("Resources")
        .members()
        .forEach(
            (id, resource) -> {
              var members = new LinkedHashMap<String, Object>();
              resource.members().forEach((name, member) -> members.put(name, member.value()));
              members.remove("Metadata");
              resources.put(id, members);
            });
    var copy = new LinkedHashMap<>(template);
    copy.put("Resources", resources);
    return copy;
  }
}
