package slipway.local.iam;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import slipway.json.Json;
import slipway.local.cloud.Credentials;
import slipway.local.cloud.Place;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/** Makes roles and policies, and keys, which here are no more than who may use them. */
public final class IamResources implements Provisioner {
  private final Iam iam;
  private final String stack;
  private final Map<String, Policy> managed = new ConcurrentHashMap<>();
  private final Set<String> keys = ConcurrentHashMap.newKeySet();

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
        "AWS::KMS::Key",
        "AWS::SQS::QueuePolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::S3::BucketPolicy",
        "AWS::SecretsManager::ResourcePolicy");
  }

  @Override
  public Made make(Resource resource) {
    return switch (resource.type()) {
      case "AWS::IAM::Role" -> role(resource);
      case "AWS::IAM::Policy" -> {
        attach(resource);
        yield new Made(resource.id(), Map.of());
      }
      case "AWS::IAM::ManagedPolicy" -> {
        var arn = managedArn(resource);
        managed.put(arn, document(resource));
        attach(resource);
        yield new Made(arn, Map.of("PolicyArn", arn));
      }
      case "AWS::S3::BucketPolicy" -> {
        attach(resource);
        yield new Made(resource.id(), Map.of());
      }
      case "AWS::KMS::Key" -> key(resource, Credentials.uniqueId("key", resource.id()));
      default -> {
        attach(resource);
        yield new Made(resource.id(), Map.of("Id", resource.id()));
      }
    };
  }

  @Override
  public Made update(Change change) {
    if (change.before().type().equals("AWS::IAM::ManagedPolicy"))
      change.only(Set.of("Groups", "Roles", "Users"));
    if (change.before().type().equals("AWS::KMS::Key"))
      return key(change.after(), change.made().ref());
    // A policy takes the place of the one of its name: nobody is refused in between.
    var made = make(change.after());
    if (change.before().type().equals("AWS::IAM::Role")) {
      var still = own(change.after()).stream().map(Policy::name).toList();
      own(change.before()).stream()
          .map(Policy::name)
          .filter(name -> !still.contains(name))
          .forEach(name -> iam.detach(roleArn(made.ref()), name));
    } else {
      var former = holders(change.before());
      former.removeAll(holders(change.after()));
      detach(change.before(), former);
    }
    return made;
  }

  @Override
  public void delete(Resource resource, Made made) {
    if (resource.type().equals("AWS::IAM::Role")) {
      iam.removeRole(made.attributes().get("Arn"));
      return;
    }
    if (resource.type().equals("AWS::KMS::Key")) {
      keys.remove(made.attributes().get("Arn"));
      iam.detachFromResource(made.attributes().get("Arn"), resource.id());
      return;
    }
    detach(resource, holders(resource));
    managed.remove(made.ref());
  }

  @Override
  public List<String> existing() {
    return Stream.of(iam.roles(), managed.keySet(), keys).flatMap(Collection::stream).toList();
  }

  /**
   * A role's own policy counts for a key only if the key's policy leaves it to the account's. That
   * statement itself lets nobody in, so it is not kept.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html">Default
   *     key policy</a>
   */
  private Made key(Resource resource, String id) {
    var arn = Place.arn("kms", "key/" + id);
    var document = resource.properties().at("KeyPolicy");
    var policy = Policy.parse(resource.id(), document);
    var others = policy.statements().stream().filter(s -> !s.leavesItToTheAccount()).toList();
    if (others.size() == policy.statements().size())
      throw document.unexpected("a statement for the account's root: local plays no other keys");
    iam.attachToResource(arn, new Policy(policy.name(), others));
    keys.add(arn);
    return new Made(id, Map.of("Arn", arn, "KeyId", id));
  }

  private Made role(Resource resource) {
    var name = roleName(resource);
    var arn = roleArn(name);
    iam.role(
        arn, Policy.parse(name + "'s trust", resource.properties().at("AssumeRolePolicyDocument")));
    own(resource).forEach(policy -> iam.attach(arn, policy));
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("Arn", arn);
    attributes.put("RoleId", Credentials.uniqueId("AROA", name));
    return new Made(name, attributes);
  }

  /** What a role's declaration itself gives it. */
  private List<Policy> own(Resource resource) {
    var properties = resource.properties();
    return Stream.concat(
            properties.at("Policies").items().stream()
                .map(
                    inline ->
                        Policy.parse(inline.at("PolicyName").text(), inline.at("PolicyDocument"))),
            properties.at("ManagedPolicyArns").items().stream().map(this::managed))
        .toList();
  }

  private Policy managed(Json arn) {
    var policy = managed.get(arn.text());
    return policy != null
        ? policy
        : ManagedPolicies.find(arn.text())
            .orElseThrow(
                () ->
                    arn.unexpected(
                        "a managed policy that local knows; add its actions to ManagedPolicies"));
  }

  private void attach(Resource resource) {
    var policy = document(resource);
    holders(resource)
        .forEach(
            holder -> {
              if (resource.type().startsWith("AWS::IAM::")) iam.attach(holder, policy);
              else iam.attachToResource(holder, policy);
            });
  }

  private void detach(Resource resource, Set<String> holders) {
    var policy = document(resource).name();
    holders.forEach(
        holder -> {
          if (resource.type().startsWith("AWS::IAM::")) iam.detach(holder, policy);
          else iam.detachFromResource(holder, policy);
        });
  }

  /** ARNs of what it is attached to. */
  private static Set<String> holders(Resource resource) {
    var properties = resource.properties();
    var holders = new LinkedHashSet<String>();
    switch (resource.type()) {
      case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy" ->
          properties.at("Roles").items().forEach(role -> holders.add(roleArn(role.text())));
      case "AWS::SQS::QueuePolicy" ->
          properties
              .at("Queues")
              .items()
              .forEach(
                  url ->
                      holders.add(
                          Place.arn("sqs", url.text().substring(url.text().lastIndexOf('/') + 1))));
      case "AWS::SNS::TopicPolicy" ->
          properties.at("Topics").items().forEach(arn -> holders.add(arn.text()));
      case "AWS::S3::BucketPolicy" -> holders.add("arn:aws:s3:::" + properties.at("Bucket").text());
      case "AWS::SecretsManager::ResourcePolicy" -> holders.add(properties.at("SecretId").text());
      default -> throw new IllegalArgumentException(resource.type());
    }
    return holders;
  }

  private static Policy document(Resource resource) {
    var properties = resource.properties();
    var document = properties.at("PolicyDocument");
    return Policy.parse(
        resource.id(), document.missing() ? properties.at("ResourcePolicy") : document);
  }

  private String managedArn(Resource resource) {
    return "arn:aws:iam::%s:policy/%s"
        .formatted(
            Place.ACCOUNT,
            resource
                .properties()
                .at("ManagedPolicyName")
                .optionalText()
                .orElse(resource.generatedName(stack)));
  }

  private String roleName(Resource resource) {
    return resource
        .properties()
        .at("RoleName")
        .optionalText()
        .orElse(resource.generatedName(stack));
  }

  private static String roleArn(String name) {
    return "arn:aws:iam::" + Place.ACCOUNT + ":role/" + name;
  }
}
