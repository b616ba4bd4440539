package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentsTest {
  private static final String AGENT = "public.ecr.aws/cloudwatch-agent/cloudwatch-agent";
  private static final String ADOT =
      "public.ecr.aws/aws-observability/adot-autoinstrumentation-java";

  @Test
  void anAgentTooOldForAllIsToldOnceWithTheVersionThatIsGoodForAll() {
    assertThat(Agents.tooOld(Map.of("cw-agent", AGENT + ":1.247359.0b252990")))
        .containsExactly(
            "Container cw-agent has CloudWatch agent 1.247359.0, which is too old for environments"
                + " that are named after the ECS cluster (ecs:<cluster>), since 1.300047.0, and for"
                + " runtime metrics, since 1.300049.1: put 1.300049.1 or later in place of "
                + AGENT
                + ":1.247359.0b252990.");
  }

  @Test
  void anAgentTooOldForRuntimeMetricsOnlyIsToldThat() {
    assertThat(
            Agents.tooOld(Map.of("cw-agent", AGENT + ":1.300049.0b913", "init", ADOT + ":v1.32.4")))
        .containsExactly(
            "Container cw-agent has CloudWatch agent 1.300049.0, which is too old for runtime"
                + " metrics, since 1.300049.1: put 1.300049.1 or later in place of "
                + AGENT
                + ":1.300049.0b913.",
            "Container init has ADOT Java agent 1.32.4, which is too old for runtime metrics,"
                + " since 1.32.5: put 1.32.5 or later in place of "
                + ADOT
                + ":v1.32.4.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        AGENT + ":1.300049.1b929",
        AGENT + ":1.300071.0b1000",
        AGENT + ":2.0.0",
        ADOT + ":v1.32.5",
        ADOT + ":v2.30.0",
        "amazon/cloudwatch-agent:1.300049.1b929-windowsservercore-ltsc2022"
      })
  void anAgentThatIsNewEnoughIsNoNews(String image) {
    assertThat(Agents.tooOld(Map.of("agent", image))).isEmpty();
  }

  /** To guess would be to alarm people about most of what runs well. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        AGENT,
        AGENT + ":latest",
        AGENT + ":1",
        AGENT + ":1.2",
        AGENT + ":1.1.99999999999999999999",
        AGENT + "@sha256:0000000000000000000000000000000000000000000000000000000000000000",
        AGENT + ":1.0.0@sha256:0000000000000000000000000000000000000000000000000000000000000000",
        ":",
        ""
      })
  void whatTellsNoVersionIsNotGuessedAt(String image) {
    assertThat(Agents.tooOld(Map.of("agent", image))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:5000/cloudwatch-agent-operator:1.0.0",
        "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/slipway/dice/app:1.0.0",
        "cloudwatch-agent.example.com:443/app:1.0.0"
      })
  void anotherImageIsNoAgentWhateverItsVersion(String image) {
    assertThat(Agents.tooOld(Map.of("agent", image))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cloudwatch-agent:1.0.0",
        "localhost:5000/mirror/cloudwatch-agent:1.0.0",
        "x/adot-autoinstrumentation-python:v0.6.9",
        "x/adot-autoinstrumentation-dotnet:v1.5.9"
      })
  void anAgentIsKnownInAnyRegistry(String image) {
    assertThat(Agents.tooOld(Map.of("agent", image))).hasSize(1);
  }

  @Test
  void theSampleConfigurationIsNewEnough() {
    assertThat(Agents.tooOld(Samples.template().images())).isEmpty();
  }

  @Test
  void anAgentInsideAnImageIsKnownByItsLabel() {
    assertThat(Agents.tooOldInside(Map.of("app", "adot-java:1.32.4", "side", "adot-python:0.6.0")))
        .containsExactly(
            "Container app has ADOT Java agent 1.32.4, which is too old for runtime metrics, since"
                + " 1.32.5: put 1.32.5 or later in place of adot-java:1.32.4 in its Dockerfile.",
            "Container side has ADOT Python agent 0.6.0, which is too old for runtime metrics,"
                + " since 0.7.0: put 0.7.0 or later in place of adot-python:0.6.0 in its"
                + " Dockerfile.");
    assertThat(Agents.tooOldInside(Map.of("app", "adot-java:2.30.0", "b", "my-agent:0.1.0")))
        .isEmpty();
  }

  /** The label says what is really downloaded, and that is new enough. */
  @Test
  void theSampleServiceHasTheAgentThatItSays() throws IOException {
    var dockerfile = Files.readString(Path.of("../app/Dockerfile"));
    var label = only("(?m)^LABEL dev\\.slipway\\.agent=(\\S+)$", dockerfile);
    assertThat(label).isEqualTo("adot-java:" + only("/releases/download/v([0-9.]+)/", dockerfile));
    assertThat(Agents.tooOldInside(Map.of("app", label))).isEmpty();
    assertThat(dockerfile)
        .containsPattern("ADD --chmod=0644 --checksum=sha256:[0-9a-f]{64} https:");
  }

  private static String only(String pattern, String text) {
    var found = Pattern.compile(pattern).matcher(text).results().map(it -> it.group(1)).toList();
    assertThat(found).as(pattern).hasSize(1);
    return found.getFirst();
  }
}
