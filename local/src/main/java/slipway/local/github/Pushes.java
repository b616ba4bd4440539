package slipway.local.github;

import java.io.IOException;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.util.io.DisabledOutputStream;

/** The {@code push} events of a push, as GitHub words them, with its limits. */
final class Pushes {
  private static final int COMMITS = 2048;
  private static final int FILES = 3000;
  private static final int TAGS = 3;

  private final Repository repository;
  private final Descriptions descriptions;

  Pushes(Repository repository, Descriptions descriptions) {
    this.repository = repository;
    this.descriptions = descriptions;
  }

  /** One event for each branch and tag that moved; none for tags if more than 3 were pushed. */
  List<Map<String, Object>> events(Collection<ReceiveCommand> commands) throws IOException {
    var moved =
        commands.stream()
            .filter(command -> command.getResult() == ReceiveCommand.Result.OK)
            .toList();
    var tags = moved.stream().filter(Pushes::tag).count();
    var events = new ArrayList<Map<String, Object>>();
    for (var command : moved)
      if (branch(command) || tag(command) && tags <= TAGS) events.add(event(command, moved));
    return events;
  }

  private Map<String, Object> event(ReceiveCommand command, List<ReceiveCommand> moved)
      throws IOException {
    try (var walk = new RevWalk(repository)) {
      var before = command.getOldId();
      var after = command.getNewId();
      var created = before.equals(ObjectId.zeroId());
      var deleted = after.equals(ObjectId.zeroId());
      var head = deleted ? Optional.<RevCommit>empty() : commit(walk, after);
      var others = others(command, moved);
      var commits =
          branch(command) && head.isPresent()
              ? commits(head.get(), created ? others : Set.of(before))
              : List.<RevCommit>of();
      var distinct = new HashSet<ObjectId>();
      if (head.isPresent()) {
        var known = new HashSet<>(others);
        if (!created) known.add(before);
        distinct.addAll(commits(head.get(), known));
      }
      var event = new LinkedHashMap<String, Object>();
      event.put("ref", command.getRefName());
      event.put("before", before.name());
      event.put("after", after.name());
      event.put("repository", descriptions.pushedRepository());
      event.put("pusher", descriptions.pusher());
      event.put("sender", descriptions.user());
      event.put("created", created);
      event.put("deleted", deleted);
      event.put("forced", forced(walk, command));
      event.put("base_ref", baseRef(command, head).orElse(null));
      event.put("compare", compare(command));
      var described = new ArrayList<Map<String, Object>>();
      for (var commit : commits) described.add(describe(commit, distinct.contains(commit)));
      event.put("commits", described);
      event.put(
          "head_commit",
          head.isPresent()
              ? describe(head.get(), commits.isEmpty() || distinct.contains(head.get()))
              : null);
      return event;
    }
  }

