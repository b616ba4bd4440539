package slipway.local.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadPlanTest {

  @Test
  void aSteadyLoadSendsTheSameEachSecond() {
    var shape = new Shape.Steady(20);

    assertThat(LongStream.range(0, 4).mapToObj(shape::due))
        .containsExactly(
            Duration.ZERO, Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(150));
    assertThat(shape.due(72_000)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void aSpikyLoadIsCalmBeforeItSpikesAgainAndAgain() {
    var shape = new Shape.Spiky(5, 50, Duration.ofSeconds(2), Duration.ofSeconds(10));

    // 8 s of 5 and 2 s of 50 are 140 requests.
    assertThat(inSecond(shape, 0)).isEqualTo(5);
    assertThat(inSecond(shape, 7)).isEqualTo(5);
    assertThat(inSecond(shape, 8)).isEqualTo(50);
    assertThat(inSecond(shape, 9)).isEqualTo(50);
    assertThat(inSecond(shape, 10)).isEqualTo(5);
    assertThat(inSecond(shape, 29)).isEqualTo(50);
    assertThat(shape.due(1400)).isEqualTo(Duration.ofSeconds(100));
  }

  private static long inSecond(Shape shape, int second) {
    return LongStream.range(0, 1000).filter(n -> shape.due(n).toSeconds() == second).count();
  }

  @Test
  void aPlanIsWhatAPersonWrites() {
    assertThat(LoadPlan.parse("steady:20/s", "/usual")).isEqualTo(LoadPlan.steady(20, "/usual"));
    assertThat(
            LoadPlan.parse(
                "spiky:5-50/s,path=/rolldice?rolls=2,path=/,path=/rolldice?rolls=0@5%,faults=1%,latency=300ms@10%",
                "/usual"))
        .isEqualTo(
            new LoadPlan(
                new Shape.Spiky(5, 50, Duration.ofSeconds(2), Duration.ofSeconds(10)),
                List.of("/rolldice?rolls=2", "/"),
                List.of(new LoadPlan.Other("/rolldice?rolls=0", new Share(0.05))),
                new Injection(new Share(0.01), Duration.ofMillis(300), new Share(0.1))));
    assertThat(LoadPlan.parse("steady:0.5/s,latency=40ms", "/").injection())
        .isEqualTo(new Injection(Share.NONE, Duration.ofMillis(40), new Share(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "steady",
        "steady:fast",
        "steady:0/s",
        "steady:1001/s",
        "spiky:5/s",
        "spiky:50-5/s",
        "bursty:5/s",
        "steady:5/s,path=rolldice",
        "steady:5/s,path=//elsewhere/",
        "steady:5/s,faults=101%",
        "steady:5/s,faults=5",
        "steady:5/s,latency=1s",
        "steady:5/s,latency=60000ms",
        "steady:5/s,path=/a@60%,path=/b@60%",
        "steady:5/s,other=1"
      })
  void whatIsUnclearIsRefusedWithWhatIsWanted(String text) {
    assertThatThrownBy(() -> LoadPlan.parse(text, "/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("want");
  }

  @Test
  void aShareIsSpreadEvenly() {
    var plan = LoadPlan.steady(10, "/a", "/b").and("/c", 10).and("/d", 5);
    var paths = LongStream.range(0, 200).mapToObj(plan::path).toList();

    assertThat(paths).filteredOn("/c"::equals).hasSize(20);
    assertThat(paths).filteredOn("/d"::equals).hasSize(10);
    assertThat(paths).filteredOn("/a"::equals).hasSize(85);
    assertThat(paths.indexOf("/c")).isEqualTo(9);
    assertThat(paths.subList(0, 3)).containsExactly("/a", "/b", "/a");
  }
}
