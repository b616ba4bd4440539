package slipway.local.iam;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Caller;
import slipway.local.cloud.Credentials;
import slipway.local.cloud.Guard;
import slipway.local.cloud.Place;

/**
 * Who may do what: the policies of roles and of resources. Within one account either kind may
 * allow, and a Deny of either forbids.
 */
public final class Iam implements Guard {
  private final Map<String, Policy> trusts = new ConcurrentHashMap<>();
  private final Map<String, List<Policy>> roles = new ConcurrentHashMap<>();
  private final Map<String, List<Policy>> resources = new ConcurrentHashMap<>();

  /** A role that exists, with who may assume it. */
  public void role(String arn, Policy trust) {
    trusts.put(arn, trust);
    roles.computeIfAbsent(arn, _ -> new CopyOnWriteArrayList<>());
  }

  public void attach(String roleArn, Policy policy) {
    roles.computeIfAbsent(roleArn, _ -> new CopyOnWriteArrayList<>()).add(policy);
  }

  /** A policy of a resource, such as a queue's. */
  public void attachToResource(String resourceArn, Policy policy) {
    resources.computeIfAbsent(resourceArn, _ -> new CopyOnWriteArrayList<>()).add(policy);
  }

  @Override
  public Optional<String> refusal(Caller caller, Permission permission) {
    if (caller.roleArn().equals(Credentials.OPERATOR_ROLE)) return Optional.empty();
    return roleMayNot(caller.roleArn(), permission);
  }

  /** Whether a caller may do it; for protocols beside the front door. */
  public boolean allows(Caller caller, Permission permission) {
    return refusal(caller, permission).isEmpty();
  }

  /** Why a role may not do it; empty if it may. */
  public Optional<String> roleMayNot(String roleArn, Permission permission) {
    var context = context(permission);
    var own =
        Policy.judge(
            roles.getOrDefault(roleArn, List.of()),
            Optional.empty(),
            permission.action(),
            permission.resource(),
            context);
    var resource = judgeResource(new Statement.Principal("AWS", roleArn), permission, context);
    if (own instanceof Policy.Verdict.Forbidden(var policy)) return forbidden(policy);
    if (resource instanceof Policy.Verdict.Forbidden(var policy)) return forbidden(policy);
    if (own instanceof Policy.Verdict.Allowed || resource instanceof Policy.Verdict.Allowed)
      return Optional.empty();
    var unclear =
        own instanceof Policy.Verdict.Silent(var reasons) && !reasons.isEmpty()
            ? " (" + String.join("; ", reasons) + ")"
            : "";
    return Optional.of(
        "because no identity-based policy allows the " + permission.action() + " action" + unclear);
  }

  /**
   * Why an AWS service may not do it on its own behalf; empty if the resource's policy lets it.
   *
   * @param service such as {@code events.amazonaws.com}
   */
  public Optional<String> serviceMayNot(String service, Permission permission) {
    return mayNot(service, new Statement.Principal("Service", service), permission);
  }

  /** Why the public may not do it; empty if the resource's policy lets everyone. */
  public Optional<String> publicMayNot(Permission permission) {
    return mayNot("everyone", new Statement.Principal("Public", "anonymous"), permission);
  }

  private Optional<String> mayNot(
      String service, Statement.Principal principal, Permission permission) {
    return switch (judgeResource(principal, permission, context(permission))) {
      case Policy.Verdict.Allowed _ -> Optional.empty();
      case Policy.Verdict.Forbidden(var policy) -> forbidden(policy);
      case Policy.Verdict.Silent(var unclear) ->
          Optional.of(
              "because no resource-based policy of %s allows %s the %s action%s"
                  .formatted(
                      permission.resource(),
                      service,
                      permission.action(),
                      unclear.isEmpty() ? "" : " (" + String.join("; ", unclear) + ")"));
    };
  }

  /** Why a service may not act as a role; empty if the role exists and trusts it. */
  public Optional<String> mayNotAssume(String service, String roleArn) {
    var trust = trusts.get(roleArn);
    if (trust == null) return Optional.of("because the role " + roleArn + " does not exist");
    var verdict =
        Policy.judge(
            List.of(trust),
            Optional.of(new Statement.Principal("Service", service)),
            "sts:AssumeRole",
            roleArn,
            Map.of("aws:SourceAccount", Place.ACCOUNT));
    return verdict instanceof Policy.Verdict.Allowed
        ? Optional.empty()
        : Optional.of("because the role " + roleArn + " does not trust " + service);
  }

  private Policy.Verdict judgeResource(
      Statement.Principal principal, Permission permission, Map<String, String> context) {
    return Policy.judge(
        resources.getOrDefault(owner(permission.resource()), List.of()),
        Optional.of(principal),
        permission.action(),
        permission.resource(),
        context);
  }

  /** The resource that has the policy: an object's is its bucket's. */
  private static String owner(String resource) {
    if (!resource.startsWith("arn:aws:s3:::")) return resource;
    var slash = resource.indexOf('/');
    return slash < 0 ? resource : resource.substring(0, slash);
  }

  private static Map<String, String> context(Permission permission) {
    var context = new HashMap<String, String>();
    context.put("aws:RequestedRegion", Place.REGION);
    context.put("aws:PrincipalAccount", Place.ACCOUNT);
    context.put("aws:ResourceAccount", Place.ACCOUNT);
    context.put("aws:SourceAccount", Place.ACCOUNT);
    // On AWS the SDK would use TLS; policies that insist on it must not fail on loopback.
    context.put("aws:SecureTransport", "true");
    context.putAll(permission.context());
    return context;
  }

  private static Optional<String> forbidden(String policy) {
    return Optional.of("with an explicit deny in policy " + policy);
  }
}
