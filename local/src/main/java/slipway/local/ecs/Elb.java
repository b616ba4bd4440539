package slipway.local.ecs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import slipway.local.cloud.Authorizer;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Caller;

/**
 * The load balancer of a service that shifts requests, as ECS works on it: as the role that the
 * service names, which must be allowed each call.
 */
final class Elb {
  /** Load balancers take whole weights, so that a tenth of a percent is one of a thousand. */
  private static final int WHOLE = 1000;

  private static final int HEAVIEST = 999;

  private final Targets targets;
  private final Roles roles;
  private final Shifting shifting;

  /** ECS cannot do it; the deployment goes back. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super("Service deployment rolled back because of invalid networking configuration. " + why);
    }
  }

  /**
   * Who may do what.
   *
   * @param authorizer asked whether a role may
   * @param trust asked whether a role lets ECS act as it
   */
  record Roles(Authorizer authorizer, RoleTrust trust) {}

  Elb(Targets targets, Roles roles, Shifting shifting) {
    this.targets = targets;
    this.roles = roles;
    this.shifting = shifting;
  }

  /** Looks at all that a deployment will need, and refuses what ECS refuses. */
  void inspect() throws Refused {
    may("DescribeListeners", "*");
    may("DescribeRules", "*");
    may("DescribeTargetGroups", "*");
    var weights = weights();
    if (!weights.keySet().containsAll(shifting.groups()))
      throw new Refused(
          "Both targetGroup and alternateTargetGroup must be associated with the"
              + " productionListenerRule or testListenerRule.");
    var serving = weights.keySet().stream().filter(group -> weights.get(group) > 0).toList();
    if (serving.size() != 1)
      throw new Refused(
          "productionListenerRule %s should have exactly one target group serving traffic but found %d target groups which are serving traffic"
              .formatted(shifting.rule(), serving.size()));
  }

  private Map<String, Integer> weights() throws Refused {
    try {
      return targets.weights(shifting.rule());
    } catch (AwsError e) {
      throw new Refused(e.getMessage());
    }
  }

  void mayRegister(String group) throws Refused {
    may("RegisterTargets", group);
    may("DescribeTargetHealth", "*");
  }

  void mayDeregister(String group) throws Refused {
    may("DeregisterTargets", group);
  }

  /** Sends so many of the requests to a group, and the others to the other one. */
  void shift(String group, double percent) throws Refused {
    may("ModifyRule", shifting.rule());
    int share = (int) Math.round(percent * WHOLE / 100);
    var weights = new LinkedHashMap<String, Integer>();
    weights.put(group, Math.min(share, HEAVIEST));
    weights.put(shifting.besides(group), Math.min(WHOLE - share, HEAVIEST));
    targets.shift(shifting.rule(), weights);
  }

  private void may(String operation, String resource) throws Refused {
    var allowed =
        roles.trust().mayNotAssume("ecs.amazonaws.com", shifting.role()).isEmpty()
            && roles
                .authorizer()
                .allows(
                    new Caller("", "ECSNetworkingWithELB", shifting.role()),
                    new Permission("elasticloadbalancing:" + operation, resource));
    if (!allowed)
      throw new Refused(
          "ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role '%s'. (%s on %s)"
              .formatted(shifting.role(), operation, resource));
  }

  List<String> groups() {
    return shifting.groups();
  }
}
