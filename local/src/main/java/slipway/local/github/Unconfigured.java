package slipway.local.github;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * JGit without this person's and this machine's git configuration: neither must change how pushes
 * are taken, and JGit would write what it measures of the file system into the home folder.
 */
final class Unconfigured extends SystemReader.Delegate {

  private Unconfigured(SystemReader system) {
    super(system);
  }

  /** For every repository that this process opens from now on. */
  static synchronized void use() {
    if (!(SystemReader.getInstance() instanceof Unconfigured))
      SystemReader.setInstance(new Unconfigured(SystemReader.getInstance()));
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  /** Neither read from nor written to a file. */
  private static final class Empty extends FileBasedConfig {
    Empty(Config parent, FS fs) {
      super(parent, null, fs);
    }

    @Override
    public void load() {}

    @Override
    public void save() {}

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
