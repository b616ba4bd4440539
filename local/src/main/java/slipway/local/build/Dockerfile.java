package slipway.local.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A Dockerfile.
 *
 * @param globals ARG instructions before the first FROM
 * @param strict whether what buildx warns of fails the build: {@code # check=error=true}
 */
record Dockerfile(List<Instruction> globals, List<Stage> stages, boolean strict) {
  private static final Set<String> KNOWN =
      Set.of(
          "FROM",
          "ARG",
          "ENV",
          "WORKDIR",
          "COPY",
          "ADD",
          "RUN",
          "USER",
          "EXPOSE",
          "ENTRYPOINT",
          "CMD",
          "LABEL",
          "HEALTHCHECK",
          "STOPSIGNAL",
          "VOLUME");
  private static final Pattern STRICT = Pattern.compile("#\\s*check\\s*=.*\\berror=true\\b.*");
  private static final Pattern FLAG = Pattern.compile("--([a-z-]+)(?:=(\\S*))?\\s+");

  /**
   * A stage.
   *
   * @param from its FROM instruction
   * @param base image or stage, variables not yet put in
   */
  record Stage(Instruction from, String base, Optional<String> name, List<Instruction> steps) {}

  /** {@link IllegalArgumentException} with the line for what is not understood here. */
  static Dockerfile parse(String text) {
    var globals = new ArrayList<Instruction>();
    var stages = new ArrayList<Stage>();
    for (var instruction : instructions(text)) {
      if (!KNOWN.contains(instruction.name())) throw instruction.wrong("local does not play it");
      if (instruction.name().equals("FROM")) {
        var words = Words.split(instruction.rest());
        var named = words.size() == 3 && words.get(1).equalsIgnoreCase("AS");
        if (!named && words.size() != 1) throw instruction.wrong("want FROM image [AS name]");
        var name = named ? Optional.of(words.get(2)) : Optional.<String>empty();
        stages.add(new Stage(instruction, words.getFirst(), name, new ArrayList<>()));
      } else if (!stages.isEmpty()) {
        stages.getLast().steps().add(instruction);
      } else if (instruction.name().equals("ARG")) {
        globals.add(instruction);
      } else throw instruction.wrong("comes before FROM");
    }
    if (stages.isEmpty()) throw new IllegalArgumentException("the Dockerfile has no FROM");
    return new Dockerfile(globals, stages, strict(text));
  }

  /** Directives are the comments before all else. */
  private static boolean strict(String text) {
    return text.lines()
        .takeWhile(line -> line.startsWith("#"))
        .anyMatch(line -> STRICT.matcher(line).matches());
  }

  /** The stage of that name or number. */
  Optional<Stage> stage(String reference) {
    for (int i = 0; i < stages.size(); i++) {
      var stage = stages.get(i);
      if (stage.name().equals(Optional.of(reference)) || reference.equals("" + i))
        return Optional.of(stage);
    }
    return Optional.empty();
  }

  private static List<Instruction> instructions(String text) {
    var found = new ArrayList<Instruction>();
    var logical = new StringBuilder();
    var start = 0;
    var number = 0;
    for (var line : text.lines().toList()) {
      number++;
      if (line.strip().startsWith("#") || (line.isBlank() && !logical.isEmpty())) continue;
      if (logical.isEmpty()) start = number;
      var stripped = line.stripTrailing();
      if (stripped.endsWith("\\")) {
        logical.append(stripped, 0, stripped.length() - 1).append(' ');
        continue;
      }
      logical.append(line);
      if (!logical.toString().isBlank()) found.add(instruction(start, logical.toString().strip()));
      logical.setLength(0);
    }
    if (!logical.toString().isBlank()) found.add(instruction(start, logical.toString().strip()));
    return found;
  }

  private static Instruction instruction(int line, String text) {
    var parts = text.split("\\s+", 2);
    var rest = parts.length == 2 ? parts[1] : "";
    Map<String, String> flags = new LinkedHashMap<>();
    var flag = FLAG.matcher(rest);
    // Only RUN's commands may contain << for their own purposes.
    var name = parts[0].toUpperCase(Locale.ROOT);
    while (!name.equals("HEALTHCHECK") && flag.lookingAt()) {
      flags.put(flag.group(1), Optional.ofNullable(flag.group(2)).orElse("true"));
      rest = rest.substring(flag.end());
      flag = FLAG.matcher(rest);
    }
    return new Instruction(line, name, flags, rest);
  }
}
