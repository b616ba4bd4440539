package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.Samples;
import slipway.config.Config;
import slipway.config.Container;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.config.Source;
import slipway.json.Json;
import slipway.json.Malformed;

class PushDecisionTest {
  private static final Config DICE = Samples.config();

  /** A push of one commit to main that touches app, changed by each test where it matters. */
  private final Map<String, Object> push =
      new HashMap<>(
          Map.of(
              "repository",
              Map.of("full_name", "example/dice"),
              "ref",
              "refs/heads/main",
              "after",
              Samples.COMMIT,
              "created",
              false,
              "deleted",
              false,
              "forced",
              false,
              "commits",
              List.of(touching("app/pom.xml"))));

  @Test
  void thePathsOfAllCommitsAreUnited() {
    // The head commit of the sample touches README.md only.
    assertThat(PushDecision.of("push", sample("github-push.json"), DICE))
        .isInstanceOfSatisfying(
            PushDecision.Build.class,
            build -> {
              assertThat(build.commit()).isEqualTo(Samples.COMMIT);
              assertThat(build.images())
                  .extracting(Container.Built::repository)
                  .containsExactly("slipway/dice/app", "slipway/dice/adot");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          push         | github-push-tag.json            | refs/tags/v1.2.0: only branches are built
          push         | github-push-branch-deleted.json | branch feature/two-dice was deleted
          ping         | github-ping.json                | ping: the webhook is connected
          pull_request | github-pull-request-merged.json | event pull_request: only push starts a build
          """)
  void whatCallsForNoBuildIsIgnoredWithTheReason(String event, String file, String reason) {
    assertThat(PushDecision.of(event, sample(file), DICE))
        .isEqualTo(new PushDecision.Ignored(reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          app/pom.xml                | app
          app                        | app
          adot/otel-config.yaml      | adot
          buildspec.yml              | app adot
          app/buildspec.yml          | app
          """)
  void onlyImagesWhoseFolderWasTouchedAreBuilt(String path, String folders) {
    push.put("commits", List.of(touching(path)));
    assertThat(folders()).isEqualTo(folders);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "application/Main.java", "docs/app/index.md", "App/pom.xml"})
  void aPathOutsideTheFoldersBuildsNothing(String path) {
    push.put("commits", List.of(touching(path)));
    assertThat(decided())
        .isEqualTo(new PushDecision.Ignored("no folder with an image was touched"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"created", "forced"})
  void aNewOrForcedBranchBuildsEverything(String flag) {
    push.put(flag, true);
    assertThat(folders()).isEqualTo("app adot");
  }

  @Test
  void aPushWithoutCommitsBuildsEverything() {
    push.put("commits", List.of());
    assertThat(folders()).isEqualTo("app adot");
    push.remove("commits");
    assertThat(folders()).isEqualTo("app adot");
  }

  @Test
  void aCommitWithoutFilesBuildsEverythingAsGitHubLeavesOutLargeLists() {
    push.put("commits", List.of(touching("README.md"), touching()));
    assertThat(folders()).isEqualTo("app adot");
  }

  @ParameterizedTest
  @CsvSource({"2047, ''", "2048, app adot"})
  void asManyCommitsAsGitHubListsBuildEverything(int count, String folders) {
    var commits = new ArrayList<Object>();
    for (var i = 0; i < count; i++) commits.add(touching("README.md"));
    push.put("commits", commits);
    assertThat(folders()).isEqualTo(folders);
  }

  @ParameterizedTest
  @CsvSource({"2999, ''", "3000, app adot"})
  void asManyFilesAsGitHubListsBuildEverything(int count, String folders) {
    var paths = IntStream.range(0, count).mapToObj(i -> "docs/" + i).toArray(String[]::new);
    push.put("commits", List.of(touching(paths)));
    assertThat(folders()).isEqualTo(folders);
  }

  @Test
  void removedAndModifiedPathsCountAsAddedOnesDo() {
    push.put("commits", List.of(Map.of("added", List.of(), "removed", List.of("adot/old.yaml"))));
    assertThat(folders()).isEqualTo("adot");
  }

  @Test
  void anotherRepositoryIsIgnored() {
    push.put("repository", Map.of("full_name", "example/cards"));
    assertThat(decided())
        .isEqualTo(
            new PushDecision.Ignored("repository example/cards: Slipway follows example/dice"));
  }

  @Test
  void theRepositorysNameInAnotherCaseIsTheSameRepository() {
    push.put("repository", Map.of("full_name", "Example/Dice"));
    assertThat(folders()).isEqualTo("app");
  }

  @Test
  void ofManyRepositoriesOnlyTheServicesOfThisOneAreBuilt() {
    var both = Samples.config("example/cards");
    push.put("repository", Map.of("full_name", "example/cards"));

    assertThat(PushDecision.of("push", Json.of(push), both))
        .isInstanceOfSatisfying(
            PushDecision.Build.class,
            build -> {
              assertThat(build.source()).isEqualTo(new Source("example/cards", "main"));
              assertThat(build.images())
                  .extracting(Container.Built::repository)
                  .containsExactly("slipway/cards/app");
            });
    push.put("repository", Map.of("full_name", "example/chess"));
    assertThat(PushDecision.of("push", Json.of(push), both))
        .isEqualTo(
            new PushDecision.Ignored(
                "repository example/chess: Slipway follows example/dice, example/cards"));
  }

  @Test
  void ofManyBranchesOnlyTheServicesOfThisOneAreBuilt() {
    var dice = DICE.services().getFirst();
    var next = new Source("example/dice", "next");
    var beta =
        new Service(
            new ServiceName("beta"),
            next,
            dice.health(),
            dice.environmentName(),
            dice.cpu(),
            dice.memory(),
            dice.tasks(),
            List.of(
                new Container.Built("app", "app", "slipway/beta/app", Optional.of(80), Map.of())),
            List.of());
    var both =
        new Config(
            DICE.stack(),
            DICE.github(),
            List.of(dice, beta),
            DICE.audit(),
            DICE.repair(),
            DICE.budgets());

    push.put("ref", "refs/heads/next");
    assertThat(PushDecision.of("push", Json.of(push), both))
        .isEqualTo(
            new PushDecision.Build(
                next,
                beta.built(),
                Samples.COMMIT,
                Optional.empty(),
                "their folders were touched"));
    push.put("ref", "refs/heads/old");
    assertThat(PushDecision.of("push", Json.of(push), both))
        .isEqualTo(new PushDecision.Ignored("branch old: Slipway follows main, next"));
  }

  @Test
  void anotherBranchIsIgnored() {
    push.put("ref", "refs/heads/feature/main");
    assertThat(decided())
        .isEqualTo(new PushDecision.Ignored("branch feature/main: Slipway follows main"));
  }

  @Test
  void aDeletionIsSeenByItsZerosToo() {
    push.put("after", "0".repeat(40));
    assertThat(decided()).isEqualTo(new PushDecision.Ignored("branch main was deleted"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ref        | ref is missing: want text
          after      | after is missing: want text
          repository | repository.full_name is missing: want text
          """)
  void aPushWithoutAFieldIsMalformedThere(String field, String complaint) {
    push.remove(field);
    assertThatThrownBy(this::decided).isInstanceOf(Malformed.class).hasMessage(complaint);
  }

  @Test
  void aCommitIdThatIsNoneNeverReachesABuild() {
    push.put("after", "main; rm -rf");
    assertThatThrownBy(this::decided)
        .isInstanceOf(Malformed.class)
        .hasMessage("after is 'main; rm -rf': want a commit id");
  }

  @Test
  void theTimeOfThePushIsGitHubs() {
    assertThat(pushed(sample("github-push.json"))).contains(Instant.parse("2026-08-04T00:12:05Z"));
  }

  @Test
  void theTimeOfThePushMayBeTextAndMayBeMissing() {
    assertThat(pushedAt("2026-08-04T00:12:05Z")).contains(Instant.parse("2026-08-04T00:12:05Z"));
    assertThat(pushedAt("2026-08-04T02:12:05+02:00"))
        .contains(Instant.parse("2026-08-04T00:12:05Z"));
    push.put("repository", Map.of("full_name", "example/dice"));
    assertThat(pushed(Json.of(push))).isEmpty();
  }

  /** Odd, but no reason to build nothing: the commit's own time stands in. */
  @Test
  void aTimeThatCannotBeIsLeftOut() {
    assertThat(pushedAt(0)).isEmpty();
    assertThat(pushedAt(-1)).isEmpty();
    assertThat(pushedAt(1785802325000L)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"now", "1785802325", "$(date)"})
  void aTimeThatIsNoneIsMalformed(String time) {
    assertThatThrownBy(() -> pushedAt(time))
        .isInstanceOf(Malformed.class)
        .hasMessage("repository.pushed_at is '%s': want a time".formatted(time));
  }

  private Optional<Instant> pushedAt(Object time) {
    push.put("repository", Map.of("full_name", "example/dice", "pushed_at", time));
    return pushed(Json.of(push));
  }

  private static Optional<Instant> pushed(Json payload) {
    return ((PushDecision.Build) PushDecision.of("push", payload, DICE)).pushed();
  }

  private PushDecision decided() {
    return PushDecision.of("push", Json.of(push), DICE);
  }

  private String folders() {
    return switch (decided()) {
      case PushDecision.Build build ->
          String.join(" ", build.images().stream().map(Container.Built::folder).toList());
      case PushDecision.Ignored _ -> "";
    };
  }

  private static Map<String, Object> touching(String... paths) {
    return Map.of("added", List.of(), "modified", List.of(paths), "removed", List.of());
  }

  private static Json sample(String file) {
    return Json.parse(new String(Samples.event(file), UTF_8));
  }
}
