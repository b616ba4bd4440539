package slipway.local.github;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A status that was set on a deployment.
 *
 * @param commit 40 hex digits
 * @param environment such as {@code production}
 * @param state {@code queued}, {@code in_progress}, {@code success}, {@code failure}, {@code
 *     inactive}, {@code pending} or {@code error}
 * @param logUrl empty if none was given, as GitHub has it; so the others
 */
public record DeploymentStatus(
    long id,
    long deployment,
    String commit,
    String environment,
    String state,
    String description,
    String logUrl,
    String environmentUrl,
    Instant created) {

  Map<String, Object> tree(Descriptions descriptions) {
    var url = descriptions.api() + "/deployments/" + deployment;
    var tree = new LinkedHashMap<String, Object>();
    tree.put("url", url + "/statuses/" + id);
    tree.put("id", id);
    tree.put("state", state);
    tree.put("creator", descriptions.user());
    tree.put("description", description);
    tree.put("environment", environment);
    tree.put("target_url", logUrl);
    tree.put("log_url", logUrl);
    tree.put("environment_url", environmentUrl);
    tree.put("deployment_url", url);
    tree.put("repository_url", descriptions.api());
    tree.put("created_at", created.toString());
    tree.put("updated_at", created.toString());
    return tree;
  }
}
