package slipway.rollout;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import slipway.config.ServiceName;
import slipway.rollout.Ledger.Order;
import slipway.rollout.ServiceState.Change;
import slipway.rollout.SpentBudgets.Spent;

/**
 * What an operator is answered. What is not known is left out.
 *
 * <pre>{@code
 * {"services":[{"service":"dice","runs":{ROLLOUT},"latest":{ROLLOUT},
 *   "pinned":{"rollout":"20261122T…","by":"ann","reason":"…","at":"2026-11-22T11:30:00Z"},
 *   "frozen":{"by":"ann","reason":"Black Friday","at":"2026-11-22T11:30:00Z"},"told":"frozen by ann: …",
 *   "spent":[{"slo":"dice GET rolldice availability","since":"2026-11-22T11:00:00Z"}],"held":"frozen: …"}]}
 * {"service":"dice","rollouts":[{ROLLOUT}],"orders":[{"what":"frozen","by":"ann","reason":"…","at":"…","takesBack":"2026…"}]}
 * {"service":"dice","done":"frozen","before":"not frozen","next":"…","undo":{"service":"dice","unfreeze":true,"by":"ann"}}
 * {"error":"…","pinnable":["20261122T…"]}
 * }</pre>
 *
 * <p>A rollout has {@code id, status, revision, from, commits, author, pushedAt, why, images,
 * startedAt, endedAt, seconds, leadSeconds, reason, runs, restoredAt}; revisions are short, such as
 * {@code dice:7}, and {@code leadSeconds} are those from the push until it was healthy. {@code
 * runs} of a service is what was last found healthy, {@code spent} its spent error budgets, {@code
 * held} what they hold up and how to go on all the same.
 */
final class OperatorJson {
  private OperatorJson() {}

  /**
   * @param held the spent budgets that hold a service up
   */
  static Map<String, Object> status(
      Map<ServiceName, ServiceState> services,
      BiFunction<ServiceName, ServiceState, Optional<BudgetFreeze>> held) {
    return Map.of(
        "services",
        services.entrySet().stream()
            .map(it -> service(it.getKey(), it.getValue(), held.apply(it.getKey(), it.getValue())))
            .toList());
  }

  static Map<String, Object> history(
      ServiceName service, List<Rollout> rollouts, List<Order> orders) {
    var tree = about(service);
    tree.put("rollouts", rollouts.stream().map(OperatorJson::rollout).toList());
    tree.put("orders", orders.stream().map(OperatorJson::order).toList());
    return tree;
  }

  static Map<String, Object> accepted(ServiceName service, Verdict.Accepted accepted, String next) {
    var tree = about(service);
    tree.put("done", accepted.what());
    tree.put("before", accepted.before());
    tree.put("next", next);
    tree.put("undo", accepted.undo());
    return tree;
  }

  /** An answer of one thing that was done, and what comes of it. */
  static Map<String, Object> done(ServiceName service, String done, String next) {
    var tree = about(service);
    tree.put("done", done);
    tree.put("next", next);
    return tree;
  }

  static Map<String, Object> refused(Verdict.Refused refused) {
    var tree = new LinkedHashMap<String, Object>();
    var none = refused.pinnable().isEmpty();
    tree.put(
        "error",
        refused.text()
            + (none ? "; none can be pinned" : "; pinnable lists the newest that can be pinned"));
    if (!none) tree.put("pinnable", refused.pinnable());
    return tree;
  }

  static Map<String, Object> error(String why) {
    return Map.of("error", why);
  }

  /** As people say it: in progress. */
  static String word(Rollout.Status status) {
    return status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** What a rollout brought, in a few words. */
  static String content(Rollout rollout) {
    return rollout.commit().isEmpty()
        ? "the content of " + Revision.shortName(rollout.to())
        : "commit " + rollout.commit();
  }

  private static Map<String, Object> service(
      ServiceName name, ServiceState state, Optional<BudgetFreeze> held) {
    var tree = about(name);
    state.running().ifPresent(running -> tree.put("runs", rollout(running)));
    state
        .latest()
        .filter(latest -> state.running().filter(it -> it.id().equals(latest.id())).isEmpty())
        .ifPresent(latest -> tree.put("latest", rollout(latest)));
    state
        .pinned()
        .ifPresent(
            pin -> {
              var pinned = new LinkedHashMap<String, Object>();
              pinned.put("rollout", pin.rollout().id());
              pinned.putAll(change(pin.change()));
              tree.put("pinned", pinned);
            });
    state.frozen().ifPresent(freeze -> tree.put("frozen", change(freeze)));
    if (!state.spent().isEmpty())
      tree.put("spent", state.spent().stream().map(OperatorJson::spent).toList());
    held.ifPresent(budget -> tree.put("held", budget.text()));
    state.said().ifPresent(said -> tree.put("told", said.text()));
    return tree;
  }

  private static Map<String, Object> spent(Spent spent) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("slo", spent.slo());
    tree.put("since", spent.since().toString());
    return tree;
  }

  private static Map<String, Object> rollout(Rollout rollout) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("id", rollout.id());
    tree.put("status", word(rollout.status()));
    tree.put("revision", Revision.shortName(rollout.to()));
    rollout.from().ifPresent(from -> tree.put("from", Revision.shortName(from)));
    tree.put("commits", rollout.commits());
    rollout.author().ifPresent(author -> tree.put("author", author));
    rollout.pushedAt().ifPresent(at -> tree.put("pushedAt", at.toString()));
    tree.put("why", rollout.why());
    tree.put("images", sorted(rollout.images()));
    tree.put("startedAt", rollout.startedAt().toString());
    rollout.endedAt().ifPresent(at -> tree.put("endedAt", at.toString()));
    rollout.duration().ifPresent(duration -> tree.put("seconds", duration.toSeconds()));
    rollout.leadTime().ifPresent(time -> tree.put("leadSeconds", time.toSeconds()));
    if (!rollout.reason().isEmpty()) tree.put("reason", rollout.reason());
    rollout.runs().ifPresent(runs -> tree.put("runs", Revision.shortName(runs)));
    rollout.restoredAt().ifPresent(at -> tree.put("restoredAt", at.toString()));
    return tree;
  }

  private static Map<String, String> sorted(Map<String, String> images) {
    return images.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (one, _) -> one, LinkedHashMap::new));
  }

  private static Map<String, Object> order(Order order) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("what", order.what());
    tree.putAll(change(order.change()));
    order.takesBack().ifPresent(id -> tree.put("takesBack", id));
    return tree;
  }

  private static Map<String, Object> change(Change change) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("by", change.by());
    if (!change.reason().isEmpty()) tree.put("reason", change.reason());
    tree.put("at", change.at().toString());
    return tree;
  }

  private static Map<String, Object> about(ServiceName service) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("service", service.value());
    return tree;
  }
}
