package slipway.local.github;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import slipway.json.Json;

/** The statuses of commits. Thread-safe. */
final class Statuses {
  private static final Set<String> STATES = Set.of("error", "failure", "pending", "success");
  private static final int DESCRIPTION = 140;
  private static final int PER_CONTEXT = 1000;

  private final Clock clock;
  private final List<CommitStatus> all = new ArrayList<>();
  private final List<Consumer<CommitStatus>> listeners = new CopyOnWriteArrayList<>();

  Statuses(Clock clock) {
    this.clock = clock;
  }

  void listen(Consumer<CommitStatus> listener) {
    listeners.add(listener);
  }

  /** All statuses of the commit, oldest first. */
  synchronized List<CommitStatus> of(String commit) {
    return all.stream().filter(status -> status.commit().equals(commit)).toList();
  }

  CommitStatus set(String commit, Json request) {
    var status = add(commit, request);
    listeners.forEach(listener -> listener.accept(status));
    return status;
  }

  private synchronized CommitStatus add(String commit, Json request) {
    var state = request.at("state").optionalText().orElse("");
    if (!STATES.contains(state))
      throw new Refusal(422, "Validation Failed: state is '" + state + "': want one of " + STATES);
    var description = request.at("description").optionalText();
    if (description.filter(text -> text.length() > DESCRIPTION).isPresent())
      throw new Refusal(
          422,
          "Validation Failed: description is too long (maximum is " + DESCRIPTION + " characters)");
    var context = request.at("context").optionalText().orElse("default");
    var before =
        all.stream()
            .filter(one -> one.commit().equals(commit) && one.context().equals(context))
            .count();
    if (before >= PER_CONTEXT)
      throw new Refusal(
          422,
          "Validation Failed: This SHA and context has reached the maximum number of statuses");
    var status =
        new CommitStatus(
            all.size() + 1,
            commit,
            state,
            context,
            description,
            request.at("target_url").optionalText(),
            clock.instant());
    all.add(status);
    return status;
  }

  /** The newest status of each context. */
  List<CommitStatus> latest(String commit) {
    var latest = new LinkedHashMap<String, CommitStatus>();
    of(commit).forEach(status -> latest.put(status.context(), status));
    return List.copyOf(latest.values());
  }

  /** All contexts together: one failure fails, otherwise one that is pending holds. */
  Map<String, Object> combined(String commit, Descriptions descriptions) {
    var latest = latest(commit);
    var states = latest.stream().map(CommitStatus::state).toList();
    var state =
        states.contains("failure") || states.contains("error")
            ? "failure"
            : states.isEmpty() || states.contains("pending") ? "pending" : "success";
    var tree = new LinkedHashMap<String, Object>();
    tree.put("state", state);
    tree.put("statuses", latest.stream().map(one -> one.tree(descriptions.api())).toList());
    tree.put("sha", commit);
    tree.put("total_count", latest.size());
    tree.put("repository", descriptions.repository());
    return tree;
  }
}
