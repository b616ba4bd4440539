package slipway.local.iam;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * All policies of an account at one moment, and what they say. Within one account either a role's
 * or a resource's policy may allow, and a Deny of either forbids.
 *
 * @param roles by the role's ARN, then by name
 * @param resources by the resource's ARN, then by name; a role's trust is the policy of it as a
 *     resource
 */
public record Policies(
    Map<String, Map<String, Policy>> roles, Map<String, Map<String, Policy>> resources) {

  public Policies {
    roles = Map.copyOf(roles);
    resources = Map.copyOf(resources);
  }

  /** Judges a request. */
  public Decision judge(Request request) {
    var allowed = new ArrayList<Grant>();
    var unclear = new ArrayList<String>();
    var isRole = request.kind().equals("AWS");
    if (isRole) {
      var own = roles.getOrDefault(request.who(), Map.of());
      var forbidden = ask(request.who(), own, Optional.empty(), request, allowed, unclear);
      if (forbidden.isPresent()) return forbidden(forbidden.get());
    }
    var owner = owner(request.resource());
    // A role is told why its own policies do not allow it.
    var ofResource = isRole ? new ArrayList<String>() : unclear;
    var policies = resources.getOrDefault(owner, Map.of());
    var forbidden =
        ask(owner, policies, Optional.of(request.principal()), request, allowed, ofResource);
    if (forbidden.isPresent()) return forbidden(forbidden.get());
    if (!allowed.isEmpty()) return new Decision.Allowed(allowed);
    var reasons = unclear.isEmpty() ? "" : " (" + String.join("; ", unclear) + ")";
    return new Decision.Refused(
        isRole
            ? "because no identity-based policy allows the %s action%s"
                .formatted(request.action(), reasons)
            : "because no resource-based policy of %s allows %s the %s action%s"
                .formatted(request.resource(), request.who(), request.action(), reasons));
  }

  /** The policy that forbids it, if one does. */
  private static Optional<String> ask(
      String holder,
      Map<String, Policy> policies,
      Optional<Statement.Principal> principal,
      Request request,
      List<Grant> allowed,
      List<String> unclear) {
    for (var policy : policies.values()) {
      switch (policy.judge(principal, request)) {
        case Policy.Verdict.Forbidden(var which) -> {
          return Optional.of(which);
        }
        case Policy.Verdict.Allowed(var numbers) ->
            numbers.forEach(number -> allowed.add(grant(holder, policy, number)));
        case Policy.Verdict.Silent(var reasons) -> unclear.addAll(reasons);
      }
    }
    return Optional.empty();
  }

  private static Grant grant(String holder, Policy policy, int number) {
    return new Grant(holder, policy.name(), number, policy.statements().get(number));
  }

  private static Decision forbidden(String policy) {
    return new Decision.Refused("with an explicit deny in policy " + policy);
  }

  /** The resource that has the policy: an object's is its bucket's. */
  private static String owner(String resource) {
    if (!resource.startsWith("arn:aws:s3:::")) return resource;
    var slash = resource.indexOf('/');
    return slash < 0 ? resource : resource.substring(0, slash);
  }

  /** Every statement that allows something, of the policies of roles and of resources. */
  public List<Grant> grants() {
    var grants = new ArrayList<Grant>();
    for (var holders : List.of(roles, resources))
      holders.forEach(
          (holder, policies) ->
              policies
                  .values()
                  .forEach(
                      policy -> {
                        for (var i = 0; i < policy.statements().size(); i++)
                          if (policy.statements().get(i).allow())
                            grants.add(grant(holder, policy, i));
                      }));
    return List.copyOf(grants);
  }

  /** What they would be without the statement. */
  public Policies without(Grant grant) {
    return changed(grant, policy -> policy.without(grant.number()));
  }

  /** What they would be without the one action in the statement. */
  public Policies without(Grant grant, String action) {
    return changed(grant, policy -> policy.without(grant.number(), action));
  }

  private Policies changed(Grant grant, UnaryOperator<Policy> change) {
    return new Policies(changed(roles, grant, change), changed(resources, grant, change));
  }

  private static Map<String, Map<String, Policy>> changed(
      Map<String, Map<String, Policy>> all, Grant grant, UnaryOperator<Policy> change) {
    var policies = all.get(grant.holder());
    var policy = policies == null ? null : policies.get(grant.policy());
    if (policy == null
        || policy.statements().size() <= grant.number()
        || !policy.statements().get(grant.number()).equals(grant.statement())) return all;
    var others = new LinkedHashMap<>(policies);
    others.put(grant.policy(), change.apply(policy));
    var result = new LinkedHashMap<>(all);
    result.put(grant.holder(), others);
    return result;
  }
}
