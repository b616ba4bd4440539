package slipway.local.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import slipway.json.Json;

/** What lies between two commits. */
final class ComparisonTest extends TestGitHub {
  @Test
  void comparedCommitsTellTheirFilesWhoeverMovedOn() throws Exception {
    var base = repository.head("main");
    Files.writeString(clone.resolve("app/App.java"), "class App { int sides = 6; }\n");
    Files.writeString(clone.resolve("two"), "2");
    commit("Six sides");
    git(clone, "mv", "README.md", "READ.md");
    git(clone, "rm", "-q", "two");
    Files.writeString(clone.resolve("three"), "3");
    var head = commit("Shorter");
    git(clone, "push", "-q", "origin", "main");
    git(clone, "switch", "-q", "-c", "feature/other", base);
    Files.writeString(clone.resolve("other"), "4");
    git(clone, "push", "-q", "origin", commit("Other") + ":refs/heads/feature/other");

    var ahead = compare(base, head);
    assertThat(counts(ahead)).isEqualTo("ahead 2 0 2");
    assertThat(ahead.at("files").items())
        .extracting(
            file -> file.at("filename").text(),
            file -> file.at("status").text(),
            file -> file.at("previous_filename").optionalText().orElse("-"))
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("READ.md", "renamed", "README.md"),
            org.assertj.core.groups.Tuple.tuple("app/App.java", "modified", "-"),
            org.assertj.core.groups.Tuple.tuple("three", "added", "-"));
    assertThat(ahead.at("commits").items())
        .extracting(commit -> commit.at("commit").at("message").text())
        .containsExactly("Six sides", "Shorter");
    assertThat(counts(compare(head, base))).isEqualTo("behind 0 2 0");
    assertThat(counts(compare("main", head))).isEqualTo("identical 0 0 0");
    var diverged = compare("main", "feature/other");
    assertThat(counts(diverged)).isEqualTo("diverged 1 2 1");
    assertThat(diverged.at("merge_base_commit").at("sha").text()).isEqualTo(base);
    assertThat(diverged.at("files").items())
        .extracting(file -> file.at("filename").text())
        .containsExactly("other");
    assertThat(get("/repos/example/dice/compare/" + ZEROS + "..." + head, Map.of()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void comparedCommitsTellThreeHundredFilesAtMost() throws Exception {
    var base = repository.head("main");
    for (int i = 0; i < 301; i++) Files.writeString(clone.resolve("file" + i), "content " + i);
    var head = commit("Many");
    git(clone, "push", "-q", "origin", "main");

    assertThat(compare(base, head).at("files").items()).hasSize(300);
  }

  private Json compare(String base, String head) throws Exception {
    var answer = get("/repos/example/dice/compare/" + base + "..." + head, Map.of());
    assertThat(answer.statusCode()).isEqualTo(200);
    return Json.parse(answer.body());
  }

  private static String counts(Json comparison) {
    return "%s %d %d %d"
        .formatted(
            comparison.at("status").text(),
            comparison.at("ahead_by").integer(0, 1000),
            comparison.at("behind_by").integer(0, 1000),
            comparison.at("total_commits").integer(0, 1000));
  }
}
