package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                + " adopt, branch, canary, canaryEvery, containers, cpu, domain, environment,"
                + " health, memory, onExhausted, repository, slos, strategy, tasks",
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
  void whatLowersTheCostIsCheckedToo() {
    assertThat(
            messages(
                GOOD.replace("repository:", "natGateways: 3\ninsights: off\nrepository:")
                    .replace("dice:\n", "dice:\n    canaryEvery: 2 hours\n")))
        .containsExactly(
            "infra/slipway.yaml:2: natGateways is 3: want a whole number from 0 to 2",
            "infra/slipway.yaml:3: insights is 'off': want enhanced, standard or none",
            "infra/slipway.yaml:7: services.dice.canaryEvery is '2 hours': want 1 minute to 1 hour,"
                + " such as 5 minutes");
    assertThat(
            messages(
                GOOD.replace("dice:\n", "dice:\n    canary: none\n    canaryEvery: 5 minutes\n")))
        .containsExactly(
            "infra/slipway.yaml:6: services.dice.canaryEvery has no meaning here: want it left out,"
                + " as there is no canary");
  }

  @Test
  void anSloOnACanaryThatIsNotThereIsRefused() {
    var slo =
        """
            slos:
              - name: visited
                metric:
                  namespace: CloudWatchSynthetics
                  name: SuccessPercent
                  dimensions: {CanaryName: slipway-dice}
                  statistic: Average
                threshold: ">= 90"
        """;
    assertThat(ConfigFile.parse("f", GOOD + slo)).isInstanceOf(ConfigFile.Good.class);
    assertThat(messages(GOOD.replace("dice:\n", "dice:\n    canary: none\n") + slo))
        .containsExactly(
            "infra/slipway.yaml:11: services.dice.slos[0] would never have data: want a path as"
                + " canary, or no SLO on the metrics of slipway-dice");
    assertThat(
            ConfigFile.parse(
                "f",
                GOOD.replace("dice:\n", "dice:\n    canary: none\n")
                    + slo.replace("slipway-dice", "another")))
        .isInstanceOf(ConfigFile.Good.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          availability: 99, interval: {rolling: 1 minute} | interval is rolling 1 minute: want one longer than the period of 1 minute
          availability: 99, interval: {rolling: 13 months} | interval.rolling is '13 months': want 366 days or 12 months at most
          availability: 99, interval: {calendar: 1 month, from: 2026-08-05} | interval.from is '2026-08-05': want a time that is not in the future: there is no budget before it
          availability: 99, interval: {calendar: 1 month, from: 1999-12-31} | interval.from is '1999-12-31': want a time since 2000
          availability: 99, interval: {calendar: 1 month, from: 2026-02-30} | interval.from is '2026-02-30': want a day such as 2026-01-31, or a time such as 2026-01-31T02:00:00Z
          availability: 99, period: 10 minutes, burnWindows: [25 minutes] | burnWindows[0] is '25 minutes': want a multiple of the period of 10 minutes, shorter than the interval of 7 days
          availability: 99, days: 1, burnWindows: [1 hour, 1 day] | burnWindows[1] is '1 day': want a multiple of the period of 1 minute, shorter than the interval of 1 day
          availability: 99, days: 30, burnWindows: [8 days] | burnWindows[0] is '8 days': want 7 days at most
          availability: 99, burnWindows: [60 minutes, 1 hour] | burnWindows[1] is there twice: want it once
          availability: 99, exclude: [{every: rate(1 hour), for: 60 minutes}] | exclude[0].for is '60 minutes': want less time than from one beginning to the next: rate(1 hour)
          availability: 99, exclude: [{for: 2 hours}] | exclude[0].from is missing: want when it begins, such as 2026-01-31T02:00:00Z, or every
          availability: 99, tags: {'slipway:stack': mine} | tags.slipway:stack is no key for a tag: want 1 to 128 letters, digits, spaces and _ . : / = + - @, beginning with neither aws: nor slipway:
          availability: 99, goal: 99 | goal is said twice: want it as the value of availability
          availability: 99, days: 7, interval: {rolling: 7 days} | interval is said twice: want either days or interval
          availability: 99, per: request, period: 5 minutes | period has no meaning here: want it left out, as requests have none, they are counted one by one
          latency: {p99: 3ms}, threshold: '<= 3' | threshold has no meaning here: want it left out, as the limit is said in latency
          latency: 300ms | latency is '300ms': want one statistic with its limit, such as p99: 300ms, or with per: request the limit
          name: m1, metric: {namespace: A, name: B, statistic: Sum}, threshold: 90 | threshold is 90: want a comparison and a number, such as >= 90
          metric: {namespace: A, name: B, statistic: Sum}, threshold: '>= 90' | name is missing: want one, as this SLO has nothing to be named by
          name: m1, metric: {namespace: A, name: B, statistic: Sum}, threshold: '> 9', operation: GET / | operation has no meaning here: want it left out, as a metric of CloudWatch is of no service
          name: m1, metric: {namespace: A, name: B, statistic: Median}, threshold: '> 9' | metric.statistic is 'Median': want a statistic of CloudWatch such as Sum or p99
          name: m1, metric: {a: {namespace: A, name: B, statistic: Sum}, b: {expression: 2 * a}}, threshold: '> 9' | metric returns nothing: want returned: true at exactly one query
          name: m1, metric: {a: {namespace: A, name: B, statistic: Sum, returned: true}, b: {expression: 2 * a, returned: true}}, threshold: '> 9' | metric returns 2 values: want returned: true at exactly one query
          name: m1, metric: {a: {namespace: A, name: B, statistic: Sum}, b: {expression: "FILL(a, 0) / c", returned: true}}, threshold: '> 9' | metric.b.expression names c, which is no query here: want one of a, b
          name: m1, requests: {total: {namespace: A, name: B, statistic: Sum}} | requests counts neither good nor bad requests: want either good or bad
          name: m1, per: request, metric: {namespace: A, name: B, statistic: Sum}, threshold: '> 9' | per is 'request': want period, or requests with the metrics that count them
          availability: 99, dependency: {type: Resource, name: x, resourceType: A, identifier: b, operation: c} | dependency.name has no meaning here: want it left out, as the type is Resource
          availability: 99, dependency: {name: x, operation: c} | dependency.environment is missing: want text of 1 to 1024 plain characters
          """)
  void whatTheApiWouldRefuseIsRefusedWithItsLine(String slo, String problem) {
    assertThat(messages(GOOD + "    slos:\n      - {" + slo + "}\n"))
        .containsExactly("infra/slipway.yaml:10: services.dice.slos[0]." + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          blue green                         | strategy is 'blue green': want one of rolling, blue-green, canary, linear
          5                                  | strategy is 5: want one of rolling, blue-green, canary, linear
          {percent: 5}                       | strategy.type is missing: want one of rolling, blue-green, canary, linear
          {type: canaries}                   | strategy.type is 'canaries': want one of rolling, blue-green, canary, linear
          {type: canary, percents: 5}        | strategy.percents is not known (did you mean percent?): want one of bake, percent, step, type
          {type: rolling, bake: 5 minutes}   | strategy.bake is not for rolling: want it left out
          {type: blue-green, percent: 5}     | strategy.percent is not for blue-green: want it left out
          {type: blue-green, step: 1 hour}   | strategy.step is not for blue-green: want it left out
          {type: canary, percent: 0}         | strategy.percent is 0: want a percentage from 0.1 to 100, in tenths
          {type: canary, percent: 100.1}     | strategy.percent is 100.1: want a percentage from 0.1 to 100, in tenths
          {type: canary, percent: 0.25}      | strategy.percent is 0.25: want a percentage from 0.1 to 100, in tenths
          {type: canary, percent: 5 %}       | strategy.percent is '5 %': want a percentage from 0.1 to 100, in tenths
          {type: linear, percent: 2.9}       | strategy.percent is 2.9: want a percentage from 3 to 100, in tenths
          {type: canary, step: 10}           | strategy.step is 10: want 0 minutes to 24 hours, such as 10 minutes
          {type: canary, step: 25 hours}     | strategy.step is '25 hours': want 0 minutes to 24 hours, such as 10 minutes
          {type: canary, bake: 1 month}      | strategy.bake is '1 month': want 0 minutes to 24 hours, such as 10 minutes
          {type: canary, bake: -1 minutes}   | strategy.bake is '-1 minutes': want 0 minutes to 24 hours, such as 10 minutes
          {type: linear, percent: 3, step: 2 hours} | strategy.step makes a deployment of 66 hours, with the bake: want 36 at most, as CloudFormation waits no longer
          {type: canary, step: 1 day, bake: 1 day} | strategy.step makes a deployment of 48 hours, with the bake: want 36 at most, as CloudFormation waits no longer
          """)
  void whatIsNoDeploymentStrategyOfEcsIsRefusedWithItsLine(String strategy, String problem) {
    assertThat(messages(GOOD + "    strategy: " + strategy + "\n"))
        .containsExactly("infra/slipway.yaml:9: services.dice." + problem);
  }

  @Test
  void whatShiftsRequestsNeedsALoadBalancer() {
    assertThat(messages(GOOD.replaceAll(" +port: 8080\n", "") + "    strategy: canary\n"))
        .containsExactly(
            "infra/slipway.yaml:5: services.dice.containers has 0 containers with a port: want"
                + " exactly one that the load balancer calls",
            "infra/slipway.yaml:8: services.dice.strategy is canary, which shifts requests from one"
                + " version to the next: want a container with a port that a load balancer calls,"
                + " or rolling");
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
    return switch (ConfigFile.parse(
        "infra/slipway.yaml", yaml, Instant.parse("2026-08-04T01:00:00Z"))) {
      case ConfigFile.Good good -> throw new AssertionError(good);
      case ConfigFile.Bad(var messages) -> messages;
    };
  }
}
