package slipway.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A clone of the repository, worked in with the git of this machine, as a developer would. */
public final class Checkout {
  private final Path folder;

  private Checkout(Path folder) {
    this.folder = folder;
  }

  /** Clones into the folder, which must not exist. */
  public static Checkout clone(URI repository, Path folder) {
    run(
        folder.getParent(),
        List.of("git", "clone", "--quiet", repository.toString(), folder.toString()));
    return new Checkout(folder);
  }

  /** Replaces a text in a file; fails if the file does not have it. */
  public void edit(String file, String old, String replacement) {
    var path = folder.resolve(file);
    try {
      var text = Files.readString(path);
      if (!text.contains(old))
        throw new IllegalStateException("%s has no '%s' to change".formatted(file, old));
      Files.writeString(path, text.replace(old, replacement));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot edit " + path, e);
    }
  }

  /** Commits everything; the commit's id, 40 hex digits. */
  public String commit(String message) {
    git("add", "--all");
    // Whoever runs this has git set up in a way of their own, or not at all.
    git(
        "-c",
        "user.name=Dev",
        "-c",
        "user.email=dev@example.com",
        "-c",
        "commit.gpgsign=false",
        "commit",
        "--quiet",
        "--message",
        message);
    return git("rev-parse", "HEAD").strip();
  }

  /** Pushes the branch that is checked out. */
  public void push() {
    git("push", "--quiet", "origin", "HEAD");
  }

  /** Runs git in the clone; what it printed. */
  public String git(String... arguments) {
    var command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    return run(folder, command);
  }

  private static String run(Path where, List<String> command) {
    try {
      var builder = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
      builder.environment().put("GIT_TERMINAL_PROMPT", "0");
      var git = builder.start();
      var said = new String(git.getInputStream().readAllBytes());
      if (git.waitFor() != 0)
        throw new IllegalStateException(
            "%s failed: %s".formatted(String.join(" ", command), said.strip()));
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run git: is it installed?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while git ran", e);
    }
  }
}
