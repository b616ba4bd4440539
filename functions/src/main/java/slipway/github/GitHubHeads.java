package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.util.HashSet;
import java.util.Optional;
import java.util.stream.Stream;
import slipway.config.Source;
import slipway.json.Json;

/**
 * Heads of branches by GitHub's REST API. With a token, being told that nothing changed is free of
 * its rate limit; without, every request counts, and an address has 60 in an hour.
 */
final class GitHubHeads implements Heads {
  /** A comparison lists no more files than this, on whatever page. */
  private static final int MOST_FILES = 300;

  private final GitHubHttp http;

  GitHubHeads(GitHubHttp http) {
    this.http = http;
  }

  @Override
  public Optional<Head> read(Source source, Optional<String> etag) {
    var what = "read branch %s of %s".formatted(source.branch(), source.repository());
    var call =
        GitHubHttp.Call.get(
            what,
            "/repos/%s/git/ref/heads/%s".formatted(source.repository(), path(source.branch())));
    var reply = http.send(etag.map(tag -> call.with("If-None-Match", tag)).orElse(call));
    return switch (reply.status()) {
      case HttpURLConnection.HTTP_NOT_MODIFIED -> Optional.empty();
      case HttpURLConnection.HTTP_NOT_FOUND ->
          // Which it also says of a private repository that the token does not reach.
          throw new GitHubFailed(
              reply.refusal().getMessage()
                  + ": want a branch that is there, and a token that may read the repository");
      default ->
          Optional.of(
              new Head(
                  reply.read(json -> json.at("object").at("sha").text()), reply.header("ETag")));
    };
  }

  /**
   * A comparison that fails must not hold up the build that it is for, and may fail for good: some
   * are too large for GitHub, and commits that nothing refers to go away.
   */
  @Override
  public Changes between(Source source, String base, String head) {
    var range = base + "..." + head;
    // The files are all on the first page; of the commits one is enough.
    var call =
        GitHubHttp.Call.get(
            "compare %s of %s".formatted(range, source.repository()),
            "/repos/%s/compare/%s?per_page=1".formatted(source.repository(), range));
    try {
      return http.send(call).read(GitHubHeads::changes);
    } catch (GitHubFailed e) {
      return new Changes.Unknown("it is not known what changed: " + e.getMessage());
    }
  }

  /** A comparison starts where the two parted: only of a later commit does it tell all. */
  private static Changes changes(Json comparison) {
    var status = comparison.at("status").text();
    if (!status.equals("ahead") && !status.equals("identical"))
      return new Changes.Unknown("the branch was forced");
    var files = comparison.at("files").items();
    if (files.size() >= MOST_FILES)
      return new Changes.Unknown("more files changed than GitHub lists");
    var paths = new HashSet<String>();
    for (var file : files) {
      paths.add(file.at("filename").text());
      file.at("previous_filename").optionalText().ifPresent(paths::add);
    }
    return new Changes.Listed(paths);
  }

  /** Slashes part a branch's name, and stay. */
  private static String path(String branch) {
    return Stream.of(branch.split("/", -1))
        .map(part -> URLEncoder.encode(part, UTF_8).replace("+", "%20"))
        .collect(joining("/"));
  }
}
