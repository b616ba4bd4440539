package slipway.local.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The folder with what the demo leaves behind: the audit's report, and the logs of a run that
 * failed.
 */
record Output(Path folder) {

  /** Below the module's target, as Maven's build tells by a system property. */
  static Output ofThisBuild() {
    return new Output(
        Path.of(System.getProperty("slipway.demo.output", "target/demo"))
            .toAbsolutePath()
            .normalize());
  }

  /** Copies a file here under a name; where it is. */
  Path keep(Path file, String name) {
    try {
      Files.createDirectories(folder);
      return Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep " + file, e);
    }
  }

  /** Copies the logs here, since the originals end with the run; where they are. */
  Path keepLogs(Path logs) {
    var kept = folder.resolve("logs");
    try (var files = Files.walk(logs)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var copy = kept.resolve(logs.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      return kept;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the logs of " + logs, e);
    }
  }
}
