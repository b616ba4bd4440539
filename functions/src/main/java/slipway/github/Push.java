package slipway.github;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import slipway.json.Json;

/**
 * GitHub's push event, as far as a build depends on it.
 *
 * @param ref full name, such as {@code refs/heads/main}
 * @param after the commit that the ref is at now; zeros if deleted
 * @param pushed when it was pushed, if GitHub says so
 * @param completeness whether the commits' lists name every path that differs from before the push
 * @param paths that the commits touched, relative to the repository's root
 */
record Push(
    String repository,
    String ref,
    String after,
    boolean deleted,
    Optional<Instant> pushed,
    Completeness completeness,
    List<String> paths) {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final int MOST_COMMITS = 2048;
  private static final int MOST_FILES = 3000;

  /** Nobody pushed to GitHub before, and later ones are no time of four digits a year. */
  private static final Instant FIRST = Instant.parse("2008-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("+10000-01-01T00:00:00Z");

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
        pushed(payload.at("repository").at("pushed_at")),
        completeness(payload, commits),
        commits.stream().flatMap(Push::touched).distinct().toList());
  }

  /**
   * GitHub's time: seconds since 1970 in a push event, text where it describes a repository
   * otherwise, and null for one that nobody pushed to yet.
   */
  private static Optional<Instant> pushed(Json at) {
    try {
      return switch (at.value()) {
        case null -> Optional.empty();
        case String text -> Optional.of(Instant.parse(text)).filter(Push::sane);
        case Number seconds ->
            Optional.of(Instant.ofEpochSecond(seconds.longValue())).filter(Push::sane);
        default -> throw at.unexpected("a time");
      };
    } catch (DateTimeException _) {
      throw at.unexpected("a time");
    }
  }

  private static boolean sane(Instant time) {
    return !time.isBefore(FIRST) && time.isBefore(LAST);
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
