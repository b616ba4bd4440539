package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import slipway.json.Json;
import slipway.rollout.RolloutFunction;

/** A service with a name of its own: HTTPS, and where it answers. */
class DomainTest {
  private static final String CERTIFICATE =
      "arn:aws:acm:ap-northeast-1:123456789012:certificate/1f3a2b4c-0000-4000-8000-000000000001";
  private static final Made MADE =
      Made.of(
          """
          stack: games
          repository: example/games
          services:
            dice:
              domain: {name: dice.example.com, zone: Z0123456789ABCDEFGHIJ}
              containers: {app: {build: dice, port: 8080, environment: {JAVA_TOOL_OPTIONS: -Xss1m}}}
            cards:
              domain: {name: cards.example.org, certificate: "%s"}
              containers: {app: {build: cards, port: 8080, environment: {JAVA_TOOL_OPTIONS: -Xss1m}}}
          """
              .formatted(CERTIFICATE));

  @Test
  void usersComeInOverHttpsWithACurrentPolicyAndPlainHttpIsSentThere() {
    assertThat(listeners("443"))
        .hasSize(2)
        .allSatisfy(
            listener -> {
              assertThat(listener.text("Protocol")).isEqualTo("HTTPS");
              assertThat(listener.text("SslPolicy"))
                  .isEqualTo("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09");
              assertThat(listener.at("DefaultActions").items())
                  .singleElement()
                  .satisfies(action -> assertThat(action.at("Type").text()).isEqualTo("forward"));
            });
    assertThat(listeners("80"))
        .hasSize(2)
        .allSatisfy(
            listener ->
                assertThat(listener.at("DefaultActions").value())
                    .isEqualTo(
                        List.of(
                            Map.of(
                                "Type",
                                "redirect",
                                "RedirectConfig",
                                Map.of(
                                    "Protocol", "HTTPS",
                                    "Port", "443",
                                    "StatusCode", "HTTP_301")))));
  }

  @Test
  void theServiceWaitsForTheListenerThatHasItsTargets() {
    var https = listeners("443").stream().map(Made.Resource::id).toList();
    assertThat(MADE.resources("AWS::ECS::Service"))
        .allSatisfy(service -> assertThat(service.dependsOn()).containsAnyElementsOf(https));
  }

  @Test
  void inAZoneTheCertificateIsMadeAndTheNameLeadsToTheLoadBalancer() {
    var certificate = MADE.only("AWS::CertificateManager::Certificate");
    assertThat(certificate.properties().value())
        .isEqualTo(
            Map.of(
                "DomainName",
                "dice.example.com",
                "ValidationMethod",
                "DNS",
                "DomainValidationOptions",
                List.of(
                    Map.of(
                        "DomainName", "dice.example.com",
                        "HostedZoneId", "Z0123456789ABCDEFGHIJ"))));
    assertThat(certificates())
        .containsExactlyInAnyOrder("${" + certificate.id() + "}", CERTIFICATE);
    var record = MADE.only("AWS::Route53::RecordSet");
    var balancer = balancer("dice");
    assertThat(record.properties().value())
        .isEqualTo(
            Map.of(
                "Name",
                "dice.example.com",
                "Type",
                "A",
                "HostedZoneId",
                "Z0123456789ABCDEFGHIJ",
                "AliasTarget",
                Map.of(
                    "DNSName", "${" + balancer + ".DNSName}",
                    "HostedZoneId", "${" + balancer + ".CanonicalHostedZoneID}",
                    "EvaluateTargetHealth", false)));
    assertThat(canary("dice").dependsOn()).contains(record.id());
  }

  @Test
  void withACertificateOfTheUsersTheStackTellsWhereHisDnsMustLeadTo() {
    assertThat(MADE.output("DnsTargetCards")).isEqualTo("${" + balancer("cards") + ".DNSName}");
    assertThat(MADE.template().at("Outputs").members()).doesNotContainKey("DnsTargetDice");
  }

  @Test
  void everybodyIsToldTheNameThatTheServiceHas() {
    assertThat(MADE.output("LoadBalancerUrlDice")).isEqualTo("https://dice.example.com");
    assertThat(MADE.variables(RolloutFunction.class).get("SLIPWAY_ADDRESSES").text())
        .isEqualTo(
            "{\"dice\":\"https://dice.example.com\",\"cards\":\"https://cards.example.org\"}");
    assertThat(canary("dice").text("RunConfig", "EnvironmentVariables", "BASE"))
        .isEqualTo("https://dice.example.com");
    var task =
        MADE.only("AWS::ECS::TaskDefinition", it -> it.text("Family").equals("dice-template"));
    assertThat(task.at("ContainerDefinitions").items().getFirst().at("Environment").items())
        .extracting(Json::value)
        .contains(Map.of("Name", "CARDS_URL", "Value", "https://cards.example.org"));
  }

  @Test
  void loadBalancersLetBothInAndTasksCallHttpsOnly() {
    assertThat(ports("Of the load balancer of", "SecurityGroupIngress"))
        .containsExactlyInAnyOrder(List.of(80, 443), List.of(80, 443));
    assertThat(ports("Of the tasks of", "SecurityGroupEgress"))
        .containsExactlyInAnyOrder(List.of(443), List.of(443));
  }

  private static List<Made.Resource> listeners(String port) {
    return MADE.resources("AWS::ElasticLoadBalancingV2::Listener").stream()
        .filter(listener -> String.valueOf(listener.at("Port").value()).equals(port))
        .toList();
  }

  private static TreeSet<String> certificates() {
    return listeners("443").stream()
        .flatMap(listener -> listener.at("Certificates").items().stream())
        .map(certificate -> certificate.at("CertificateArn").text())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<List<Integer>> ports(String group, String direction) {
    return MADE.resources("AWS::EC2::SecurityGroup").stream()
        .filter(it -> it.text("GroupDescription").startsWith(group))
        .map(
            it ->
                it.at(direction).items().stream()
                    .map(rule -> rule.at("ToPort").integer(1, 65535))
                    .toList())
        .toList();
  }

  private static String balancer(String service) {
    return MADE.only("AWS::ElasticLoadBalancingV2::LoadBalancer", it -> it.id().startsWith(service))
        .id();
  }

  private static Made.Resource canary(String service) {
    return MADE.only("AWS::Synthetics::Canary", it -> it.text("Name").equals("games-" + service));
  }
}
