package slipway.local.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import slipway.local.cloud.Place;

/**
 * One build, from clone to its last phase; it ends by itself, by its timeout or by {@link #stop}.
 */
final class Build {
  private final String id;
  private final Project project;
  private final int number;
  private final String initiator;
  private final Optional<String> sourceVersion;
  private final List<Map<String, Object>> variables;
  private final Path folder;
  private final Path log;
  private final Instant started = Instant.now();
  private final Phases phases = new Phases();
  private volatile Optional<Shell> shell = Optional.empty();
  private volatile Optional<String> resolved = Optional.empty();
  private volatile Optional<Instant> ended = Optional.empty();
  private volatile String status = "IN_PROGRESS";
  private volatile Optional<String> stopped = Optional.empty();

  Build(
      Project project,
      int number,
      String initiator,
      Optional<String> sourceVersion,
      List<Map<String, Object>> overrides,
      Path builds) {
    this.project = project;
    this.number = number;
    this.initiator = initiator;
    this.sourceVersion = sourceVersion.or(project::sourceVersion);
    this.variables = project.variablesWith(overrides);
    var uuid = UUID.randomUUID().toString();
    this.id = project.name() + ":" + uuid;
    this.folder = builds.resolve(uuid);
    this.log = folder.resolve("build.log");
  }

  String id() {
    return id;
  }

  /**
   * Runs it; whatever happens, it has a status then.
   *
   * @param aws the environment variables of its role
   * @param clone what git clones
   */
  void run(Path shims, Map<String, String> aws, String clone) {
    try {
      Files.createDirectories(folder.resolve("docker"));
      Files.write(log, new byte[0], StandardOpenOption.CREATE);
      phases.then("QUEUED");
      phases.then("PROVISIONING");
      phases.then("DOWNLOAD_SOURCE");
      var environment = environment(shims, aws);
      if (download(clone, environment)) {
        try (var running = new Shell(environment, source(), log, folder)) {
          shell = Optional.of(running);
          if (stopped.isPresent()) running.kill();
          CompletableFuture.delayedExecutor(project.timeout().toSeconds(), TimeUnit.SECONDS)
              .execute(() -> stop("TIMED_OUT"));
          build(running);
        }
      }
    } catch (IOException | RuntimeException e) {
      phases.then("FAILED", "CLIENT_ERROR: " + e.getMessage(), "COMPLETED");
      status = "FAILED";
    }
    if (stopped.isPresent()) status = stopped.get();
    if (status.equals("IN_PROGRESS")) status = "SUCCEEDED";
    ended = Optional.of(Instant.now());
  }

  /** Ends it before it begins. */
  void refuse(String why) {
    phases.then("QUEUED");
    phases.then("FAILED", why, "COMPLETED");
    status = "FAILED";
    ended = Optional.of(Instant.now());
  }

  private boolean download(String clone, Map<String, String> environment) throws IOException {
    var git = new Shell(environment, folder, log, folder);
    try (git) {
      shell = Optional.of(git);
      var quoted = "'" + clone.replace("'", "'\\''") + "'";
      var code = git.run("git clone --quiet " + quoted + " src");
      if (code == 0 && sourceVersion.isPresent()) {
        var version = "'" + sourceVersion.get().replace("'", "") + "'";
        code =
            git.run(
                "git -C src checkout --quiet --detach "
                    + version
                    + " 2>/dev/null || git -C src checkout --quiet --detach origin/"
                    + version);
      }
      if (code == 0) code = git.run("git -C src rev-parse HEAD > head");
      if (code == 0) {
        resolved = Optional.of(Files.readString(folder.resolve("head")).strip());
        environment.put("CODEBUILD_RESOLVED_SOURCE_VERSION", resolved.get());
        return true;
      }
      phases.then(
          "FAILED",
          "CLIENT_ERROR: git clone of %s at %s failed, exit status %d. See %s"
              .formatted(project.location(), sourceVersion.orElse("HEAD"), code, log),
          "FINALIZING");
      status = "FAILED";
      phases.then("COMPLETED");
      return false;
    }
  }

