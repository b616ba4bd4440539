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

/** Makes a bare repository with one commit on {@code main}. */
final class Seed {
  /** What a build leaves behind is not source. */
  private static final Set<String> NOT_SOURCE = Set.of(".git", "target", "node_modules", "cdk.out");

  private Seed() {}

  /**
   * @param folder of the bare repository; made
   * @param sources path in the repository → file or folder on disk
   */
  static Repository repository(Path folder, Map<String, Path> sources, Instant now) {
    Unconfigured.use();
    try {
      var repository =
          Git.init()
              .setBare(true)
              .setInitialBranch(GitHub.DEFAULT_BRANCH)
              .setDirectory(folder.toFile())
              .call()
              .getRepository();
      commit(repository, sources, now);
      return repository;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the git repository in " + folder, e);
    } catch (GitAPIException e) {
      throw new IllegalStateException("cannot make the git repository in " + folder, e);
    }
  }

  private static void commit(Repository repository, Map<String, Path> sources, Instant now)
      throws IOException {
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
      commit.setMessage("Start from Slipway's sample\n");
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      var update = repository.updateRef(Constants.R_HEADS + GitHub.DEFAULT_BRANCH);
      update.setNewObjectId(id);
      var result = update.update();
      if (result != org.eclipse.jgit.lib.RefUpdate.Result.NEW)
        throw new IOException("the first commit was not taken: " + result);
    }
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
