package slipway.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import slipway.Samples;
import slipway.config.Container;
import slipway.github.PastBuild.State;

class UnbuiltDecisionTest {
  private static final List<Container.Built> IMAGES =
      Samples.config().services().getFirst().built();
  private static final Container.Built APP = IMAGES.getFirst();
  private static final Container.Built ADOT = IMAGES.getLast();

  @ParameterizedTest
  @CsvSource({
    "app/pom.xml, app",
    "adot/config.yaml, adot",
    "buildspec.yml, app adot",
    "README.md, ''",
    "application/x, ''",
  })
  void whatChangedSinceItsLastBuildIsBuilt(String path, String folders) {
    assertThat(folders(both(new LastBuilt.At("a")), Map.of("a", new Changes.Listed(Set.of(path)))))
        .isEqualTo(folders);
  }

  @Test
  void eachImageIsComparedWithItsOwnLastBuild() {
    var last = new LinkedHashMap<Container.Built, LastBuilt>();
    last.put(APP, new LastBuilt.At("b"));
    last.put(ADOT, new LastBuilt.At("a"));
    var changes =
        Map.<String, Changes>of(
            "a", new Changes.Listed(Set.of("app/x", "adot/x")),
            "b", new Changes.Listed(Set.of("adot/x")));
    assertThat(UnbuiltDecision.of(last, changes))
        .isEqualTo(
            new UnbuiltDecision.Build(
                List.of(ADOT), "slipway/dice/adot was last built at a, and changed since"));
  }

  @Test
  void whereGitHubCannotTellEverythingIsBuilt() {
    assertThat(
            UnbuiltDecision.of(
                both(new LastBuilt.At("a")),
                Map.of("a", new Changes.Unknown("the branch was forced"))))
        .isEqualTo(
            new UnbuiltDecision.Build(
                IMAGES,
                "slipway/dice/app was last built at a, and the branch was forced;"
                    + " slipway/dice/adot was last built at a, and the branch was forced"));
  }

  @Test
  void whatWasNeverBuiltIsBuilt() {
    assertThat(folders(both(new LastBuilt.Never()), Map.of())).isEqualTo("app adot");
  }

  @Test
  void aBuildWhoseCommitIsNotKnownYetIsWaitedFor() {
    var last = new LinkedHashMap<>(both(new LastBuilt.Never()));
    last.put(ADOT, new LastBuilt.Underway());
    assertThat(UnbuiltDecision.of(last, Map.of()))
        .isEqualTo(
            new UnbuiltDecision.Later(
                "slipway/dice/adot is being built from a commit not known yet"));
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"RUNNING", "SUCCEEDED", "FAILED", "STOPPED"})
  void theLastBuildOfAnImageCountsHoweverItEnded(State state) {
    assertThat(last(build(state, "b", APP), build(State.SUCCEEDED, "a", APP)))
        .isEqualTo(new LastBuilt.At("b"));
  }

  @Test
  void aBuildThatBrokeByNobodysFaultIsAsIfItHadNeverBeen() {
    assertThat(last(build(State.BROKEN, "b", APP), build(State.SUCCEEDED, "a", APP)))
        .isEqualTo(new LastBuilt.At("a"));
  }

  @Test
  void buildsOfOtherImagesDoNotCount() {
    assertThat(last(build(State.SUCCEEDED, "b", ADOT), build(State.SUCCEEDED, "a", APP, ADOT)))
        .isEqualTo(new LastBuilt.At("a"));
  }

  @Test
  void aBuildOfAnUnknownCommitCountsOnlyWhileItRuns() {
    var running = new PastBuild(State.RUNNING, Optional.empty(), Set.of(APP.repository()));
    assertThat(last(running, build(State.SUCCEEDED, "a", APP))).isEqualTo(new LastBuilt.Underway());
    var failed = new PastBuild(State.FAILED, Optional.empty(), Set.of(APP.repository()));
    assertThat(last(failed, build(State.SUCCEEDED, "a", APP))).isEqualTo(new LastBuilt.At("a"));
  }

  @Test
  void anImageThatRarelyChangesWasBuiltUpToTheLastSettledHead() {
    var builds = List.of(build(State.SUCCEEDED, "b", ADOT));
    assertThat(LastBuilt.of(APP, builds, Optional.of("s"))).isEqualTo(new LastBuilt.At("s"));
    assertThat(LastBuilt.of(APP, builds, Optional.empty())).isEqualTo(new LastBuilt.Never());
  }

  private static LastBuilt last(PastBuild... builds) {
    return LastBuilt.of(APP, List.of(builds), Optional.empty());
  }

  private static PastBuild build(State state, String commit, Container.Built... images) {
    return new PastBuild(
        state,
        Optional.of(commit),
        Set.copyOf(List.of(images).stream().map(Container.Built::repository).toList()));
  }

  private static Map<Container.Built, LastBuilt> both(LastBuilt last) {
    var map = new LinkedHashMap<Container.Built, LastBuilt>();
    IMAGES.forEach(image -> map.put(image, last));
    return map;
  }

  private static String folders(
      Map<Container.Built, LastBuilt> last, Map<String, Changes> changes) {
    return switch (UnbuiltDecision.of(last, changes)) {
      case UnbuiltDecision.Build build ->
          String.join(" ", build.images().stream().map(Container.Built::folder).toList());
      case UnbuiltDecision.Nothing _ -> "";
      case UnbuiltDecision.Later later -> throw new AssertionError(later);
    };
  }
}
