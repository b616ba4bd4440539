package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the keys do that lower the cost, or raise it for something in return. */
class SwitchesTest {
  private static final String SMALLEST =
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

  private static final Made BARE = stack("natGateways: 0\ninsights: none", "canary: none");
  private static final Made RICH =
      stack("natGateways: 2\ninsights: enhanced", "canaryEvery: 1 hour");

  @Test
  void withoutNatGatewayTasksHavePublicAddressesAndLetInTheLoadBalancerOnly() {
    var made = BARE;
    assertThat(made.resources("AWS::EC2::NatGateway")).isEmpty();
    assertThat(made.resources("AWS::EC2::EIP")).isEmpty();
    assertThat(made.resources("AWS::EC2::Subnet"))
        .hasSize(2)
        .allSatisfy(subnet -> assertThat(subnet.at("MapPublicIpOnLaunch").flag()).isTrue());
    var network = made.only("AWS::ECS::Service").at("NetworkConfiguration", "AwsvpcConfiguration");
    assertThat(network.at("AssignPublicIp").text()).isEqualTo("ENABLED");
    assertThat(network.at("Subnets").items())
        .extracting(subnet -> subnet.text())
        .containsExactlyInAnyOrderElementsOf(
            made.resources("AWS::EC2::Subnet").stream().map(it -> "${" + it.id() + "}").toList());
    var group = network.at("SecurityGroups").items().getFirst().text();
    var balancers =
        made.only("AWS::ElasticLoadBalancingV2::LoadBalancer")
            .at("SecurityGroups")
            .items()
            .getFirst()
            .text();
    assertThat(
            made.only("AWS::EC2::SecurityGroup", it -> group.equals("${" + it.id() + ".GroupId}"))
                .at("SecurityGroupIngress")
                .missing())
        .isTrue();
    assertThat(made.resources("AWS::EC2::SecurityGroupIngress"))
        .filteredOn(rule -> rule.text("GroupId").equals(group))
        .singleElement()
        .satisfies(rule -> assertThat(rule.text("SourceSecurityGroupId")).isEqualTo(balancers));
  }

  @Test
  void withOneNatGatewayInEachZoneNoZoneNeedsTheOther() {
    var made = RICH;
    var zones =
        made.resources("AWS::EC2::NatGateway").stream()
            .map(gateway -> gateway.text("SubnetId").replaceAll("[${}]", ""))
            .map(id -> made.only("AWS::EC2::Subnet", it -> it.id().equals(id)))
            .map(subnet -> subnet.text("AvailabilityZone"))
            .toList();
    assertThat(zones).hasSize(2).doesNotHaveDuplicates();
    assertThat(
            made.resources("AWS::EC2::Route").stream()
                .filter(route -> !route.at("NatGatewayId").missing())
                .map(route -> route.text("NatGatewayId")))
        .hasSize(2)
        .doesNotHaveDuplicates();
  }

  @Test
  void insightsAreWhatIsSaid() {
    assertThat(insights(RICH)).isEqualTo("enhanced");
    assertThat(insights(BARE)).isEqualTo("disabled");
  }

  private static String insights(Made made) {
    return made.only("AWS::ECS::Cluster")
        .at("ClusterSettings")
        .items()
        .getFirst()
        .at("Value")
        .text();
  }

  @Test
  void withoutCanaryNothingOfItIsMade() {
    var made = BARE;
    assertThat(made.resources("AWS::Synthetics::Canary")).isEmpty();
    assertThat(made.resources("AWS::IAM::Role"))
        .extracting(Made.Resource::id)
        .noneMatch(id -> id.contains("Visitor"));
  }

  @Test
  void theCanaryCallsAsOftenAsIsSaid() {
    assertThat(RICH.only("AWS::Synthetics::Canary").at("Schedule", "Expression").text())
        .isEqualTo("rate(60 minutes)");
  }

  private static Made stack(String common, String service) {
    return Made.of(common + "\n" + SMALLEST.replace("  dice:\n", "  dice:\n    " + service + "\n"));
  }
}
