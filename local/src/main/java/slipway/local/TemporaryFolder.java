package slipway.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A folder below java.io.tmpdir that is gone when it is closed, or when this JVM ends. */
public final class TemporaryFolder implements AutoCloseable {
  private final Path path;
  private final Thread hook = new Thread(this::delete, "delete temporary folder");

  public TemporaryFolder(String prefix) {
    try {
      path = Files.createTempDirectory(prefix).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder in java.io.tmpdir", e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM is ending: the hook deletes it.
      return;
    }
    delete();
  }

  private void delete() {
    if (!Files.exists(path)) return;
    try (var paths = Files.walk(path)) {
      for (var each : paths.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
    } catch (IOException | UncheckedIOException e) {
      System.getLogger(TemporaryFolder.class.getName())
          .log(System.Logger.Level.WARNING, "cannot delete " + path, e);
    }
  }
}
