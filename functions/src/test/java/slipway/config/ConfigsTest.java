package slipway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static slipway.config.TestConfigs.SMALLEST;
import static slipway.config.TestConfigs.config;
import static slipway.config.TestConfigs.problems;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.config.Budgets.OnExhausted;

class ConfigsTest {
  @Test
  void theSmallestConfigurationGetsTheDefaults() {
    assertThat(config(SMALLEST))
        .isEqualTo(
            new Config(
                "slipway",
                new Config.GitHub(
                    "example/dice",
                    "main",
                    "live",
                    Optional.empty(),
                    URI.create("https://github.com"),
                    URI.create("https://api.github.com")),
                List.of(
                    new Service(
                        new ServiceName("dice"),
                        new Source("example/dice", "main"),
                        "/healthcheck",
                        "production",
                        1024,
                        2048,
                        new Service.Tasks(1, 4, 70),
                        List.of(
                            new Container.Built(
                                "app", "app", "slipway/dice/app", Optional.of(8080), Map.of())),
                        List.of())),
                Config.Audit.DEFAULT,
                "rate(15 minutes)",
                new Budgets(OnExhausted.REPORT, "[ignore budget]")));
  }

  @Test
  void everythingThatCanBeSaidIsReadAndWrittenBack() {
    var config =
        config(
            """
            {"stack": "harbor", "repository": "example/dice", "branch": "feature/x", "deployTag": "go",
             "github": {"tokenSecret": "harbor/token", "web": "https://git.example.com/",
                        "api": "https://git.example.com/api/v3"},
             "audit": {"schedule": "cron(0 8 * * ? *)", "timezone": "Europe/Berlin"}, "repair": "rate(5 minutes)",
             "natGateways": 2, "insights": "enhanced",
             "budgets": {"slos": 500, "slosPerService": 90, "onExhausted": "freeze", "override": "#ignore-budget \\"!\\""},
             "services": {"dice": {"repository": "example/cards", "branch": "next", "health": "/up", "canary": "/rolldice?rolls=1", "canaryEvery": "1 hour", "environment": "test", "onExhausted": "report",
               "domain": {"name": "dice.example.com", "zone": "Z0123456789ABC"},
               "cpu": 512, "memory": 3072, "tasks": {"min": 2, "max": 3, "cpu": 50},
               "containers": {"app": {"build": "services/app", "repository": "shop/dice", "port": 80, "writable": true, "environment": {"A": "1"}},
                              "agent": {"image": "example/agent@sha256:%s"}},
               "slos": [{"operation": "GET /users/{id}", "availability": 99.5, "days": 30},
                        {"name": "quick", "operation": "GET /", "latency": {"p99.9": "1.5s"}, "goal": 95,
                         "warning": 30}]}}}
            """
                .formatted("a".repeat(64)));
    assertThat(config.services().getFirst().slos())
        .containsExactly(
            new Slo(
                "dice GET users id availability",
                "GET /users/{id}",
                new Slo.Indicator.Availability(),
                99.5,
                30,
                50),
            new Slo(
                "quick",
                "GET /",
                new Slo.Indicator.Latency("p99.9", Duration.ofMillis(1500)),
                95,
                7,
                30));
    assertThat(config.github().web()).isEqualTo(URI.create("https://git.example.com"));
    assertThat(config.services().getFirst().front())
        .extracting(Container.Built::repository, Container.Built::given)
        .containsExactly("shop/dice", true);
    assertThat(config.repair()).isEqualTo("rate(5 minutes)");
    assertThat(config.natGateways()).isEqualTo(2);
    assertThat(config.insights()).isEqualTo(Config.Insights.ENHANCED);
    assertThat(config.services().getFirst().canary())
        .contains(new Canary("/rolldice?rolls=1", Duration.ofHours(1)));
    assertThat(config.audit()).isEqualTo(new Config.Audit("cron(0 8 * * ? *)", "Europe/Berlin"));
    assertThat(config.budgets().slos()).isEqualTo(500);
    assertThat(config.budgets().slosPerService()).isEqualTo(90);
    assertThat(config.services().getFirst().source())
        .isEqualTo(new Source("example/cards", "next"));
    assertThat(config(Configs.toJson(config))).isEqualTo(config);
  }

