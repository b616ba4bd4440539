package slipway.local.github;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.eclipse.jgit.util.io.DisabledOutputStream;

/** Two commits compared, with GitHub's limits; without the patches and their line counts. */
final class Comparisons {
  private static final int COMMITS = 250;
  private static final int FILES = 300;
  private static final int RENAME_PERCENT = 50;

  private final Repository repository;
  private final Descriptions descriptions;

  Comparisons(Repository repository, Descriptions descriptions) {
    this.repository = repository;
    this.descriptions = descriptions;
  }

  /**
   * The first page, which has all files.
   *
   * @param baseAndHead two commits, branches or tags, with three dots between
   * @param perPage how many commits are wanted, if somebody says so
   */
  Map<String, Object> of(String baseAndHead, Optional<String> perPage) throws IOException {
    var names = baseAndHead.split("\\.{3}", 2);
    if (names.length != 2) throw Refusal.notFound();
    try (var walk = new RevWalk(repository)) {
      // Messages are wanted after the walks end.
      walk.setRetainBody(true);
      var base = commit(walk, names[0]);
      var head = commit(walk, names[1]);
      var fork = mergeBase(walk, base, head);
      var ahead = missing(walk, head, base);
      var behind = missing(walk, base, head).size();
      var tree = new LinkedHashMap<String, Object>();
      tree.put("url", descriptions.api() + "/compare/" + baseAndHead);
      tree.put("html_url", descriptions.web() + "/compare/" + baseAndHead);
      tree.put("base_commit", describe(base));
      tree.put("merge_base_commit", describe(fork));
      tree.put("status", status(ahead.size(), behind));
      tree.put("ahead_by", ahead.size());
      tree.put("behind_by", behind);
      tree.put("total_commits", ahead.size());
      tree.put(
          "commits",
          ahead.reversed().stream()
              .limit(perPage.map(Integer::parseInt).orElse(COMMITS))
              .map(this::describe)
              .toList());
      tree.put("files", files(fork, head));
      return tree;
    }
  }

  private static String status(int ahead, int behind) {
    if (ahead > 0) return behind > 0 ? "diverged" : "ahead";
    return behind > 0 ? "behind" : "identical";
  }

  private RevCommit commit(RevWalk walk, String name) throws IOException {
    try {
      var id = repository.resolve(name + "^{commit}");
      if (id == null) throw Refusal.notFound();
      return walk.parseCommit(id);
    } catch (MissingObjectException
        | IncorrectObjectTypeException
        | AmbiguousObjectException
        | RevisionSyntaxException _) {
      throw Refusal.notFound();
    }
  }

  private static RevCommit mergeBase(RevWalk walk, RevCommit base, RevCommit head)
      throws IOException {
    walk.reset();
    walk.setRevFilter(RevFilter.MERGE_BASE);
    walk.markStart(base);
    walk.markStart(head);
    var found = walk.next();
    walk.reset();
    walk.setRevFilter(RevFilter.ALL);
    if (found == null)
      throw new Refusal(
          404, "No common ancestor between %s and %s.".formatted(base.name(), head.name()));
    return found;
  }

  /** What is in the history of one and not in the other's, newest first. */
  private static List<RevCommit> missing(RevWalk walk, RevCommit from, RevCommit known)
      throws IOException {
    walk.reset();
    walk.markStart(from);
    walk.markUninteresting(known);
    var commits = new ArrayList<RevCommit>();
    for (var commit : walk) commits.add(commit);
    return commits;
  }

  private List<Map<String, Object>> files(RevCommit from, RevCommit to) throws IOException {
    try (var diff = new DiffFormatter(DisabledOutputStream.INSTANCE)) {
      diff.setRepository(repository);
      diff.setDetectRenames(true);
      diff.getRenameDetector().setRenameScore(RENAME_PERCENT);
      return diff.scan(from.getTree(), to.getTree()).stream()
          .limit(FILES)
          .map(Comparisons::file)
          .toList();
    }
  }

  private static Map<String, Object> file(DiffEntry entry) {
    var tree = new LinkedHashMap<String, Object>();
    var type = entry.getChangeType();
    var deleted = type == DiffEntry.ChangeType.DELETE;
    tree.put("sha", (deleted ? entry.getOldId() : entry.getNewId()).name());
    tree.put("filename", deleted ? entry.getOldPath() : entry.getNewPath());
    tree.put(
        "status",
        switch (type) {
          case ADD -> "added";
          case MODIFY -> "modified";
          case DELETE -> "removed";
          case RENAME -> "renamed";
          case COPY -> "copied";
        });
    if (type == DiffEntry.ChangeType.RENAME || type == DiffEntry.ChangeType.COPY)
      tree.put("previous_filename", entry.getOldPath());
    return tree;
  }

  private Map<String, Object> describe(RevCommit commit) {
    var details = new LinkedHashMap<String, Object>();
    details.put("author", person(commit.getAuthorIdent()));
    details.put("committer", person(commit.getCommitterIdent()));
    details.put("message", commit.getFullMessage().stripTrailing());
    var tree = new LinkedHashMap<String, Object>();
    tree.put("sha", commit.name());
    tree.put("url", descriptions.api() + "/commits/" + commit.name());
    tree.put("html_url", descriptions.web() + "/commit/" + commit.name());
    tree.put("commit", details);
    return tree;
  }

  private static Map<String, Object> person(PersonIdent person) {
    return Map.of(
        "name", person.getName(),
        "email", person.getEmailAddress(),
        "date", person.getWhenAsInstant().toString());
  }
}
