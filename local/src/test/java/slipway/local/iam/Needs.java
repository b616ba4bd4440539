package slipway.local.iam;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import slipway.local.cloud.Place;
import slipway.local.stack.Resource;

/**
 * Which statements of a stack's policies its recorded requests need, and for which actions: a
 * request needs an action in a statement if it is refused once that is taken out.
 *
 * @param statements each with the actions that something needs, in the order of the policies
 */
public record Needs(Map<Statement, Set<String>> statements) {

  /**
   * A statement as stacks of any name and configuration have it, so that what one stack's tests
   * show counts for all.
   *
   * @param holder logical id of the role, or of the policy of a resource, without the hash that the
   *     CDK puts behind it
   */
  public record Statement(
      String holder, List<String> actions, List<String> principals, List<String> conditions) {

    /** Such as {@code EventsScheduleRole [sqs:SendMessage]}. */
    @Override
    public String toString() {
      return holder + " " + actions;
    }
  }

  /**
   * Of all roles, and of the policies of queues, topics, functions and buckets; not of the policies
   * that are AWS's own.
   *
   * @param stack its name
   * @param declared what stands, by logical id
   */
  public static Needs of(
      String stack,
      Map<String, Resource> declared,
      Policies policies,
      List<Journal.Entry> entries) {
    var roles = roles(stack, declared);
    var asked = new HashMap<Grant, List<Request>>();
    for (var entry : entries)
      if (policies.judge(entry.request()) instanceof Decision.Allowed(var by))
        for (var grant : by)
          asked.computeIfAbsent(grant, _ -> new ArrayList<>()).add(entry.request());
    var statements = new LinkedHashMap<Statement, Set<String>>();
    for (var grant : policies.grants()) {
      var holder = holder(grant, roles, declared.keySet());
      if (holder.isEmpty()) continue;
      var requests = asked.getOrDefault(grant, List.of());
      statements
          .computeIfAbsent(statement(stack, holder.get(), grant), _ -> new TreeSet<>())
          .addAll(
              grant.actions().stream()
                  .filter(action -> refuses(policies.without(grant, action), requests))
                  .toList());
    }
    return new Needs(statements);
  }

  private static boolean refuses(Policies policies, List<Request> requests) {
    return requests.stream()
        .anyMatch(request -> policies.judge(request) instanceof Decision.Refused);
  }

  /** Logical ids of the roles by their ARN. */
  private static Map<String, String> roles(String stack, Map<String, Resource> declared) {
    var roles = new HashMap<String, String>();
    for (var resource : declared.values()) {
      if (!resource.type().equals("AWS::IAM::Role")) continue;
      var name =
          resource.properties().at("RoleName").optionalText().orElse(resource.generatedName(stack));
      roles.put("arn:aws:iam::%s:role/%s".formatted(Place.ACCOUNT, name), resource.logicalId());
    }
    return roles;
  }

  /** Empty for what is not the stack's. */
  private static Optional<String> holder(
      Grant grant, Map<String, String> roles, Set<String> declared) {
    if (ManagedPolicies.find("arn:aws:iam::aws:policy/" + grant.policy()).isPresent())
      return Optional.empty();
    if (grant.holder().contains(":role/"))
      return Optional.ofNullable(roles.get(grant.holder()))
          .map(Needs::withoutHash)
          .map(role -> grant.principals().isEmpty() ? role : role + " trust");
    // A resource's policy is named by its own logical id.
    return Optional.of(grant.policy()).filter(declared::contains).map(Needs::withoutHash);
  }

  private static String withoutHash(String logicalId) {
    return logicalId.replaceFirst("[0-9A-F]{8}$", "");
  }

  private static Statement statement(String stack, String holder, Grant grant) {
    return new Statement(
        holder,
        grant.actions().stream().sorted().toList(),
        grant.principals(),
        grant.conditions().stream()
            .map(text -> text.replace(stack, "<stack>"))
            // It is named as the stack, or it was there already.
            .map(text -> text.replaceAll(":cluster/[A-Za-z0-9_<>-]+", ":cluster/<cluster>"))
            .toList());
  }

  /** What two stacks show together. */
  public Needs and(Needs others) {
    var both = new LinkedHashMap<Statement, Set<String>>();
    Stream.of(statements, others.statements)
        .forEach(
            each ->
                each.forEach(
                    (statement, actions) ->
                        both.computeIfAbsent(statement, _ -> new TreeSet<>()).addAll(actions)));
    return new Needs(both);
  }

  /** {@code <holder> <action>} of everything that is granted and that nothing needs. */
  public Set<String> unneeded() {
    var unneeded = new TreeSet<String>();
    statements.forEach(
        (statement, needed) ->
            statement.actions().stream()
                .filter(action -> !needed.contains(action))
                .forEach(action -> unneeded.add(statement.holder() + " " + action)));
    return unneeded;
  }
}
