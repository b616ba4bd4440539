package slipway.local.github;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A deployment and its history.
 *
 * @param commit 40 hex digits
 * @param ref that it was made for: a branch, a tag or a commit
 * @param payload as it was given: an object, or text
 * @param transientOne whether its environment goes away again
 * @param production whether users meet its environment
 * @param statuses oldest first
 */
public record Deployment(
    long id,
    String commit,
    String ref,
    String task,
    Object payload,
    String environment,
    String description,
    boolean transientOne,
    boolean production,
    Instant created,
    List<DeploymentStatus> statuses) {

  public Deployment {
    statuses = List.copyOf(statuses);
  }

  /** Its newest state; empty before the first. */
  public String state() {
    return statuses.isEmpty() ? "" : statuses.getLast().state();
  }

  Map<String, Object> tree(Descriptions descriptions) {
    var url = descriptions.api() + "/deployments/" + id;
    var updated = statuses.isEmpty() ? created : statuses.getLast().created();
    var tree = new LinkedHashMap<String, Object>();
    tree.put("url", url);
    tree.put("id", id);
    tree.put("sha", commit);
    tree.put("ref", ref);
    tree.put("task", task);
    tree.put("payload", payload);
    tree.put("original_environment", environment);
    tree.put("environment", environment);
    tree.put("description", description);
    tree.put("creator", descriptions.user());
    tree.put("created_at", created.toString());
    tree.put("updated_at", updated.toString());
    tree.put("statuses_url", url + "/statuses");
    tree.put("repository_url", descriptions.api());
    tree.put("transient_environment", transientOne);
    tree.put("production_environment", production);
    return tree;
  }
}