  /** Where the other branches were before this push. */
  private Set<ObjectId> others(ReceiveCommand command, List<ReceiveCommand> moved)
      throws IOException {
    var tips = new LinkedHashMap<String, ObjectId>();
    for (var ref : repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS))
      tips.put(ref.getName(), ref.getObjectId());
    for (var other : moved) {
      tips.remove(other.getRefName());
      if (!other.getOldId().equals(ObjectId.zeroId()) && branch(other) && other != command)
        tips.put(other.getRefName(), other.getOldId());
    }
    return new HashSet<>(tips.values());
  }

  /** Oldest first; the newest ones if there are too many. */
  private List<RevCommit> commits(RevCommit head, Set<? extends ObjectId> known)
      throws IOException {
    try (var walk = new RevWalk(repository)) {
      // Messages are wanted after the walk ends.
      walk.setRetainBody(true);
      walk.sort(org.eclipse.jgit.revwalk.RevSort.TOPO);
      walk.markStart(walk.parseCommit(head));
      for (var tip : known) {
        var commit = commit(walk, tip);
        if (commit.isPresent()) walk.markUninteresting(commit.get());
      }
      var commits = new ArrayList<RevCommit>();
      for (var commit : walk) {
        if (commits.size() == COMMITS) break;
        commits.add(commit);
      }
      Collections.reverse(commits);
      return commits;
    }
  }

  private static Optional<RevCommit> commit(RevWalk walk, ObjectId id) throws IOException {
    return walk.peel(walk.parseAny(id)) instanceof RevCommit commit
        ? Optional.of(walk.parseCommit(commit))
        : Optional.empty();
  }

  private static boolean forced(RevWalk walk, ReceiveCommand command) throws IOException {
    if (command.getOldId().equals(ObjectId.zeroId())
        || command.getNewId().equals(ObjectId.zeroId())) return false;
    var before = commit(walk, command.getOldId());
    var after = commit(walk, command.getNewId());
    return before.isEmpty() || after.isEmpty() || !walk.isMergedInto(before.get(), after.get());
  }

  private Optional<String> baseRef(ReceiveCommand command, Optional<RevCommit> head)
      throws IOException {
    if (head.isEmpty() || !command.getOldId().equals(ObjectId.zeroId())) return Optional.empty();
    return repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).stream()
        .filter(ref -> !ref.getName().equals(command.getRefName()))
        .filter(ref -> head.get().equals(ref.getObjectId()))
        .map(ref -> ref.getName())
        .findFirst();
  }

  private String compare(ReceiveCommand command) {
    var after = command.getNewId().name().substring(0, 12);
    var before = command.getOldId().name().substring(0, 12);
    var range =
        command.getOldId().equals(ObjectId.zeroId())
            ? Repository.shortenRefName(command.getRefName())
            : before + "..." + after;
    return descriptions.web() + "/compare/" + range;
  }

  private Map<String, Object> describe(RevCommit commit, boolean distinct) throws IOException {
    var added = new ArrayList<String>();
    var removed = new ArrayList<String>();
    var modified = new ArrayList<String>();
    files(commit, added, removed, modified);
    var tree = new LinkedHashMap<String, Object>();
    tree.put("id", commit.name());
    tree.put("tree_id", commit.getTree().name());
    tree.put("distinct", distinct);
    tree.put("message", commit.getFullMessage().stripTrailing());
    tree.put("timestamp", time(commit.getCommitterIdent()));
    tree.put("url", descriptions.web() + "/commit/" + commit.name());
    tree.put("author", person(commit.getAuthorIdent()));
    tree.put("committer", person(commit.getCommitterIdent()));
    tree.put("added", added);
    tree.put("removed", removed);
    tree.put("modified", modified);
    return tree;
  }

  /** Against the first parent; a rename is one removed and one added path. */
  private void files(
      RevCommit commit, List<String> added, List<String> removed, List<String> modified)
      throws IOException {
    try (var diff = new DiffFormatter(DisabledOutputStream.INSTANCE);
        var walk = new RevWalk(repository)) {
      diff.setRepository(repository);
      diff.setDetectRenames(false);
      var parent =
          commit.getParentCount() == 0 ? null : walk.parseCommit(commit.getParent(0)).getTree();
      var files = 0;
      for (var entry : diff.scan(parent, commit.getTree())) {
        if (files++ == FILES) return;
        switch (entry.getChangeType()) {
          case ADD, COPY -> added.add(entry.getNewPath());
          case DELETE -> removed.add(entry.getOldPath());
          case MODIFY, RENAME -> modified.add(entry.getNewPath());
        }
      }
    }
  }

  private static Map<String, Object> person(PersonIdent person) {
    return Map.of("name", person.getName(), "email", person.getEmailAddress());
  }

  private static String time(PersonIdent person) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        person.getWhenAsInstant().atZone(person.getZoneId()));
  }

  private static boolean branch(ReceiveCommand command) {
    return command.getRefName().startsWith(Constants.R_HEADS);
  }

  private static boolean tag(ReceiveCommand command) {
    return command.getRefName().startsWith(Constants.R_TAGS);
  }
}
