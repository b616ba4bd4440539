package slipway.local.iam;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.json.Json;

/** A policy document. */
public record Policy(String name, List<Statement> statements) {

  public Policy {
    statements = List.copyOf(statements);
  }

  /** What the statements of a set of policies say about a request. */
  sealed interface Verdict {
    record Allowed() implements Verdict {}

    /** A statement forbids it. */
    record Forbidden(String policy) implements Verdict {}

    /** No statement speaks of it; {@code unclear} tells of conditions that could not be judged. */
    record Silent(List<String> unclear) implements Verdict {}
  }

  /** Reads a document; elements that are not played are an error, not ignored. */
  public static Policy parse(String name, Json document) {
    var statements = new ArrayList<Statement>();
    var statement = document.at("Statement");
    if (statement.value() instanceof Map) statements.add(Statement.parse(statement));
    else statement.items().forEach(item -> statements.add(Statement.parse(item)));
    return new Policy(name, statements);
  }

  /**
   * Judges a request.
   *
   * @param principal who asks, for policies of resources; empty for policies of roles
   * @param context condition keys of the request
   */
  static Verdict judge(
      List<Policy> policies,
      Optional<Statement.Principal> principal,
      String action,
      String resource,
      Map<String, String> context) {
    var allowed = false;
    var unclear = new ArrayList<String>();
    for (var policy : policies) {
      for (var statement : policy.statements()) {
        if (!statement.speaksOf(principal, action, resource)) continue;
        switch (Condition.all(statement.conditions(), context)) {
          case Condition.Outcome.Holds _ -> {
            if (!statement.allow()) return new Verdict.Forbidden(policy.name());
            allowed = true;
          }
          case Condition.Outcome.Fails(var why) ->
              unclear.add("policy " + policy.name() + " allows it only if " + why);
          case Condition.Outcome.Unknown(var why) -> {
            // What cannot be judged must not allow, and must not let a Deny slip.
            if (!statement.allow()) return new Verdict.Forbidden(policy.name() + ", " + why);
            unclear.add("policy " + policy.name() + ": " + why);
          }
        }
      }
    }
    return allowed ? new Verdict.Allowed() : new Verdict.Silent(unclear);
  }
}
