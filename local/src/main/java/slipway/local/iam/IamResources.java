package slipway.local.iam;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import slipway.json.Json;
import slipway.local.cloud.Credentials;
import slipway.local.cloud.Place;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/** Makes roles and policies. */
public final class IamResources implements Provisioner {
  private final Iam iam;
  private final String stack;
  private final Map<String, Policy> managed = new ConcurrentHashMap<>();

  public IamResources(Iam iam, String stack) {
    this.iam = iam;
    this.stack = stack;
  }

  @Override
  public Set<String> types() {
    return Set.of(
        "AWS::IAM::Role",
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::S3::BucketPolicy",
        "AWS::SecretsManager::ResourcePolicy");
  }

  @Override
  public Made make(Resource resource) {
    var properties = resource.properties();
    return switch (resource.type()) {
      case "AWS::IAM::Role" -> role(resource);
      case "AWS::IAM::Policy" -> {
        attach(properties, document(resource));
        yield new Made(resource.logicalId(), Map.of());
      }
      case "AWS::IAM::ManagedPolicy" -> {
        var name =
            properties
                .at("ManagedPolicyName")
                .optionalText()
                .orElse(stack + "-" + resource.logicalId());
        var arn = "arn:aws:iam::" + Place.ACCOUNT + ":policy/" + name;
        managed.put(arn, document(resource));
        attach(properties, document(resource));
        yield new Made(arn, Map.of("PolicyArn", arn));
      }
      case "AWS::SQS::QueuePolicy" -> {
        for (var url : properties.at("Queues").items())
          iam.attachToResource(
              Place.arn("sqs", url.text().substring(url.text().lastIndexOf('/') + 1)),
              document(resource));
        yield new Made(resource.logicalId(), Map.of("Id", resource.logicalId()));
      }
      case "AWS::SNS::TopicPolicy" -> {
        for (var arn : properties.at("Topics").items())
          iam.attachToResource(arn.text(), document(resource));
        yield new Made(resource.logicalId(), Map.of("Id", resource.logicalId()));
      }
      case "AWS::S3::BucketPolicy" -> {
        iam.attachToResource("arn:aws:s3:::" + properties.at("Bucket").text(), document(resource));
        yield new Made(resource.logicalId(), Map.of());
      }
      case "AWS::SecretsManager::ResourcePolicy" -> {
        iam.attachToResource(
            properties.at("SecretId").text(),
            Policy.parse(resource.logicalId(), properties.at("ResourcePolicy")));
        yield new Made(resource.logicalId(), Map.of("Id", resource.logicalId()));
      }
      default -> throw new IllegalArgumentException(resource.type());
    };
  }

  private Made role(Resource resource) {
    var properties = resource.properties();
    var name = properties.at("RoleName").optionalText().orElse(stack + "-" + resource.logicalId());
    var arn = "arn:aws:iam::" + Place.ACCOUNT + ":role/" + name;
    iam.role(arn, Policy.parse(name + "'s trust", properties.at("AssumeRolePolicyDocument")));
    for (var inline : properties.at("Policies").items())
      iam.attach(arn, Policy.parse(inline.at("PolicyName").text(), inline.at("PolicyDocument")));
    for (var managedArn : properties.at("ManagedPolicyArns").items()) {
      var policy = managed.get(managedArn.text());
      iam.attach(
          arn,
          policy != null
              ? policy
              : ManagedPolicies.find(managedArn.text())
                  .orElseThrow(
                      () ->
                          managedArn.unexpected(
                              "a managed policy that local knows; add its actions to"
                                  + " ManagedPolicies")));
    }
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("Arn", arn);
    attributes.put("RoleId", Credentials.uniqueId("AROA", name));
    return new Made(name, attributes);
  }

  private void attach(Json properties, Policy policy) {
    List<String> roles = new ArrayList<>();
    properties.at("Roles").items().forEach(role -> roles.add(role.text()));
    for (var role : roles) iam.attach("arn:aws:iam::" + Place.ACCOUNT + ":role/" + role, policy);
  }

  private static Policy document(Resource resource) {
    return Policy.parse(resource.logicalId(), resource.properties().at("PolicyDocument"));
  }
}
