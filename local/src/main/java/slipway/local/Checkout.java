package slipway.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A developer's clone of the repository, used through git's own command line. */
public final class Checkout implements AutoCloseable {
  private final TemporaryFolder temporary = new TemporaryFolder("slipway-clone-");
  private final Path folder = temporary.path().resolve("dice");
  private final Map<String, String> environment;

  /** Clones it into a folder of its own, which goes with the checkout. */
  public Checkout(URI remote) {
    this(remote, Map.of());
  }

  /**
   * The same.
   *
   * @param environment of git beside the usual, such as the login for the remote
   */
  public Checkout(URI remote, Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    run(temporary.path(), List.of("clone", "-q", remote.toString(), folder.toString()));
  }

  /** Replaces text in a file that must have it. */
  public Checkout change(String file, String from, String to) {
    var path = folder.resolve(file);
    try {
      var text = Files.readString(path);
      if (!text.contains(from))
        throw new IllegalStateException("%s does not have '%s'".formatted(file, from));
      Files.writeString(path, text.replace(from, to));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot change " + path, e);
    }
  }

  /** Commits every change; gives the commit's id. */
  public String commit(String message) {
    git("add", "--all");
    git("commit", "-q", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
  }

  /** Takes back the last commit by another one, for a later push. */
  public void undo() {
    git("revert", "--no-edit", "HEAD");
  }

  /** Pushes to main. */
  public void push() {
    git("push", "-q", "origin", "main");
  }

  /** Runs git here and gives what it prints. */
  public String git(String... arguments) {
    return run(folder, List.of(arguments));
  }

  private String run(Path folder, List<String> arguments) {
    var command = new ArrayList<>(List.of("git"));
    command.addAll(List.of("-c", "user.name=Dev", "-c", "user.email=dev@example.com"));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    // Whoever runs this has git set up in a way of their own, or not at all.
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    builder.environment().put("GIT_TERMINAL_PROMPT", "0");
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      var printed = new String(process.getInputStream().readAllBytes()).strip();
      if (process.waitFor() != 0)
        throw new IllegalStateException(
            "git %s failed: %s".formatted(String.join(" ", arguments), printed));
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run git: is it installed?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in git " + arguments, e);
    }
  }

  @Override
  public void close() {
    temporary.close();
  }
}
