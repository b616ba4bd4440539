package slipway.local.github;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A status that was set on a commit.
 *
 * @param commit 40 hex digits
 * @param state {@code error}, {@code failure}, {@code pending} or {@code success}
 * @param context such as {@code slipway/build}
 */
public record CommitStatus(
    long id,
    String commit,
    String state,
    String context,
    Optional<String> description,
    Optional<String> targetUrl,
    Instant created) {

  Map<String, Object> tree(String api) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("url", api + "/statuses/" + commit);
    tree.put("id", id);
    tree.put("state", state);
    tree.put("description", description.orElse(null));
    tree.put("target_url", targetUrl.orElse(null));
    tree.put("context", context);
    tree.put("created_at", created.toString());
    tree.put("updated_at", created.toString());
    return tree;
  }
}
