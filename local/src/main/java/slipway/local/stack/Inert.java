package slipway.local.stack;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import slipway.local.cloud.Place;

/**
 * Resources that only have to be there: networks, dashboards and the like. They get a name and
 * attributes and do nothing.
 */
final class Inert implements Provisioner {
  /** Type → what its Ref looks like: a prefix of an id, or {@code name:<property>}. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("AWS::EC2::VPC", "vpc-"),
          Map.entry("AWS::EC2::Subnet", "subnet-"),
          Map.entry("AWS::EC2::RouteTable", "rtb-"),
          Map.entry("AWS::EC2::Route", "r-"),
          Map.entry("AWS::EC2::SubnetRouteTableAssociation", "rtbassoc-"),
          Map.entry("AWS::EC2::InternetGateway", "igw-"),
          Map.entry("AWS::EC2::VPCGatewayAttachment", "IGW|"),
          Map.entry("AWS::EC2::NatGateway", "nat-"),
          Map.entry("AWS::EC2::EIP", "eipalloc-"),
          Map.entry("AWS::EC2::SecurityGroup", "sg-"),
          Map.entry("AWS::EC2::SecurityGroupIngress", "sgr-"),
          Map.entry("AWS::EC2::SecurityGroupEgress", "sgr-"),
          Map.entry("AWS::EC2::VPCEndpoint", "vpce-"),
          Map.entry("AWS::EC2::FlowLog", "fl-"),
          Map.entry("AWS::Logs::LogGroup", "name:LogGroupName"),
          Map.entry("AWS::Logs::LogStream", "name:LogStreamName"),
          Map.entry("AWS::Logs::MetricFilter", "name:FilterName"),
          Map.entry("AWS::Logs::QueryDefinition", "query-"),
          Map.entry("AWS::Logs::ResourcePolicy", "name:PolicyName"),
          Map.entry("AWS::CloudWatch::CompositeAlarm", "name:AlarmName"),
          Map.entry("AWS::CloudWatch::Dashboard", "name:DashboardName"),
          Map.entry("AWS::ApplicationAutoScaling::ScalableTarget", "target-"),
          Map.entry("AWS::ApplicationAutoScaling::ScalingPolicy", "name:PolicyName"),
          Map.entry("AWS::ApplicationSignals::Discovery", "discovery-"),
          Map.entry("AWS::KMS::Alias", "name:AliasName"),
          Map.entry("AWS::SSM::Parameter", "name:Name"),
          Map.entry("AWS::CodeBuild::SourceCredential", "credential-"),
          Map.entry("AWS::IAM::ServiceLinkedRole", "role-"),
          Map.entry("AWS::Scheduler::ScheduleGroup", "name:Name"),
          Map.entry("AWS::XRay::TransactionSearchConfig", "config-"),
          Map.entry("AWS::CDK::Metadata", "metadata-"));

  private final String stack;
  private final Set<String> arns = ConcurrentHashMap.newKeySet();

  Inert(String stack) {
    this.stack = stack;
  }

  @Override
  public Set<String> types() {
    return TYPES.keySet();
  }

  @Override
  public Made make(Resource resource) {
    var made = made(resource);
    arns.add(made.attributes().get("Arn"));
    return made;
  }

  /** Whatever it is: nothing depends on it but by its name and attributes. */
  @Override
  public Made update(Change change) {
    return made(change.after());
  }

  @Override
  public void delete(Resource resource, Made made) {
    arns.remove(made.attributes().get("Arn"));
  }

  @Override
  public List<String> existing() {
    return List.copyOf(arns);
  }

  private Made made(Resource resource) {
    var form = TYPES.get(resource.type());
    var properties = resource.properties();
    var ref =
        form.startsWith("name:")
            ? properties.at(form.substring(5)).optionalText().orElse(resource.generatedName(stack))
            : form + id(resource.id());
    var attributes = new LinkedHashMap<String, String>();
    // Scalars of the properties are attributes of most types: CidrBlock, AvailabilityZone, Value.
    properties
        .members()
        .forEach(
            (name, value) -> {
              if (value.value() instanceof String text) attributes.put(name, text);
            });
    attributes.put("Id", ref);
    var simple = resource.type().substring(resource.type().lastIndexOf(':') + 1);
    attributes.put(simple + "Id", ref);
    attributes.put("Arn", arn(resource.type(), simple, ref));
    switch (resource.type()) {
      case "AWS::EC2::VPC" -> {
        attributes.put("VpcId", ref);
        attributes.put("DefaultSecurityGroup", "sg-" + id(resource.id() + "default"));
        attributes.put("DefaultNetworkAcl", "acl-" + id(resource.id()));
      }
      case "AWS::EC2::SecurityGroup" -> attributes.put("GroupId", ref);
      case "AWS::EC2::EIP" -> attributes.put("AllocationId", ref);
      case "AWS::ApplicationAutoScaling::ScalableTarget" -> attributes.put("Id", ref);
      default -> {}
    }
    return new Made(ref, attributes);
  }

  private static String arn(String type, String simple, String ref) {
    return switch (type) {
      case "AWS::Logs::LogGroup" -> Place.arn("logs", "log-group:" + ref + ":*");
      case "AWS::CloudWatch::CompositeAlarm" -> Place.arn("cloudwatch", "alarm:" + ref);
      default ->
          Place.arn(
              type.split("::")[1].toLowerCase(java.util.Locale.ROOT),
              simple.toLowerCase(java.util.Locale.ROOT) + "/" + ref);
    };
  }

  /** 17 hexadecimal digits, the same for the same name. */
  private static String id(String name) {
    var uuid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    return "0" + HexFormat.of().toHexDigits(uuid.getMostSignificantBits());
  }
}
