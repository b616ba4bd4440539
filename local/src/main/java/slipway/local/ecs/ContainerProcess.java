package slipway.local.ecs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import slipway.json.Json;
import slipway.local.cloud.Place;

/**
 * One container as a process of this machine. Without a container engine its file system is not its
 * own: absolute paths that the image has are rewritten to where its layers are unpacked, and ports
 * on localhost to the ports that the task was given.
 */
final class ContainerProcess {
  private static final Pattern PATH = Pattern.compile("(?<![\\w./-])/[\\w.@%+-][\\w./@%+-]*");
  private static final Pattern LOCAL = Pattern.compile("(localhost|127\\.0\\.0\\.1):(\\d+)");
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  private final Image image;
  private final Json definition;
  private final Map<Integer, Integer> ports;
  private Optional<Process> process = Optional.empty();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  /**
   * @param definition of the container in the task definition
   * @param ports loopback port for each port that the task's containers listen on
   */
  ContainerProcess(Image image, Json definition, Map<Integer, Integer> ports) {
    this.image = image;
    this.definition = definition;
    this.ports = ports;
  }

  /**
   * Whether the entrypoint is something that this machine can run: java, a shell, or a file of the
   * layers.
   */
  static boolean canRun(Image image, Json definition) {
    var words = words(image, definition);
    return !words.isEmpty() && program(image, words.getFirst()).isPresent();
  }

  /** Starts it; an image of another architecture exits at once, as the kernel would have it. */
  void start(String architecture, Path log) throws IOException {
    Files.createDirectories(log.getParent());
    var words = words(image, definition);
    if (!image.architecture().equals(architecture)) {
      Files.writeString(log, "exec " + words.getFirst() + ": exec format error\n");
      exit.complete(1);
      return;
    }
    var command = new ArrayList<String>();
    command.add(program(image, words.getFirst()).orElseThrow());
    words.stream().skip(1).map(this::rewrite).forEach(command::add);
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment());
    var workingDirectory =
        image.inside(
            definition.at("workingDirectory").optionalText().orElse(image.workingDirectory()));
    Files.createDirectories(workingDirectory);
    builder.directory(workingDirectory.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Files.write(log, new byte[0], StandardOpenOption.CREATE);
    var started = builder.start();
    process = Optional.of(started);
    started.onExit().thenAccept(ended -> exit.complete(ended.exitValue()));
  }

  /** Exit code, when it has ended. */
  CompletableFuture<Integer> exit() {
    return exit;
  }

  /** SIGTERM, and SIGKILL when the patience is over. */
  void stop(long seconds) {
    process.ifPresent(Process::destroy);
    try {
      exit.get(seconds, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException _) {
      kill();
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      kill();
    }
  }

  void kill() {
    process.ifPresent(
        running -> {
          running.descendants().forEach(ProcessHandle::destroyForcibly);
          running.destroyForcibly();
        });
  }

  /** The definition's health check run once: whether it passed. */
  boolean passes(List<String> check, long seconds) throws IOException, InterruptedException {
    var shell = check.getFirst().equals("CMD-SHELL");
    var command = new ArrayList<String>(shell ? List.of("bash", "-c") : List.of());
    check.stream().skip(1).map(this::rewrite).forEach(command::add);
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment());
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    var running = builder.start();
    if (running.waitFor(seconds, TimeUnit.SECONDS)) return running.exitValue() == 0;
    running.destroyForcibly();
    return false;
  }

  private Map<String, String> environment() {
    var environment = new LinkedHashMap<String, String>();
    environment.put("AWS_REGION", Place.REGION);
    environment.put("AWS_DEFAULT_REGION", Place.REGION);
    environment.put("AWS_EXECUTION_ENV", "AWS_ECS_FARGATE");
    environment.putAll(environmentOf(image, definition));
    environment.replaceAll((_, value) -> rewrite(value));
    environment.put("PATH", JAVA_HOME.resolve("bin") + ":" + System.getenv("PATH"));
    definition.at("portMappings").items().stream()
        .findFirst()
        .map(port -> ports.get(port.at("containerPort").integer(1, 65535)))
        .ifPresent(port -> environment.put("SERVER_PORT", port.toString()));
    return UpstreamAgent.environment(environment);
  }

  /** The image's environment, and the task definition's over it. */
  static Map<String, String> environmentOf(Image image, Json definition) {
    var environment = new LinkedHashMap<>(image.environment());
    environment.putAll(environmentOf(definition));
    return environment;
  }

  static Map<String, String> environmentOf(Json definition) {
    var environment = new LinkedHashMap<String, String>();
    for (var variable : definition.at("environment").items())
      environment.put(variable.at("name").text(), variable.at("value").optionalText().orElse(""));
    return environment;
  }

  private String rewrite(String value) {
    var paths =
        PATH.matcher(value)
            .replaceAll(
                match -> {
                  var inside = image.inside(match.group());
                  var slash = match.group().endsWith("/") ? "/" : "";
                  return Matcher.quoteReplacement(
                      Files.exists(inside) ? inside + slash : match.group());
                });
    return LOCAL
        .matcher(paths)
        .replaceAll(
            match -> {
              var port = Integer.parseInt(match.group(2));
              return match.group(1) + ":" + ports.getOrDefault(port, port);
            });
  }

  private static List<String> words(Image image, Json definition) {
    var entrypoint = texts(definition.at("entryPoint"));
    var command = texts(definition.at("command"));
    // As docker has it: another entrypoint drops the image's command.
    if (entrypoint.isEmpty() && command.isEmpty()) command = image.command();
    var first = entrypoint.isEmpty() ? image.entrypoint() : entrypoint;
    return Stream.concat(first.stream(), command.stream()).toList();
  }

  private static List<String> texts(Json list) {
    return list.items().stream().map(Json::text).toList();
  }

  private static Optional<String> program(Image image, String word) {
    if (word.equals("java") || word.endsWith("/bin/java"))
      return Optional.of(JAVA_HOME.resolve("bin/java").toString());
    if (List.of("sh", "/bin/sh", "bash", "/bin/bash").contains(word)) return Optional.of("bash");
    var inside = image.inside(word);
    return word.startsWith("/") && Files.isRegularFile(inside)
        ? Optional.of(inside.toString())
        : Optional.empty();
  }
}
