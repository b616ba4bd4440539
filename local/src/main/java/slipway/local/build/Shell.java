package slipway.local.build;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One bash that runs commands one after the other, so that variables and the current folder live on
 * from one to the next, as CodeBuild has it. A command that ends the shell gets a new one after it.
 */
final class Shell implements AutoCloseable {
  private final Map<String, String> environment;
  private final Path folder;
  private final Path log;
  private final Path scratch;
  private Optional<Process> bash = Optional.empty();
  private BufferedReader results;
  private int commands;
  private boolean killed;

  /**
   * @param folder where it starts
   * @param log what commands write goes to its end
   * @param scratch for the commands as files
   */
  Shell(Map<String, String> environment, Path folder, Path log, Path scratch) {
    this.environment = environment;
    this.folder = folder;
    this.log = log;
    this.scratch = scratch;
  }

  /** Exit code of the command. */
  int run(String command) throws IOException {
    var file = scratch.resolve("command-" + commands++ + ".sh");
    Files.writeString(file, command + "\n");
    var running = running();
    // The result goes where the command cannot write to: descriptor 9, once standard output.
    var line = ". '" + file + "' < /dev/null 9>&-; echo $? >&9\n";
    running.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
    running.getOutputStream().flush();
    var result = results.readLine();
    if (result != null) return Integer.parseInt(result);
    try {
      return running.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in: " + command, e);
    } finally {
      synchronized (this) {
        bash = Optional.empty();
      }
    }
  }

  private synchronized Process running() throws IOException {
    if (killed) throw new IOException("the build was stopped");
    if (bash.isPresent()) return bash.get();
    var builder = new ProcessBuilder("bash", "--noprofile", "--norc").directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    var started = builder.start();
    var first = "exec 9>&1 1>>'" + log + "' 2>&1\n";
    started.getOutputStream().write(first.getBytes(StandardCharsets.UTF_8));
    results = started.inputReader(StandardCharsets.UTF_8);
    bash = Optional.of(started);
    return started;
  }

  @Override
  public void close() {
    kill();
  }

  /** Ends the shell and everything it started, from any thread. */
  synchronized void kill() {
    killed = true;
    bash.ifPresent(
        process -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        });
  }
}
