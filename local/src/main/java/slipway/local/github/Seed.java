package slipway.local.github;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;

/**
 * What a repository starts with: one commit.
 *
 * @param sources path in the repository → file or folder on disk. What builds leave behind is left
 *     out
 * @param branches that are at the commit, beside {@code main}
 */
public record Seed(Map<String, Path> sources, Set<String> branches) {
  /** What a build leaves behind is not source. */
  private static final Set<String> NOT_SOURCE = Set.of(".git", "target", "node_modules", "cdk.out");

  public Seed {
    sources = Map.copyOf(sources);
    branches = Set.copyOf(branches);
  }

  /**
   * Makes the repository.
   *
   * @param folder of the bare repository; made
   * @param fullName {@code owner/name}
   */
  Repository repository(Path folder, String fullName, Instant now) {
    Unconfigured.use();
    try {
      var repository =
          Git.init()
              .setBare(true)
              .setInitialBranch(GitHub.DEFAULT_BRANCH)
              .setDirectory(folder.toFile())
              .call()
              .getRepository();
      var commit = commit(repository, fullName, now);
      branch(repository, GitHub.DEFAULT_BRANCH, commit);
      for (var branch : branches)
        if (!branch.equals(GitHub.DEFAULT_BRANCH)) branch(repository, branch, commit);
      return repository;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the git repository in " + folder, e);
    } catch (GitAPIException e) {
      throw new IllegalStateException("cannot make the git repository in " + folder, e);
    }
  }

  private ObjectId commit(Repository repository, String fullName, Instant now) throws IOException {
    try (var inserter = repository.newObjectInserter()) {
      var files = DirCache.newInCore();
      var builder = files.builder();
      for (var source : sources.entrySet())
        add(builder, inserter, source.getKey(), source.getValue());
      builder.finish();
      var commit = new CommitBuilder();
      commit.setTreeId(files.writeTree(inserter));
      var author = new PersonIdent("Example Dev", "dev@example.com", now, ZoneOffset.UTC);
      commit.setAuthor(author);
      commit.setCommitter(author);
      // With the name, or repositories with the same files would have the same commit.
      commit.setMessage("Start %s from Slipway's sample\n".formatted(fullName));
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      return id;
    }
  }

  private static void branch(Repository repository, String name, ObjectId commit)
      throws IOException {
    var update = repository.updateRef(Constants.R_HEADS + name);
    update.setNewObjectId(commit);
    var result = update.update();
    if (result != org.eclipse.jgit.lib.RefUpdate.Result.NEW)
      throw new IOException("branch " + name + " was not made: " + result);
  }

  private static void add(
      DirCacheBuilder builder, ObjectInserter inserter, String place, Path source)
      throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_SOURCE.contains(String.valueOf(folder.getFileName()))
                    && !folder.equals(source)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            var inside = source.relativize(file).toString().replace('\\', '/');
            var path = inside.isEmpty() ? place : place.isEmpty() ? inside : place + "/" + inside;
            var entry = new DirCacheEntry(path);
            entry.setFileMode(
                Files.isExecutable(file) ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE);
            entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, Files.readAllBytes(file)));
            builder.add(entry);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
