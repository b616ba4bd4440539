package slipway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.config.TestConfigs.SMALLEST;
import static slipway.config.TestConfigs.config;
import static slipway.config.TestConfigs.problems;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is there already, and is named instead of made. */
class ExistingTest {
  private static final String ADOPTED =
      """
      {"stack": "slipway", "repository": "example/dice", "cluster": "shop",
       "services": {"dice": {"adopt": {"service": "Dice_Service", "roles": ["arn:aws:iam::123456789012:role/ecs/task"],
                                       "url": "https://dice.example.com"},
                             "canary": "/rolldice",
                             "containers": {"app": {"build": "app"}, "log": {"build": "log", "repository": "shop/log"}}}}}
      """;

  @Test
  void aVpcAndAClusterThatAreThereAreReadAndWrittenBack() {
    var config =
        config(
            SMALLEST.replace(
                "\"services\"",
                "\"vpcId\": \"vpc-0123456789abcdef0\", \"cluster\": \"Old_Shop\", \"services\""));
    assertThat(config.existing())
        .isEqualTo(
            new Config.Existing(Optional.of("vpc-0123456789abcdef0"), Optional.of("Old_Shop")));
    assertThat(config.cluster()).isEqualTo("Old_Shop");
    assertThat(config.makesVpc()).isFalse();
    assertThat(config(Configs.toJson(config))).isEqualTo(config);
    assertThat(config(SMALLEST).cluster()).isEqualTo("slipway");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "vpcId": "vpc-01234567", "natGateways": 2 | natGateways cannot be said of a VPC that is there: want vpcId or this
          "cluster": "shop", "insights": "none" | insights cannot be said of a cluster that is there: want cluster or this
          """)
  void whatIsThereIsNotTheStacksToShape(String keys, String why) {
    assertThat(problems(SMALLEST.replace("\"services\"", keys + ", \"services\"")))
        .containsExactly(why);
  }

  @ParameterizedTest
  @CsvSource({"vpcId,\"vpc-01234567\"", "natGateways,1"})
  void aStackOfAdoptedServicesHasNoNetwork(String key, String value) {
    assertThat(
            problems(
                ADOPTED.replace("\"services\"", "\"%s\": %s, \"services\"".formatted(key, value))))
        .containsExactly(key + " is used by no service, as all are adopted: leave it out");
  }

  @Test
  void aServiceThatIsThereIsReadAndWrittenBack() {
    var config = config(ADOPTED);
    var dice = config.services().getFirst();
    assertThat(dice.adoption())
        .contains(
            new Adoption(
                "Dice_Service",
                List.of("arn:aws:iam::123456789012:role/ecs/task"),
                Optional.of(URI.create("https://dice.example.com"))));
    assertThat(dice.front().name()).as("the first that is built").isEqualTo("app");
    assertThat(dice.ecsName()).isEqualTo("Dice_Service");
    assertThat(config(Configs.toJson(config))).isEqualTo(config);
    var silent =
        config(
            ADOPTED
                .replaceAll(",\\s*\"url\": \"[^\"]+\"", "")
                .replace("\"canary\": \"/rolldice\",", ""));
    assertThat(config(Configs.toJson(silent))).isEqualTo(silent);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "cluster": "shop", | `` | services.dice.adopt needs cluster, the name of the ECS cluster that the service is in
          "cluster": "shop", | "cluster": "my shop", | cluster is 'my shop': want the name of an ECS cluster
          "canary": | "cpu": 256, "canary": | services.dice.cpu cannot be said of an adopted service
          "canary": | "domain": {"name": "a.example", "zone": "Z12"}, "canary": | services.dice.domain cannot be said of an adopted service
          {"build": "app"} | {"build": "app", "port": 80} | services.dice.containers.app.port cannot be said of an adopted service
          {"build": "app"} | {"image": "a:1"} | services.dice.containers.app.image cannot be said of an adopted service
          "service": "Dice_Service", | `` | services.dice.adopt.service is missing: want the name of an ECS service
          "Dice_Service" | "a/b" | services.dice.adopt.service is 'a/b': want the name of an ECS service
          "arn:aws:iam::123456789012:role/ecs/task" | "task" | services.dice.adopt.roles[0] is 'task': want the ARN of a role of its tasks
          ["arn:aws:iam::123456789012:role/ecs/task"] | "task" | services.dice.adopt.roles is 'task': want a list
          "https://dice.example.com" | "dice.example.com/" | services.dice.adopt.url is 'dice.example.com/': want where it answers
          "url": | "uri": | services.dice.adopt.uri is not known (did you mean url?)
          """)
  void anAdoptionThatCannotBeIsRefused(String part, String instead, String why) {
    var wrong = ADOPTED.replace(part, instead == null ? "" : instead);

    assertThatThrownBy(() -> config(wrong))
        .isInstanceOf(ConfigProblems.class)
        .hasMessageContaining(why);
  }

  @Test
  void whatNobodyCallsHasNoPaths() {
    assertThat(problems(ADOPTED.replaceAll(",\\s*\"url\": \"[^\"]+\"", "")))
        .containsExactly(
            "services.dice.canary has no meaning without adopt.url: want that, or leave it out");
  }

  @Test
  void anEcsServiceIsRolledOutByOneServiceOnly() {
    var cards =
        ADOPTED.replace(
            "\"services\": {",
            "\"services\": {\"cards\": {\"containers\": {\"app\": {\"build\": \"app\", \"port\":"
                + " 80}}}, ");
    assertThat(problems(cards.replace("Dice_Service", "cards")))
        .containsExactly(
            "services.dice.adopt.service is the ECS service 'cards', as cards is: want another,"
                + " because two would roll out over each other");
  }

  @Test
  void aRepositoryIsOfOneContainerOnly() {
    assertThat(problems(ADOPTED.replace("shop/log", "slipway/dice/app")))
        .containsExactly(
            "services.dice.containers.log.repository is 'slipway/dice/app', as that of"
                + " services.dice.containers.app: want another, because the deploy tag marks one"
                + " image");
  }

  @ParameterizedTest
  @CsvSource({"vpcId,vpc-123", "vpcId,my-vpc", "cluster,arn:aws:ecs:x"})
  void whatIsThereIsNamedInTheFormThatAwsHas(String key, String value) {
    assertThatThrownBy(
            () ->
                config(
                    SMALLEST.replace(
                        "\"services\"", "\"%s\": \"%s\", \"services\"".formatted(key, value))))
        .isInstanceOf(ConfigProblems.class)
        .hasMessageContaining(key + " is '" + value + "': want the ");
  }
}
