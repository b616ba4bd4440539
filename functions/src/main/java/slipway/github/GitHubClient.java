package slipway.github;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Commit statuses by GitHub's REST API. */
final class GitHubClient implements CommitStatuses {
  private final GitHubHttp http;

  GitHubClient(GitHubHttp http) {
    this.http = http;
  }

  @Override
  public void set(
      String repository,
      String commit,
      State state,
      String context,
      String description,
      Optional<URI> target) {
    var body = new LinkedHashMap<String, String>();
    body.put("state", state.wireName());
    target.ifPresent(page -> body.put("target_url", page.toString()));
    body.put("description", Description.cut(description));
    body.put("context", context);
    var reply =
        http.send(
            GitHubHttp.Call.post(
                "set status %s of commit %s of %s".formatted(context, commit, repository),
                "/repos/%s/statuses/%s".formatted(repository, commit),
                body));
    if (!reply.ok()) throw reply.refusal();
  }
}