  @Test
  void aScheduleMayStandAlone() {
    assertThat(
            config(SMALLEST.replace("\"services\"", "\"audit\": \"rate(1 day)\", \"services\""))
                .audit())
        .isEqualTo(new Config.Audit("rate(1 day)", "UTC"));
  }

  @Test
  void aTimeZoneIsOneThatTheWorldKnows() {
    assertThat(
            problems(
                SMALLEST.replace(
                    "\"services\"",
                    "\"audit\": {\"timezone\": \"Europe/Atlantis\"}, \"services\"")))
        .containsExactly(
            "audit.timezone is 'Europe/Atlantis': want an IANA time zone such as Europe/Berlin");
  }

  @Test
  void moreSlosThanTheQuotasAllowAreRefused() {
    var slos =
        IntStream.range(0, 3)
            .mapToObj(i -> "{\"operation\": \"GET /%d\", \"availability\": 99}".formatted(i))
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(
            problems(
                SMALLEST
                    .replace("\"containers\"", "\"slos\": " + slos + ", \"containers\"")
                    .replace(
                        "\"services\"",
                        "\"budgets\": {\"slos\": 2, \"slosPerService\": 2}, \"services\"")))
        .containsExactly(
            "services.dice.slos has 3 SLOs: want at most budgets.slosPerService, the quota, which"
                + " is 2",
            "services have 3 SLOs: want at most budgets.slos, the account's quota in the Region,"
                + " which is 2");
  }

  @ParameterizedTest
  @CsvSource({"300ms,PT0.3S", "1.5s,PT1.5S", "PT0.3S,PT0.3S", "0.5ms,PT0.0005S", "PT1M,PT1M"})
  void aLatencyIsATimeInAnyOfThreeForms(String written, Duration meant) {
    var config =
        config(
            SMALLEST.replace(
                "}}}}",
                "}}, \"slos\": [{\"operation\": \"GET /\", \"latency\": {\"p99\": \""
                    + written
                    + "\"}}]}}}"));
    assertThat(config.services().getFirst().slos().getFirst().indicator())
        .isEqualTo(new Slo.Indicator.Latency("p99", meant));
    assertThat(config(Configs.toJson(config))).isEqualTo(config);
  }

  @Test
  void aServiceCanBeWithoutCanary() {
    var config =
        config(SMALLEST.replace("{\"containers\"", "{\"canary\": \"none\", \"containers\""));
    assertThat(config.services().getFirst().canary()).isEmpty();
    assertThat(config(Configs.toJson(config))).isEqualTo(config);
  }

  @Test
  void allProblemsAreToldAtOnceEachWithItsPlace() {
    assertThat(
            problems(
                """
                {"stack": "Slipway", "repositry": "example/dice", "audit": "hourly", "repair": 15,
                 "services": {"dice": {"repository": "dice", "branch": "a b", "cpu": 1000, "healthh": "/x",
                   "containers": {"app": {"build": "../app", "port": "eighty"}, "side": {}},
                   "slos": [{"operation": "GET /", "availability": 100}]}}}
                """))
        .containsExactly(
            "repositry is not known (did you mean repository?): want one of audit, branch, budgets,"
                + " cluster, deployTag, github, insights, natGateways, repair, repository,"
                + " services, stack, vpcId",
            "stack is 'Slipway': want 2 to 32 lower-case letters, digits and single hyphens",
            "repository is missing: want owner/name, such as example/dice",
            "audit is 'hourly': want a schedule such as rate(1 hour) or cron(0 8 * * ? *)",
            "repair is 15: want a schedule such as rate(1 hour) or cron(0 8 * * ? *)",
            "services.dice.healthh is not known (did you mean health?): want one of adopt, branch,"
                + " canary, canaryEvery, containers, cpu, domain, environment, health, memory,"
                + " onExhausted, repository, slos, strategy, tasks",
            "services.dice.repository is 'dice': want owner/name, such as example/dice",
            "services.dice.branch is 'a b': want a branch's name such as main",
            "services.dice.cpu is 1000: want CPU units that Fargate has: 256, 512, 1024, 2048,"
                + " 4096, 8192, 16384",
            "services.dice.containers.app.build is '../app': want a folder inside the repository,"
                + " such as app",
            "services.dice.containers.app.port is 'eighty': want a whole number from 1 to 65535",
            "services.dice.containers.side has no image: want either build (a folder with a"
                + " Dockerfile) or image",
            "services.dice.slos[0].availability is 100: want a percentage above 0 and below 100");
  }

