import com.google.googlejavaformat.java.Formatter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or applies the format of every Java source in the modules: {@code check} fails and lists the files that differ,
 * {@code apply} rewrites them. A program of its own because the formatter must run on the JDK that the sources are
 * written for, and Maven itself may run on an older one.
 */
final class FormatJava {
  public static void main(String[] args) throws Exception {
    boolean apply = args.length == 1 && args[0].equals("apply");
    var formatter = new Formatter();
    var differing = new ArrayList<Path>();
    for (var module : List.of("functions", "infra", "app", "local")) {
      for (var source : sources(Path.of(module, "src"))) {
        var text = Files.readString(source);
        var formatted = formatter.formatSourceAndFixImports(text);
        if (!formatted.equals(text)) {
          differing.add(source);
          if (apply) Files.writeString(source, formatted);
        }
      }
    }
    if (differing.isEmpty()) return;
    differing.forEach(source -> System.out.println((apply ? "formatted " : "not formatted: ") + source));
    if (!apply) {
      System.out.println("Format them with: mvn -N validate -Dformat=apply");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    if (!Files.isDirectory(root)) return List.of();
    try (var files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
