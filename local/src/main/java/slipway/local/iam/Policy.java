package slipway.local.iam;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.json.Json;

/**
 * A policy document.
 *
 * @param name one for each holder; for people, too
 */
public record Policy(String name, List<Statement> statements) {

  public Policy {
    statements = List.copyOf(statements);
  }

  /** What the statements of a policy say about a request. */
  sealed interface Verdict {
    /**
     * @param numbers of the statements that allow it, from 0
     */
    record Allowed(List<Integer> numbers) implements Verdict {}

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
   */
  Verdict judge(Optional<Statement.Principal> principal, Request request) {
    var allowed = new ArrayList<Integer>();
    var unclear = new ArrayList<String>();
    for (var i = 0; i < statements.size(); i++) {
      var statement = statements.get(i);
      if (!statement.speaksOf(principal, request.action(), request.resource())) continue;
      switch (Condition.all(statement.conditions(), request.context())) {
        case Condition.Outcome.Holds _ -> {
          if (!statement.allow()) return new Verdict.Forbidden(name);
          allowed.add(i);
        }
        case Condition.Outcome.Fails(var why) -> {
          // A Deny whose condition fails is none.
          if (statement.allow()) unclear.add("policy " + name + " allows it only if " + why);
        }
        case Condition.Outcome.Unknown(var why) -> {
          // What cannot be judged must not allow, and must not let a Deny slip.
          if (!statement.allow()) return new Verdict.Forbidden(name + ", " + why);
          unclear.add("policy " + name + ": " + why);
        }
      }
    }
    return allowed.isEmpty() ? new Verdict.Silent(unclear) : new Verdict.Allowed(allowed);
  }

  /** Without one action of one statement; without the statement, if that was its last. */
  Policy without(int number, String action) {
    var rest = new ArrayList<>(statements);
    var left = statements.get(number).without(action);
    if (left.isPresent()) rest.set(number, left.get());
    else rest.remove(number);
    return new Policy(name, rest);
  }

  Policy without(int number) {
    var rest = new ArrayList<>(statements);
    rest.remove(number);
    return new Policy(name, rest);
  }
}
