package slipway.local.iam;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Caller;
import slipway.local.cloud.Credentials;
import slipway.local.cloud.Guard;
import slipway.local.cloud.Place;

/** Who may do what: the roles and policies that stand, asked by everything that local plays. */
public final class Iam implements Guard {
  private static final String TRUST = "trust";
  private final Journal journal = new Journal();
  private volatile Policies policies = new Policies(Map.of(), Map.of());

  /** A role that exists, with who may assume it. */
  public synchronized void role(String arn, Policy trust) {
    var roles = new LinkedHashMap<>(policies.roles());
    roles.putIfAbsent(arn, Map.of());
    policies = new Policies(roles, policies.resources());
    attachToResource(arn, new Policy(TRUST, trust.statements()));
  }

  /** The role and all its policies are no more. */
  synchronized void removeRole(String arn) {
    var roles = new LinkedHashMap<>(policies.roles());
    roles.remove(arn);
    policies = new Policies(roles, policies.resources());
    detachFromResource(arn, TRUST);
  }

  /** Attaches a policy to a role, in place of one of the same name. */
  public synchronized void attach(String roleArn, Policy policy) {
    policies = new Policies(with(policies.roles(), roleArn, policy), policies.resources());
  }

  synchronized void detach(String roleArn, String policy) {
    policies = new Policies(without(policies.roles(), roleArn, policy), policies.resources());
  }

  /** Gives a resource, such as a queue, a policy, in place of one of the same name. */
  public synchronized void attachToResource(String resourceArn, Policy policy) {
    policies = new Policies(policies.roles(), with(policies.resources(), resourceArn, policy));
  }

  /** Takes it away; nothing if it has none of that name. */
  public synchronized void detachFromResource(String resourceArn, String policy) {
    policies = new Policies(policies.roles(), without(policies.resources(), resourceArn, policy));
  }

  private static Map<String, Map<String, Policy>> with(
      Map<String, Map<String, Policy>> all, String holder, Policy policy) {
    var its = new LinkedHashMap<>(all.getOrDefault(holder, Map.of()));
    its.put(policy.name(), policy);
    var result = new LinkedHashMap<>(all);
    result.put(holder, its);
    return result;
  }

  private static Map<String, Map<String, Policy>> without(
      Map<String, Map<String, Policy>> all, String holder, String policy) {
    if (!all.containsKey(holder)) return all;
    var its = new LinkedHashMap<>(all.get(holder));
    its.remove(policy);
    var result = new LinkedHashMap<>(all);
    result.put(holder, its);
    return result;
  }

  /** All policies as they are now. */
  public Policies policies() {
    return policies;
  }

  /** ARNs of the roles. */
  List<String> roles() {
    return List.copyOf(policies.roles().keySet());
  }

  /** What was asked so far, but for what the person at the terminal did. */
  public Journal journal() {
    return journal;
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
    return ask("AWS", roleArn, permission);
  }

  /**
   * Why an AWS service may not do it on its own behalf; empty if the resource's policy lets it.
   *
   * @param service such as {@code events.amazonaws.com}
   */
  public Optional<String> serviceMayNot(String service, Permission permission) {
    return ask("Service", service, permission);
  }

  /** Why the public may not do it; empty if the resource's policy lets everyone. */
  public Optional<String> publicMayNot(Permission permission) {
    return ask("Public", "everyone", permission);
  }

  /** Why a service may not act as a role; empty if the role exists and trusts it. */
  public Optional<String> mayNotAssume(String service, String roleArn) {
    if (!policies.roles().containsKey(roleArn))
      return Optional.of("because the role " + roleArn + " does not exist");
    return serviceMayNot(service, new Permission("sts:AssumeRole", roleArn))
        .map(_ -> "because the role " + roleArn + " does not trust " + service);
  }

  private Optional<String> ask(String kind, String who, Permission permission) {
    var request =
        new Request(kind, who, permission.action(), permission.resource(), context(permission));
    var decision = policies.judge(request);
    journal.note(request, decision);
    return switch (decision) {
      case Decision.Allowed _ -> Optional.empty();
      case Decision.Refused(var why) -> Optional.of(why);
    };
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
}
