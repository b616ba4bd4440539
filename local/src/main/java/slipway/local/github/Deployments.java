package slipway.local.github;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import slipway.json.Json;

/** Deployments and their statuses. Thread-safe. */
final class Deployments {
  private static final Set<String> STATES =
      Set.of("error", "failure", "inactive", "in_progress", "queued", "pending", "success");
  private static final int DESCRIPTION = 140;

  private final Descriptions descriptions;
  private final Clock clock;
  private final List<Map<String, Object>> deployments = new ArrayList<>();
  private final Map<Integer, List<Map<String, Object>>> statuses = new LinkedHashMap<>();

  Deployments(Descriptions descriptions, Clock clock) {
    this.descriptions = descriptions;
    this.clock = clock;
  }

  /**
   * @param commit finds the commit that a branch, tag or id means
   */
  synchronized Map<String, Object> create(Json request, UnaryOperator<String> commit) {
    var ref =
        request
            .at("ref")
            .optionalText()
            .orElseThrow(() -> new Refusal(422, "Invalid request: \"ref\" wasn't supplied."));
    var id = deployments.size() + 1;
    var tree = new LinkedHashMap<String, Object>();
    tree.put("url", descriptions.api() + "/deployments/" + id);
    tree.put("id", id);
    tree.put("sha", commit.apply(ref));
    tree.put("ref", ref);
    tree.put("task", request.at("task").optionalText().orElse("deploy"));
    tree.put("payload", request.at("payload").missing() ? Map.of() : request.at("payload").value());
    tree.put("environment", request.at("environment").optionalText().orElse("production"));
    tree.put("description", description(request));
    tree.put("creator", descriptions.user());
    tree.put("created_at", clock.instant().toString());
    tree.put("updated_at", clock.instant().toString());
    tree.put("statuses_url", descriptions.api() + "/deployments/" + id + "/statuses");
    deployments.add(tree);
    statuses.put(id, new ArrayList<>());
    return tree;
  }

  /**
   * Newest first; the query's {@code sha}, {@code ref}, {@code task}, {@code environment} choose.
   */
  synchronized List<Map<String, Object>> list(Map<String, String> query) {
    return deployments.reversed().stream()
        .filter(
            one ->
                List.of("sha", "ref", "task", "environment").stream()
                    .allMatch(
                        name -> !query.containsKey(name) || query.get(name).equals(one.get(name))))
        .toList();
  }

  synchronized Map<String, Object> get(int id) {
    if (id < 1 || id > deployments.size()) throw Refusal.notFound();
    return deployments.get(id - 1);
  }

  synchronized Map<String, Object> addStatus(int id, Json request) {
    var deployment = get(id);
    var state = request.at("state").optionalText().orElse("");
    if (!STATES.contains(state))
      throw new Refusal(422, "Validation Failed: state is '" + state + "': want one of " + STATES);
    var number = statuses.values().stream().mapToInt(List::size).sum() + 1;
    var tree = new LinkedHashMap<String, Object>();
    tree.put("url", deployment.get("statuses_url") + "/" + number);
    tree.put("id", number);
    tree.put("state", state);
    tree.put("creator", descriptions.user());
    tree.put("description", description(request));
    tree.put("environment", deployment.get("environment"));
    tree.put("environment_url", request.at("environment_url").optionalText().orElse(""));
    tree.put("log_url", request.at("log_url").optionalText().orElse(""));
    tree.put("deployment_url", deployment.get("url"));
    tree.put("created_at", clock.instant().toString());
    tree.put("updated_at", clock.instant().toString());
    statuses.get(id).add(tree);
    return tree;
  }

  /** Newest first. */
  synchronized List<Map<String, Object>> statuses(int id) {
    get(id);
    return List.copyOf(statuses.get(id).reversed());
  }

  private static String description(Json request) {
    var description = request.at("description").optionalText().orElse("");
    if (description.length() > DESCRIPTION)
      throw new Refusal(
          422,
          "Validation Failed: description is too long (maximum is " + DESCRIPTION + " characters)");
    return description;
  }
}