  @ParameterizedTest
  @CsvSource({
    "256,512",
    "256,1024",
    "256,2048",
    "512,4096",
    "1024,8192",
    "2048,4096",
    "4096,30720",
    "8192,20480",
    "16384,122880"
  })
  void aTaskCanHaveWhatFargateOffers(int cpu, int memory) {
    assertThat(config(sized(cpu, memory)).services().getFirst().memory()).isEqualTo(memory);
  }

  @ParameterizedTest
  @CsvSource({
    "256,1536",
    "256,4096",
    "512,512",
    "1024,1024",
    "1024,9216",
    "2048,2560",
    "8192,17408",
    "16384,40000"
  })
  void aTaskCannotHaveWhatFargateRefuses(int cpu, int memory) {
    assertThat(problems(sized(cpu, memory)))
        .singleElement()
        .asString()
        .startsWith("services.dice.memory is " + memory + ": want ")
        .endsWith("for " + cpu + " CPU units");
  }

  @Test
  void whatASpentBudgetDoesIsTheServicesToSayAndElseTheCommonWord() {
    var config =
        config(
            """
            {"stack": "slipway", "repository": "example/dice", "budgets": {"onExhausted": "freeze"},
             "services": {"dice": {"containers": {"app": {"build": "app", "port": 8080}}},
                          "cards": {"onExhausted": "report",
                                    "containers": {"app": {"build": "cards", "port": 8080}}}}}
            """);

    assertThat(config.services())
        .extracting(Service::onExhausted)
        .containsExactly(OnExhausted.FREEZE, OnExhausted.REPORT);
    assertThat(config(Configs.toJson(config))).isEqualTo(config);
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void aServiceIsDeployedAsItSaysAndElseTaskByTask(String said, Strategy meant) {
    var config = config(SMALLEST.replace("{\"containers\"", "{" + said + "\"containers\""));

    assertThat(config.services().getFirst().strategy()).isEqualTo(meant);
    assertThat(config(Configs.toJson(config))).isEqualTo(config);
  }

  static Stream<Arguments> strategies() {
    var ten = Duration.ofMinutes(10);
    return Stream.of(
        arguments("", new Strategy.Rolling()),
        arguments("\"strategy\": \"rolling\",", new Strategy.Rolling()),
        arguments("\"strategy\": \"blue-green\",", new Strategy.BlueGreen(ten)),
        arguments("\"strategy\": \"canary\",", new Strategy.Canary(5, ten, ten)),
        arguments("\"strategy\": \"linear\",", new Strategy.Linear(10, Duration.ofMinutes(6), ten)),
        arguments(
            "\"strategy\": {\"type\": \"canary\", \"percent\": 0.3, \"step\": \"0 minutes\","
                + " \"bake\": \"1 day\"},",
            new Strategy.Canary(0.3, Duration.ZERO, Duration.ofDays(1))),
        arguments(
            "\"strategy\": {\"type\": \"linear\", \"percent\": 33.4, \"step\": \"90 minutes\"},",
            new Strategy.Linear(33.4, Duration.ofMinutes(90), ten)));
  }

  @Test
  void whatAStrategyDoesIsSaidInWords() {
    assertThat(strategies().map(arguments -> ((Strategy) arguments.get()[1]).course()).distinct())
        .containsExactly(
            "task by task",
            "all requests at once, and 10 minutes to go back at once",
            "5 % of the requests for 10 minutes, then all, and 10 minutes to go back at once",
            "10 % more of the requests every 6 minutes, and 10 minutes to go back at once",
            "0.3 % of the requests for 0 minutes, then all, and 1440 minutes to go back at once",
            "33.4 % more of the requests every 90 minutes, and 10 minutes to go back at once");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'onExhausted': 'stop'}|budgets.onExhausted is 'stop': want report or freeze",
        "{'onExhausted': 'FREEZE'}|budgets.onExhausted is 'FREEZE': want report or freeze",
        "{'override': 'go'}|budgets.override is 'go': want 3 to 50 printable characters",
        "{'override': '   '}|budgets.override is '   ': want 3 to 50 printable characters",
        "{'override': '[go] '}|budgets.override is '[go] ': want 3 to 50 printable characters",
        "{'override': 'go\\non'}|budgets.override is 'go\non': want 3 to 50 printable characters",
        "{'budget': 1}|budgets.budget is not known: want one of onExhausted, override",
        "'freeze'|budgets is 'freeze': want an object"
      })
  void aBudgetsKeyThatIsWrongIsRefused(String said) {
    var parts = said.split("\\|");
    var document =
        SMALLEST.replace(
            "\"services\"", "\"budgets\": " + parts[0].replace('\'', '"') + ", \"services\"");

    assertThatThrownBy(() -> config(document))
        .isInstanceOf(ConfigProblems.class)
        .hasMessageContaining(parts[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'dice.example.com'|domain is 'dice.example.com': want name, and either certificate",
        "{'name': 'dice.example.com'}|domain has no certificate: want either certificate",
        "{'name': 'dice.example.com', 'zone': 'Z1', 'certificate': 'x'}|domain.certificate is 'x':"
            + " want the ARN of a certificate in ACM",
        "{'name': 'dice.example.com', 'zone': 'example.com'}|domain.zone is 'example.com': want the"
            + " id of a hosted zone",
        "{'name': 'http://dice', 'zone': 'Z12'}|domain.name is 'http://dice': want a name such as"
            + " dice.example.com",
        "{'zone': 'Z12'}|domain.name is missing: want a name such as dice.example.com",
        "{'name': 'a.b-123456789-123456789-123456789-123456789-123456789-123456789.org', 'zone':"
            + " 'Z12'}|want 64 characters at most",
        "{'host': 'dice.example.com'}|domain.host is not known: want one of certificate, name, zone"
      })
  void aDomainThatIsWrongIsRefused(String said) {
    var parts = said.split("\\|");

    assertThatThrownBy(() -> config(withDomain(parts[0].replace('\'', '"'))))
        .isInstanceOf(ConfigProblems.class)
        .hasMessageContaining(parts[1]);
  }

  @Test
  void aDomainIsReadAndWrittenBackAndIsOfOneServiceOnly() {
    var arn = "arn:aws:acm:eu-west-1:123456789012:certificate/ab-1";
    var domain = "{\"name\": \"dice.example.com\", \"certificate\": \"%s\"}".formatted(arn);
    var config = config(withDomain(domain));
    assertThat(config.services().getFirst().domain())
        .contains(new Domain("dice.example.com", new Domain.Trust.Certificate(arn)));
    assertThat(config(Configs.toJson(config))).isEqualTo(config);

    var container = "\"containers\": {\"app\": {\"build\": \"app\", \"port\": 8080}}";
    assertThat(
            problems(
                """
                {"stack": "slipway", "repository": "example/dice",
                 "services": {"dice": {"domain": %1$s, %2$s}, "cards": {"domain": %1$s, %2$s}}}
                """
                    .formatted(domain, container)))
        .containsExactly(
            "services.cards.domain.name is that of dice: want another, as each service has a load"
                + " balancer of its own");
  }

  private static String withDomain(String domain) {
    return SMALLEST.replace("\"containers\"", "\"domain\": " + domain + ", \"containers\"");
  }

  @Test
  void onlyOneContainerIsCalledByTheLoadBalancer() {
    assertThat(problems(SMALLEST.replace(", \"port\": 8080", "")))
        .containsExactly(
            "services.dice.containers has 0 containers with a port: want exactly one that the load"
                + " balancer calls");
  }

  @Test
  void anSloHasOneNameAndOneIndicator() {
    var slo = "{\"operation\": \"GET /\", \"availability\": 99}";
    assertThat(problems(SMALLEST.replace("}}}}", "}}, \"slos\": [" + slo + "," + slo + "]}}}")))
        .containsExactly(
            "services.dice.slos[1] is named 'dice GET availability' as services.dice.slos[0] is:"
                + " want a name of its own, because Application Signals knows an SLO by its name");
    assertThat(problems(SMALLEST.replace("}}}}", "}}, \"slos\": [{\"operation\": \"GET /\"}]}}}")))
        .containsExactly(
            "services.dice.slos[0] has no indicator: want one of availability (its goal in"
                + " percent), latency, metric and requests");
  }

  @Test
  void aServiceCannotTakeTheTemplateFamilyOfAnother() {
    var containers = "{\"containers\": {\"app\": {\"build\": \"app\", \"port\": 8080}}}";
    assertThat(
            problems(
                "{\"stack\": \"slipway\", \"repository\": \"example/dice\", \"services\": {\"dice\": %s,"
                        .formatted(containers)
                    + " \"dice-template\": %s}}".formatted(containers)))
        .containsExactly(
            "services.dice-template cannot be named so: that is the template family of dice");
  }

  @Test
  void aServiceTakesItsCodeFromWhereItSaysAndElseFromTheCommonPlace() {
    var containers = "\"containers\": {\"app\": {\"build\": \"app\", \"port\": 8080}}";
    var config =
        config(
            """
            {"stack": "slipway", "repository": "example/dice", "branch": "live", "services": {
             "dice": {%1$s},
             "cards": {"repository": "example/cards", %1$s},
             "tables": {"branch": "next", %1$s},
             "chips": {%1$s}}}
            """
                .formatted(containers));
    var dice = new Source("example/dice", "live");
    var cards = new Source("example/cards", "live");
    var tables = new Source("example/dice", "next");
    assertThat(config.services())
        .extracting(Service::source)
        .containsExactly(dice, cards, tables, dice);
    assertThat(config.sources()).containsExactly(dice, cards, tables);
    assertThat(config.from(dice))
        .extracting(service -> service.name().value())
        .containsExactly("dice", "chips");
    assertThat(config(Configs.toJson(config))).isEqualTo(config);
  }

  @Test
  void aSourceNeedsARepositoryWithItsOwnerAndABranch() {
    assertThatThrownBy(() -> new Source("dice", "main"))
        .hasMessage("repository 'dice': want owner/name, such as example/dice");
    assertThatThrownBy(() -> new Source("example/dice", " "))
        .hasMessage("branch is empty: want a name such as main");
    assertThat(new Source("example/dice", "main").isOf("Example/Dice")).isTrue();
    assertThat(new Source("example/dice", "main").isOf("example/cards")).isFalse();
  }

  @Test
  void whatIsNoObjectIsRefusedAsAWhole() {
    assertThat(problems("[1]"))
        .containsExactly(
            "the document is a list: want an object with stack, repository and services");
    assertThat(problems("{\"stack\": \"slipway\", \"repository\": \"a/b\", \"services\": 3}"))
        .containsExactly("services is 3: want an object");
  }

  @Test
  void aFileIsReadAsTheFunctionsReadIt(@TempDir Path folder) throws IOException {
    var file = folder.resolve("slipway.json");
    Files.writeString(file, Configs.toJson(config(SMALLEST)));
    assertThat(Configs.read(file)).isEqualTo(config(SMALLEST));
    assertThatThrownBy(() -> Configs.read(folder.resolve("missing.json")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("missing.json");
    Files.writeString(file, "{");
    assertThatThrownBy(() -> Configs.read(file))
        .isInstanceOf(ConfigProblems.class)
        .hasMessageContaining("is not JSON");
  }

  private static String sized(int cpu, int memory) {
    return SMALLEST.replace(
        "\"containers\"", "\"cpu\": " + cpu + ", \"memory\": " + memory + ", \"containers\"");
  }
}
