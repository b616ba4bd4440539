package slipway.local.build;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Carries out the steps of one stage in a folder of its own. The base image is not there, so a step
 * sees only what the stage itself brought; commands run on this machine, in the stage's folder.
 */
final class StageBuild {
  private final Path root;
  private final Path layers;
  private final BuildInput input;
  private final Function<String, Path> stages;
  private final Map<String, String> variables;
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private final ImageSettings settings;
  private final List<Layer> made = new ArrayList<>();

  /**
   * @param stages folder of another stage by its name
   * @param keepLayers where layers go, if this stage is the image; empty for a stage in between
   */
  StageBuild(
      Path root,
      Optional<Path> keepLayers,
      BuildInput input,
      Map<String, String> globals,
      ImageSettings settings,
      Function<String, Path> stages) {
    this.root = root;
    this.layers = keepLayers.orElse(null);
    this.input = input;
    this.stages = stages;
    this.variables = new LinkedHashMap<>(globals);
    this.settings = settings;
  }

  List<Layer> layers() {
    return made;
  }

  void carryOut(Instruction step) throws IOException {
    System.err.println("#" + step.line() + " " + step.name() + " " + step.rest());
    var before = layers == null ? Map.<String, String>of() : Layer.snapshot(root);
    switch (step.name()) {
      case "RUN" -> run(step);
      case "COPY", "ADD" -> copy(step);
      case "ARG" ->
          Words.pairs(expand(step.rest()))
              .forEach(
                  (name, value) -> {
                    // A bare ARG of a global name takes the global value.
                    var otherwise = value.isEmpty() ? variables.getOrDefault(name, "") : value;
                    arguments.put(name, input.arguments().getOrDefault(name, otherwise));
                  });
      case "ENV" -> settings.environment.putAll(Words.pairs(expand(step.rest())));
      case "LABEL" -> settings.labels.putAll(Words.pairs(expand(step.rest())));
      case "WORKDIR" -> {
        settings.workingDirectory =
            Path.of(settings.workingDirectory).resolve(expand(step.rest())).normalize().toString();
        Files.createDirectories(inside("."));
      }
      case "USER" -> settings.user = expand(step.rest());
      case "EXPOSE" -> settings.ports.addAll(Words.split(expand(step.rest())));
      case "VOLUME" ->
          settings.volumes.addAll(step.exec().orElseGet(() -> Words.split(expand(step.rest()))));
      case "ENTRYPOINT" -> settings.entrypoint = step.command();
      case "CMD" -> settings.command = step.command();
      case "STOPSIGNAL" -> settings.stopSignal = Optional.of(expand(step.rest()));
      // ECS does not look at the image's health check.
      case "HEALTHCHECK" -> {}
      default -> throw step.wrong("local does not play it");
    }
    if (layers != null && List.of("RUN", "COPY", "ADD", "WORKDIR").contains(step.name())) {
      var layer = Layer.write(root, before, layers.resolve(made.size() + ".tar.gz"));
      made.add(layer);
    }
  }

  private String expand(String text) {
    var all = new LinkedHashMap<>(arguments);
    all.putAll(settings.environment);
    return Words.expand(text, all);
  }

  /** The host's path of a path in the stage, from its working directory. */
  private Path inside(String path) {
    var absolute = Path.of(settings.workingDirectory).resolve(path).normalize();
    return root.resolve(absolute.toString().substring(1));
  }

  private void run(Instruction step) throws IOException {
    var command =
        step.exec()
            .orElseGet(
                () -> List.of("bash", "-c", input.offline() ? OFFLINE + step.rest() : step.rest()));
    var builder = new ProcessBuilder(command).directory(inside(".").toFile());
    var environment = builder.environment();
    environment.clear();
    // A build lives for seconds: compiling its hot code twice does not pay.
    environment.put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    environment.putAll(arguments);
    environment.putAll(settings.environment);
    environment.put("HOME", System.getProperty("user.home"));
    environment.put("LANG", "C.UTF-8");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("PATH", System.getProperty("java.home") + "/bin:" + System.getenv("PATH"));
    // One stream for the log; standard output of docker itself stays quiet.
    builder.redirectErrorStream(true);
    builder.redirectInput(Path.of("/dev/null").toFile());
    var process = builder.start();
    try (var output = process.getInputStream()) {
      output.transferTo(System.err);
    }
    try {
      var code = process.waitFor();
      if (code != 0) throw step.wrong("did not complete successfully: exit code: " + code);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException("interrupted in RUN " + step.rest(), e);
    }
  }

  private static final String OFFLINE = "mvn() { command mvn -o \"$@\"; }; export -f mvn\n";

  private void copy(Instruction step) throws IOException {
    var words = step.words().stream().map(this::expand).toList();
    if (words.size() < 2) throw step.wrong("wants a source and a destination");
    var destination = words.getLast();
    var sources = words.subList(0, words.size() - 1);
    var folder = destination.endsWith("/") || destination.equals(".") || sources.size() > 1;
    var target = inside(destination);
    var from = step.flags().get("from");
    for (var source : sources) {
      if (source.matches("https?://.*")) {
        if (!step.name().equals("ADD")) throw step.wrong("only ADD takes an address");
        var name = source.substring(source.lastIndexOf('/') + 1);
        var file = folder || Files.isDirectory(target) ? target.resolve(name) : target;
        input
            .downloads()
            .fetch(
                source, Optional.ofNullable(step.flags().get("checksum")).map(this::expand), file);
        chmod(step, file);
        continue;
      }
      var base = from == null ? input.context() : stages.apply(expand(from));
      var found = match(base, source);
      if (found.isEmpty()) throw step.wrong("\"" + source + "\": not found");
      for (var path : found) {
        var whole = Files.isDirectory(path);
        var to =
            !whole && (folder || found.size() > 1 || Files.isDirectory(target))
                ? target.resolve(path.getFileName())
                : target;
        Folders.copy(path, to, from == null ? input.wanted() : _ -> true);
        chmod(step, to);
      }
    }
  }

  private List<Path> match(Path base, String source) throws IOException {
    var relative = source.replaceFirst("^/+", "");
    if (!relative.matches(".*[*?\\[].*")) {
      var path = base.resolve(relative).normalize();
      var exists = Files.exists(path) && path.startsWith(base) && input.wanted().test(path);
      return exists ? List.of(path) : List.of();
    }
    var matcher = FileSystems.getDefault().getPathMatcher("glob:" + relative);
    try (var all = Files.walk(base, Path.of(relative).getNameCount())) {
      return all.filter(path -> matcher.matches(base.relativize(path)))
          .filter(input.wanted())
          .sorted()
          .toList();
    }
  }

  private static void chmod(Instruction step, Path path) throws IOException {
    var given = step.flags().get("chmod");
    if (given == null) return;
    var mode = Integer.parseInt(given, 8);
    var all = PosixFilePermission.values();
    var set = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) if ((mode & (1 << (8 - i))) != 0) set.add(all[i]);
    Files.setPosixFilePermissions(path, set);
  }
}