  private void build(Shell running) throws IOException {
    Buildspec buildspec;
    try {
      buildspec = Buildspec.parse(Files.readString(source().resolve(project.buildspec())));
    } catch (IOException | IllegalArgumentException e) {
      phases.then(
          "FAILED",
          "YAML_FILE_ERROR: " + project.buildspec() + ": " + e.getMessage(),
          "FINALIZING");
      status = "FAILED";
      phases.then("COMPLETED");
      return;
    }
    for (var variable : buildspec.variables().entrySet()) {
      var value = "'" + variable.getValue().replace("'", "'\\''") + "'";
      running.run("export " + variable.getKey() + "=${" + variable.getKey() + ":-" + value + "}");
    }
    phases.then("INSTALL");
    for (int i = 0; i < Buildspec.PHASES.size(); i++) {
      var last = i == Buildspec.PHASES.size() - 1;
      var next = last ? "UPLOAD_ARTIFACTS" : type(i + 1);
      var phase = buildspec.phase(Buildspec.PHASES.get(i));
      var why = run(phase, running);
      if (why.isEmpty()) {
        phases.then(next);
        continue;
      }
      status = "FAILED";
      phases.then("FAILED", why, phase.abort() ? "FINALIZING" : next);
      if (phase.abort()) break;
    }
    if (phases.current().equals("UPLOAD_ARTIFACTS")) phases.then("FINALIZING");
    phases.then("COMPLETED");
  }

  /** Why the phase failed; empty if it did not. */
  private String run(Buildspec.Phase phase, Shell running) throws IOException {
    var why = "";
    // A shell that a command ended starts anew with the build's first environment, so it is set
    // again.
    if (!phase.commands().isEmpty())
      running.run("export CODEBUILD_BUILD_SUCCEEDING=" + (status.equals("FAILED") ? "0" : "1"));
    for (var command : phase.commands()) {
      why = run(command, running);
      if (!why.isEmpty()) break;
    }
    for (var command : phase.last()) {
      var again = run(command, running);
      if (why.isEmpty()) why = again;
    }
    return why;
  }

  private String run(String command, Shell running) throws IOException {
    note("Running command " + command);
    var code = running.run(command);
    if (code == 0) return "";
    note("Command did not exit successfully, exit status " + code);
    return "COMMAND_EXECUTION_ERROR: Error while executing command: %s. Reason: exit status %d"
        .formatted(command.strip(), code);
  }

  private void note(String line) throws IOException {
    Files.writeString(
        log, "[Container] " + Instant.now() + " " + line + "\n", StandardOpenOption.APPEND);
  }

  private static String type(int phase) {
    return Buildspec.PHASES.get(phase).toUpperCase(java.util.Locale.ROOT);
  }

  private Path source() {
    return folder.resolve("src");
  }

  private Map<String, String> environment(Path shims, Map<String, String> aws) {
    var java = System.getProperty("java.home");
    var environment = new LinkedHashMap<String, String>();
    environment.put("PATH", shims + ":" + java + "/bin:" + System.getenv("PATH"));
    environment.put("JAVA_HOME", java);
    environment.put("HOME", System.getProperty("user.home"));
    environment.put("LANG", "C.UTF-8");
    environment.put("DOCKER_CONFIG", folder.resolve("docker").toString());
    environment.put("CODEBUILD_BUILD_ARN", arn());
    environment.put("CODEBUILD_BUILD_ID", id);
    environment.put("CODEBUILD_BUILD_NUMBER", Integer.toString(number));
    environment.put("CODEBUILD_BUILD_SUCCEEDING", "1");
    environment.put("CODEBUILD_INITIATOR", initiator);
    environment.put("CODEBUILD_SOURCE_REPO_URL", project.location());
    environment.put("CODEBUILD_SOURCE_VERSION", sourceVersion.orElse(""));
    environment.put("CODEBUILD_SRC_DIR", source().toString());
    environment.put("CODEBUILD_START_TIME", Long.toString(started.toEpochMilli()));
    environment.putAll(aws);
    variables.forEach(v -> environment.put((String) v.get("name"), (String) v.get("value")));
    return environment;
  }

  /** Kills what runs. */
  void stop(String as) {
    if (ended.isPresent()) return;
    stopped = Optional.of(as);
    shell.ifPresent(Shell::kill);
  }

  /** Removes what it cloned and built; the log stays. */
  void clean() throws IOException {
    Folders.delete(source());
    Folders.delete(folder.resolve("docker"));
  }

  Path log() {
    return log;
  }

  String arn() {
    return Place.arn("codebuild", "build/" + id);
  }

  Map<String, Object> describe() {
    return BuildViews.api(view());
  }

  Map<String, Object> event() {
    return BuildViews.event(view());
  }

  private BuildViews.View view() {
    return new BuildViews.View(
        project,
        id,
        arn(),
        number,
        initiator,
        sourceVersion,
        resolved,
        variables,
        started,
        ended,
        status,
        phases,
        log);
  }
}
