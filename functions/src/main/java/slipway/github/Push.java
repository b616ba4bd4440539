package slipway.github;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import slipway.json.Json;

/**
 * GitHub's push event, as far as a build depends on it.
 *
 * @param ref full name, such as {@code refs/heads/main}
 * @param after the commit that the ref is at now; zeros if deleted
 * @param completeness whether the commits' lists name every path that differs from before the push
 * @param paths that the commits touched, relative to the repository's root
 */
record Push(
    String repository,
    String ref,
    String after,
    boolean deleted,
    Completeness completeness,
    List<String> paths) {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final int MOST_COMMITS = 2048;
  private static final int MOST_FILES = 3000;

  /**
   * Whether the lists tell all. They prove that a path was touched, and only below GitHub's limits
   * that no other was.
   *
   * @param gap why not; empty if they do
   */
  record Completeness(String gap) {
    static final Completeness COMPLETE = new Completeness("");

    boolean holds() {
      return gap.isEmpty();
    }
  }

  Push {
    paths = List.copyOf(paths);
  }

  /** Reads the payload; {@link slipway.json.Malformed} with the field. */
  static Push from(Json payload) {
    var after = payload.at("after");
    if (!COMMIT.matcher(after.text()).matches()) throw after.unexpected("a commit id");
    var commits = payload.at("commits").items();
    return new Push(
        payload.at("repository").at("full_name").text(),
        payload.at("ref").text(),
        after.text(),
        flag(payload.at("deleted")) || zeros(after.text()),
        completeness(payload, commits),
        commits.stream().flatMap(Push::touched).distinct().toList());
  }

  /** What the push changed. */
  Changes changes() {
    return completeness.holds()
        ? new Changes.Listed(Set.copyOf(paths))
        : new Changes.Unknown(completeness.gap());
  }

  private static Completeness completeness(Json payload, List<Json> commits) {
    if (flag(payload.at("created"))) return new Completeness("the branch is new");
    if (flag(payload.at("forced"))) return new Completeness("the branch was forced");
    if (commits.isEmpty()) return new Completeness("the push lists no commits");
    if (commits.size() >= MOST_COMMITS)
      return new Completeness("the push has more commits than GitHub lists");
    for (var commit : commits) {
      var files = touched(commit).count();
      if (files == 0) return new Completeness("a commit lists no files");
      if (files >= MOST_FILES)
        return new Completeness("a commit touches more files than GitHub lists");
    }
    return Completeness.COMPLETE;
  }

  private static Stream<String> touched(Json commit) {
    return Stream.of("added", "modified", "removed")
        .flatMap(list -> commit.at(list).items().stream())
        .map(Json::text);
  }

  private static boolean flag(Json member) {
    return !member.missing() && member.flag();
  }

  private static boolean zeros(String commit) {
    return commit.chars().allMatch(digit -> digit == '0');
  }
}
