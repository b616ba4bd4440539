package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigFileTest {
  private static final String GOOD =
      """
      stack: slipway
      repository: example/dice
      services:
        dice:
          containers:
            app:
              build: app
              port: 8080
      """;

  @Test
  void theFileThatPeopleEditIsRight() {
    assertThat(ConfigFile.read(Path.of("slipway.yaml"))).isInstanceOf(ConfigFile.Good.class);
    assertThat(ConfigFile.parse("f", GOOD)).isInstanceOf(ConfigFile.Good.class);
  }

  @Test
  void aProblemNamesFileLineAndField() {
    assertThat(messages(GOOD.replace("8080", "eighty")))
        .containsExactly(
            "infra/slipway.yaml:8: services.dice.containers.app.port is 'eighty': want a whole"
                + " number from 1 to 65535");
  }

  @Test
  void allProblemsComeAtOnceInTheOrderOfTheFile() {
    assertThat(
            messages(
                GOOD.replace("8080", "0")
                    .replace("dice:", "dice:\n    cpuu: 1")
                    .replace("stack: slipway\n", "")))
        .containsExactly(
            "infra/slipway.yaml:1: stack is missing: want 2 to 32 lower-case letters, digits and"
                + " single hyphens",
            "infra/slipway.yaml:4: services.dice.cpuu is not known (did you mean cpu?): want one of"
                + " branch, canary, containers, cpu, environment, health, memory, onExhausted,"
                + " repository, slos, tasks",
            "infra/slipway.yaml:8: services.dice.containers.app.port is 0: want a whole number from"
                + " 1 to 65535");
  }

  @Test
  void aMissingValuePointsToWhatShouldHoldIt() {
    assertThat(messages(GOOD.replace("build: app", "")))
        .containsExactly(
            "infra/slipway.yaml:6: services.dice.containers.app has no image: want either build (a"
                + " folder with a Dockerfile) or image");
  }

  @Test
  void anItemOfAListHasItsOwnLine() {
    assertThat(
            messages(
                GOOD
                    + """
                        slos:
                          - operation: GET /
                            availability: 99.9
                          - operation: GET /
                            latency: {p99: soon}
                    """))
        .containsExactly(
            "infra/slipway.yaml:13: services.dice.slos[1].latency.p99 is 'soon': want a time above"
                + " 0 such as 300ms, 1.5s or PT0.3S");
  }

  @Test
  void telemetryThatWouldGoNowhereIsToldWithItsLine() {
    var wired =
        GOOD
            + """
                    environment:
                      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: http://localhost:4318/v1/traces
                      OTEL_RESOURCE_ATTRIBUTES: team=games
                  cw-agent:
                    image: public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300071.0b1720
            """;
    assertThat(messages(wired))
        .containsExactly(
            "infra/slipway.yaml:10:"
                + " services.dice.containers.app.environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is"
                + " 'http://localhost:4318/v1/traces': want http://localhost:4316/v1/traces, where"
                + " cw-agent takes traces over HTTP",
            "infra/slipway.yaml:11:"
                + " services.dice.containers.app.environment.OTEL_RESOURCE_ATTRIBUTES has no"
                + " service.name, and SLOs are on dice: want service.name=dice",
            "infra/slipway.yaml:11:"
                + " services.dice.containers.app.environment.OTEL_RESOURCE_ATTRIBUTES has no"
                + " deployment.environment, and SLOs are on production: want"
                + " deployment.environment=production");
    assertThat(messages(wired.replace("cw-agent:", "agent:")))
        .containsExactly(
            "infra/slipway.yaml:12: services.dice.containers.agent looks like the sidecar that"
                + " Slipway knows by the name cw-agent, and nothing is sent to it under another:"
                + " rename the container");
  }

  @Test
  void aKeySaidTwiceIsRefused() {
    assertThat(messages(GOOD + "stack: other\n"))
        .containsExactly(
            "infra/slipway.yaml:1: stack is there twice, again in line 9: want each name once");
  }

  @Test
  void whatIsNoYamlIsRefusedWithItsLine() {
    assertThat(messages("stack: [\n"))
        .singleElement()
        .asString()
        .startsWith("infra/slipway.yaml:")
        .contains(": is not YAML: ");
    assertThat(messages(""))
        .containsExactly(
            "infra/slipway.yaml:1: the document is missing: want an object with stack, repository"
                + " and services");
    assertThat(messages("stack: a\n---\nstack: b\n"))
        .singleElement()
        .asString()
        .contains(": is not YAML: ");
  }

  @Test
  void aValueInsideItselfIsRefused() {
    assertThat(messages("services: &loop\n  dice: *loop\n"))
        .containsExactly(
            "infra/slipway.yaml:2: services.dice holds itself: want a value without a loop");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThat(ConfigFile.read(Path.of("nowhere/slipway.yaml")))
        .isEqualTo(
            new ConfigFile.Bad(
                List.of(
                    "nowhere/slipway.yaml: is missing: want the configuration of Slipway there")));
  }

  private static List<String> messages(String yaml) {
    return switch (ConfigFile.parse("infra/slipway.yaml", yaml)) {
      case ConfigFile.Good good -> throw new AssertionError(good);
      case ConfigFile.Bad(var messages) -> messages;
    };
  }
}
