package slipway.local.build;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Copies and deletes whole folders. */
final class Folders {
  private static final CopyOption[] AS_IT_IS = {
    StandardCopyOption.REPLACE_EXISTING,
    StandardCopyOption.COPY_ATTRIBUTES,
    LinkOption.NOFOLLOW_LINKS
  };

  private Folders() {}

  /** Copies a file, or what a folder holds, without what is unwanted. */
  static void copy(Path from, Path to, Predicate<Path> wanted) throws IOException {
    if (!Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(to.getParent());
      Files.copy(from, to, AS_IT_IS);
      return;
    }
    Files.createDirectories(to);
    try (var children = Files.list(from)) {
      for (var child : children.sorted().toList())
        if (wanted.test(child)) copy(child, to.resolve(child.getFileName()), wanted);
    }
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) return;
    try (var all = Files.walk(folder)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
    }
  }

  /** What a .dockerignore lets through; its last matching pattern decides. */
  static Predicate<Path> notIgnored(Path context) throws IOException {
    var file = context.resolve(".dockerignore");
    if (!Files.exists(file)) return _ -> true;
    List<String> patterns =
        Files.readAllLines(file).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    return path -> {
      var wanted = true;
      for (var line : patterns) {
        var again = line.startsWith("!");
        var pattern = (again ? line.substring(1) : line).replaceAll("^/+|/+$", "");
        var matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        var within = FileSystems.getDefault().getPathMatcher("glob:" + pattern + "/**");
        var relative = context.relativize(path);
        if (matcher.matches(relative) || within.matches(relative)) wanted = again;
      }
      return wanted;
    };
  }
}
