package slipway.infra;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import slipway.config.Config;
import slipway.config.ConfigProblems;
import slipway.config.Configs;
import slipway.json.Malformed;
import slipway.telemetry.Task;
import slipway.telemetry.TelemetryDecision;

/** What reading slipway.yaml comes to: a configuration, or what is wrong with the file. */
sealed interface ConfigFile {
  /** The file is right. */
  record Good(Config config) implements ConfigFile {}

  /**
   * The file is wrong.
   *
   * @param messages one for each problem, such as {@code infra/slipway.yaml:12: services.dice.cpu
   *     is 'one': want …}
   */
  record Bad(List<String> messages) implements ConfigFile {}

  /** Reads the file. */
  static ConfigFile read(Path file) {
    var name = name(file);
    try {
      return parse(name, Files.readString(file));
    } catch (NoSuchFileException _) {
      return new Bad(List.of(name + ": is missing: want the configuration of Slipway there"));
    } catch (MalformedInputException _) {
      return new Bad(List.of(name + ": is not text in UTF-8"));
    } catch (IOException e) {
      return new Bad(List.of(name + ": cannot be read: " + e));
    }
  }

  /** Reads the text of the file called so. */
  static ConfigFile parse(String name, String text) {
    return parse(name, text, Instant.now());
  }

  /**
   * The same at that time.
   *
   * @param now when what has to have begun must have
   */
  static ConfigFile parse(String name, String text, Instant now) {
    try {
      var tree = YamlTree.parse(new StringReader(text));
      if (!tree.problems().isEmpty()) return bad(name, tree, tree.problems());
      try {
        var config = Configs.fromJson(tree.root(), now);
        var mistakes = mistakes(config);
        return mistakes.isEmpty() ? new Good(config) : bad(name, tree, mistakes);
      } catch (ConfigProblems problems) {
        return bad(name, tree, problems.problems());
      }
    } catch (MarkedYamlEngineException e) {
      var line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
      return new Bad(List.of(name + line + ": is not YAML: " + e.getProblem()));
    } catch (YamlEngineException e) {
      return new Bad(List.of(name + ": is not YAML: " + firstLine(e)));
    }
  }

  /** What the schema cannot know: that telemetry would go nowhere. */
  private static List<Malformed> mistakes(Config config) {
    return config.services().stream()
        .filter(service -> service.adoption().isEmpty()) // its owner's
        .flatMap(
            service ->
                TelemetryDecision.mistakes(
                        Task.of(service, Telemetry.logGroup(config.stack(), service)))
                    .stream()
                    .map(
                        mistake ->
                            new Malformed(
                                "services." + service.name() + "." + mistake.place(),
                                mistake.complaint())))
        .toList();
  }

  /** The complaint about a value of the file, which was right as far as the file goes. */
  static String complaint(Path file, Malformed problem) throws IOException {
    var tree = YamlTree.parse(new StringReader(Files.readString(file)));
    return bad(name(file), tree, List.of(problem)).messages().getFirst();
  }

  private static Bad bad(String name, YamlTree tree, List<Malformed> problems) {
    record Problem(int line, String message) {}
    return new Bad(
        problems.stream()
            .map(problem -> new Problem(tree.line(problem.place()), problem.getMessage()))
            .sorted(Comparator.comparingInt(Problem::line))
            .map(problem -> name + ":" + problem.line() + ": " + problem.message())
            .distinct()
            .toList());
  }

  /** As seen from the repository's root, where people are: {@code infra/slipway.yaml}. */
  private static String name(Path file) {
    var absolute = file.toAbsolutePath().normalize();
    var folder = absolute.getParent();
    return folder == null || folder.getFileName() == null
        ? file.toString()
        : folder.getFileName() + "/" + absolute.getFileName();
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
  }
}
